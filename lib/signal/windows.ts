/** torch.signal.windows: factors that taper a signal towards its ends, before its Fourier transform or as filters. */
import * as check from "../check.ts";
import { arange, i0, linspace, ones } from "../generated/functions.ts";
import { chosenDevice } from "../placement.ts";
import { tensor } from "../tensor/creation.ts";
import { defaultDtype } from "../tensor/defaults.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device, DType } from "../types.ts";

export interface WindowOptions {
	/** Symmetric, as for filters (default); false: periodic, as for spectral analysis. */
	sym?: boolean | undefined;
	/** "float32" or "float64". Default: the default dtype. */
	dtype?: DType | undefined;
	/** Default: `torch.getDefaultDevice()`. */
	device?: Device | undefined;
	/** Record gradients for it. Default: false. */
	requiresGrad?: boolean | undefined;
}

interface Plan {
	M: number;
	/** The distance of the first and the last sample of a whole period. */
	period: number;
	isSymmetric: boolean;
	place: { dtype: DType; device?: Device; requiresGrad: boolean };
}

/** Checks what all windows have in common; `names`: the options of this one. */
function plan(
	op: string,
	M: number,
	options: WindowOptions,
	names: readonly string[] = [],
): Plan {
	check.integer(op, "M", M, { min: 0 });
	check.options(op, options, [
		"sym",
		"dtype",
		"device",
		"requiresGrad",
		...names,
	]);
	const { sym = true, dtype, requiresGrad = false } = options;
	const device = options.device ?? chosenDevice();
	check.boolean(op, "sym", sym);
	check.boolean(op, "requiresGrad", requiresGrad);
	const type = dtype ?? defaultDtype();
	check.oneOf(op, "dtype", type, ["float32", "float64"]);
	const place = { dtype: type, requiresGrad, ...(device && { device }) };
	return { M, period: sym ? M - 1 : M, isSymmetric: sym, place };
}

/** M numbers at distances of `step`, from `start` on. */
function ramp({ M, place }: Plan, start: number, step: number): Tensor {
	return linspace(start, start + (M - 1) * step, M, place);
}

/** `make`, but for M = 0 and M = 1, which all windows answer with no factor and with 1. */
function unlessShort(given: Plan, make: (given: Plan) => Tensor): Tensor {
	return given.M > 1 ? make(given) : ones([given.M], given.place);
}

/**
 * A triangle from 0 to 1 and back: 1 - |2 n / (M - 1) - 1|.
 *
 * @param M the number of samples
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.bartlett.html
 *
 * @example
 * torch.signal.windows.bartlett(5); // [0, 0.5, 1, 0.5, 0]
 */
export function bartlett(M: number, options: WindowOptions = {}): Tensor {
	return unlessShort(plan("bartlett", M, options), (given) =>
		ramp(given, -1, 2 / given.period)
			.abs()
			.neg()
			.add(1),
	);
}

/**
 * Half a period of the sine.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.cosine.html
 */
export function cosine(M: number, options: WindowOptions = {}): Tensor {
	const given = plan("cosine", M, options);
	const step = Math.PI / (given.isSymmetric || M <= 1 ? M : M + 1);
	return linspace(0.5 * step, (0.5 + (M - 1)) * step, M, given.place).sin();
}

/** Where the middle lies, between the first and the last sample or at the end of the period. */
const middle = ({ M, isSymmetric }: Plan): number =>
	(isSymmetric || M <= 1 ? M - 1 : M) / 2;

export interface ExponentialOptions extends WindowOptions {
	/** Where the maximum lies; not for symmetric windows. Default: the middle. */
	center?: number | null | undefined;
	/** The distance at which it falls to 1/e. Default: 1. */
	tau?: number | undefined;
}

/**
 * e^(-|n - center| / tau), also called Poisson's.
 *
 * @throws TorchError where tau is not positive, or `center` is given for a symmetric window
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.exponential.html
 */
export function exponential(
	M: number,
	options: ExponentialOptions = {},
): Tensor {
	const op = "exponential";
	const given = plan(op, M, options, ["center", "tau"]);
	const { center = null, tau = 1 } = options;
	positive(op, "tau", tau);
	if (center !== null) {
		check.number(op, "center", center);
		if (given.isSymmetric)
			throw check.invalidValue(
				op,
				"center",
				"a symmetric window has its center in the middle; give sym: false",
			);
	}
	const first = -(center ?? middle(given));
	const step = 1 / tau;
	return linspace(first * step, (first + (M - 1)) * step, M, given.place)
		.abs()
		.neg()
		.exp();
}

export interface GaussianOptions extends WindowOptions {
	/** The standard deviation, in samples. Default: 1. */
	std?: number | undefined;
}

/**
 * e^(-(n - middle)² / (2 std²)).
 *
 * @throws TorchError where std is not positive
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.gaussian.html
 */
export function gaussian(M: number, options: GaussianOptions = {}): Tensor {
	const given = plan("gaussian", M, options, ["std"]);
	const { std = 1 } = options;
	positive("gaussian", "std", std);
	const first = -middle(given);
	const step = 1 / (std * Math.SQRT2);
	return linspace(first * step, (first + (M - 1)) * step, M, given.place)
		.pow(2)
		.neg()
		.exp();
}

function positive(op: string, name: string, value: number): void {
	check.number(op, name, value);
	if (value <= 0)
		throw check.invalidValue(
			op,
			name,
			`expected a positive number, got ${value}`,
		);
}

export interface KaiserOptions extends WindowOptions {
	/** How narrow it is, from 0 on. Default: 12. */
	beta?: number | undefined;
}

/**
 * Kaiser's: I0(β √(1 - x²)) / I0(β) for x from -1 to 1, with the modified Bessel function I0.
 *
 * @throws TorchError where beta is negative
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.kaiser.html
 */
export function kaiser(M: number, options: KaiserOptions = {}): Tensor {
	const { beta = 12 } = options;
	check.number("kaiser", "beta", beta, { min: 0 });
	return unlessShort(plan("kaiser", M, options, ["beta"]), (given) => {
		const { requiresGrad: _, ...place } = given.place;
		// In the window's own precision, so that nothing under the root is negative.
		const limit = tensor(beta, place);
		const first = limit.neg();
		const step = limit.mul(2).div(given.period);
		const last = limit.minimum(first.add(step.mul(M - 1)));
		const x = linspace(first, last, M, given.place);
		return i0(limit.mul(limit).sub(x.pow(2)).sqrt()).div(i0(limit));
	});
}

export interface GeneralCosineOptions extends WindowOptions {
	/** The factors a₀, a₁, … of the cosines. */
	a: readonly number[];
}

/**
 * A sum of cosines: Σ (-1)ⁱ aᵢ cos(2π i n / (M - 1)).
 *
 * @throws TorchError where there are no factors
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.general_cosine.html
 *
 * @example
 * torch.signal.windows.generalCosine(10, { a: [0.46, 0.23, 0.31], sym: false });
 */
export function generalCosine(
	M: number,
	options: GeneralCosineOptions,
): Tensor {
	return sumOfCosines("generalCosine", M, options?.a, options, ["a"]);
}

function sumOfCosines(
	op: string,
	M: number,
	a: readonly number[],
	options: WindowOptions,
	names: readonly string[] = [],
): Tensor {
	const given = plan(op, M, options, names);
	check.array(op, "a", a);
	if (a.length === 0)
		throw check.invalidValue(op, "a", "expected one factor at least");
	return unlessShort(given, ({ place, period }) => {
		const x = ramp(given, 0, (2 * Math.PI) / period);
		const signed = a.map((each, i) => (i % 2 === 0 ? each : -each));
		const factors = tensor(signed, place).unsqueeze(-1); // [terms, 1]
		const i = arange(a.length, place).unsqueeze(-1);
		return factors.mul(i.mul(x).cos()).sum(0);
	});
}

export interface GeneralHammingOptions extends WindowOptions {
	/** Default: 0.54, Hamming's own. */
	alpha?: number | undefined;
}

/**
 * alpha - (1 - alpha) cos(2π n / (M - 1)).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.general_hamming.html
 */
export function generalHamming(
	M: number,
	options: GeneralHammingOptions = {},
): Tensor {
	const { alpha = 0.54 } = options;
	check.number("generalHamming", "alpha", alpha);
	return sumOfCosines("generalHamming", M, [alpha, 1 - alpha], options, [
		"alpha",
	]);
}

/**
 * 0.54 - 0.46 cos(2π n / (M - 1)).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.hamming.html
 */
export function hamming(M: number, options: WindowOptions = {}): Tensor {
	return sumOfCosines("hamming", M, [0.54, 1 - 0.54], options);
}

/**
 * 0.5 - 0.5 cos(2π n / (M - 1)), also called the raised cosine.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.hann.html
 *
 * @example
 * torch.signal.windows.hann(10, { sym: false });
 */
export function hann(M: number, options: WindowOptions = {}): Tensor {
	return sumOfCosines("hann", M, [0.5, 0.5], options);
}

/**
 * 0.42 - 0.5 cos(2π n / (M - 1)) + 0.08 cos(4π n / (M - 1)).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.blackman.html
 */
export function blackman(M: number, options: WindowOptions = {}): Tensor {
	return sumOfCosines("blackman", M, [0.42, 0.5, 0.08], options);
}

/**
 * Nuttall's minimal sum of four cosines.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.nuttall.html
 */
export function nuttall(M: number, options: WindowOptions = {}): Tensor {
	const a = [0.3635819, 0.4891775, 0.1365995, 0.0106411];
	return sumOfCosines("nuttall", M, a, options);
}
