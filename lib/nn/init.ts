/**
 * Fills tensors with initial values, in place and without autograd: torch.nn.init. With the same seed the numbers are PyTorch's.
 *
 * ```ts
 * nn.init.kaimingNormal_(layer.weight, { mode: "fan_out", nonlinearity: "relu" });
 * ```
 *
 * `nn.init.uniform_(w, -1, 1)` and `nn.init.uniform_(w, { a: -1, b: 1 })` are the same. All functions return their tensor.
 */
import { noGrad } from "../autograd/index.ts";
import * as check from "../check.ts";
import {
	diag,
	emptyLike,
	eye,
	full,
	linalgQr,
	randperm,
	where,
} from "../generated/functions.ts";
import type { Generator } from "../generator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device } from "../types.ts";
import { optional } from "./arguments.ts";

/** Names that `calculateGain` knows; convolutions and linear layers are "linear". */
export type Nonlinearity =
	| "linear"
	| "conv1d"
	| "conv2d"
	| "conv3d"
	| "conv_transpose1d"
	| "conv_transpose2d"
	| "conv_transpose3d"
	| "sigmoid"
	| "tanh"
	| "relu"
	| "leaky_relu"
	| "selu";

/** Which of a layer's widths keeps its variance: the forward pass's, or the backward pass's. */
export type FanMode = "fan_in" | "fan_out";

/** Where random numbers come from: the default generator unless given. */
interface Random {
	generator?: Generator | undefined;
}
type Uniform = Random & { a?: number | undefined; b?: number | undefined };
type Normal = Random & { mean?: number | undefined; std?: number | undefined };
type TruncNormal = Normal & Uniform;
type Gain = Random & { gain?: number | undefined };
type Kaiming = Random & {
	a?: number | undefined;
	mode?: FanMode | undefined;
	nonlinearity?: Nonlinearity | undefined;
};

const noGenerator = undefined as Generator | undefined;

/** The recommended gain for a nonlinearity; `param` is leaky_relu's negative slope (default 0.01). */
export function calculateGain(
	nonlinearity: Nonlinearity,
	param = 0.01,
): number {
	check.number("calculateGain", "param", param);
	if (/^(linear|sigmoid|conv(_transpose)?[123]d)$/.test(nonlinearity)) return 1;
	if (nonlinearity === "tanh") return 5 / 3;
	if (nonlinearity === "relu") return Math.sqrt(2);
	if (nonlinearity === "leaky_relu") return Math.sqrt(2 / (1 + param ** 2));
	if (nonlinearity === "selu") return 3 / 4;
	throw check.invalidValue(
		"calculateGain",
		"nonlinearity",
		`unsupported nonlinearity ${nonlinearity}`,
	);
}

/** Fills with U(a, b), by default U(0, 1). */
export function uniform_<T extends Tensor>(
	tensor: T,
	a?: number,
	b?: number,
	generator?: Generator,
): T;
export function uniform_<T extends Tensor>(tensor: T, options: Uniform): T;
export function uniform_<T extends Tensor>(tensor: T, ...rest: unknown[]): T {
	const { a, b, generator } = optional(
		"uniform_",
		{ a: 0, b: 1, generator: noGenerator },
		rest,
	);
	return drawUniform(tensor, a, b, generator);
}

/** Fills with N(mean, std²), by default N(0, 1). */
export function normal_<T extends Tensor>(
	tensor: T,
	mean?: number,
	std?: number,
	generator?: Generator,
): T;
export function normal_<T extends Tensor>(tensor: T, options: Normal): T;
export function normal_<T extends Tensor>(tensor: T, ...rest: unknown[]): T {
	const { mean, std, generator } = optional(
		"normal_",
		{ mean: 0, std: 1, generator: noGenerator },
		rest,
	);
	return drawNormal(tensor, mean, std, generator);
}

/** Fills with N(mean, std²) cut off at `a` and `b`, by default N(0, 1) between -2 and 2. */
export function truncNormal_<T extends Tensor>(
	tensor: T,
	mean?: number,
	std?: number,
	a?: number,
	b?: number,
	generator?: Generator,
): T;
export function truncNormal_<T extends Tensor>(
	tensor: T,
	options: TruncNormal,
): T;
export function truncNormal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const defaults = { mean: 0, std: 1, a: -2, b: 2, generator: noGenerator };
	const { mean, std, a, b, generator } = optional(
		"truncNormal_",
		defaults,
		rest,
	);
	return noGrad(() => {
		const kept = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
		return kept > 0.3
			? redrawn(tensor, mean, std, a, b, generator)
			: rejected(tensor, mean, std, a, b, generator);
	});
}

/** Draws normally, and again where the result lies outside: few draws when the bounds keep most of them. */
function redrawn<T extends Tensor>(
	tensor: T,
	mean: number,
	std: number,
	a: number,
	b: number,
	generator?: Generator,
): T {
	const rounded = (bound: number) =>
		full([], bound, { dtype: tensor.dtype }).item() as number;
	const [low, high] = [rounded(a), rounded(b)];
	let result: Tensor = tensor.normal_(mean, std, { generator });
	for (;;) {
		const outside = result.lt(low).bitwiseOr(result.gt(high));
		if (!outside.any().item()) break;
		result = where(
			outside,
			emptyLike(result).normal_(mean, std, { generator }),
			result,
		);
	}
	return result === tensor ? tensor : tensor.copy_(result);
}

/** Draws uniformly between the bounds and accepts by the density: for bounds far out in a tail. */
function rejected<T extends Tensor>(
	tensor: T,
	mean: number,
	std: number,
	a: number,
	b: number,
	generator?: Generator,
): T {
	const mode = Math.max(a, Math.min(mean, b));
	const logPeak = -0.5 * ((mode - mean) / std) ** 2;
	const candidates = emptyLike(tensor);
	const accept = emptyLike(tensor);
	const isRefused = () => {
		candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
		return accept.uniform_({ generator }).log_().gt(candidates);
	};
	candidates.copy_(tensor.uniform_(a, b, { generator }));
	let pending: Tensor = isRefused();
	let result: Tensor = tensor;
	while (pending.any().item()) {
		candidates.uniform_(a, b, { generator });
		result = where(pending, candidates, result);
		pending = where(pending, isRefused(), pending);
	}
	return result === tensor ? tensor : tensor.copy_(result);
}

function normalCdf(x: number): number {
	return (
		(1 +
			(full([], x / Math.SQRT2, { dtype: "float64" })
				.erf()
				.item() as number)) /
		2
	);
}

/** Fills with one value. */
export function constant_<T extends Tensor>(tensor: T, val: number): T {
	check.number("constant_", "val", val);
	return noGrad(() => tensor.fill_(val));
}

/** Fills with ones. */
export function ones_<T extends Tensor>(tensor: T): T {
	return constant_(tensor, 1);
}

/** Fills with zeros. */
export function zeros_<T extends Tensor>(tensor: T): T {
	return noGrad(() => tensor.zero_());
}

/** Fills a matrix with ones on the diagonal and zeros elsewhere. */
export function eye_<T extends Tensor>(tensor: T): T {
	const [rows, columns] = matrix("eye_", tensor);
	return noGrad(() =>
		tensor.copy_(
			eye(rows, columns, {
				dtype: tensor.dtype,
				device: tensor.device as Device,
			}),
		),
	);
}

/** Fills a convolution's weight (3 to 5 dimensions) so that it passes its input through, in each of `groups`. */
export function dirac_<T extends Tensor>(tensor: T, groups = 1): T {
	check.integer("dirac_", "groups", groups, { min: 1 });
	const [out = 0, inputs = 0, ...kernel] = tensor.shape;
	if (kernel.length < 1 || kernel.length > 3)
		throw check.invalidValue(
			"dirac_",
			"tensor",
			`expected 3, 4 or 5 dimensions, got ${tensor.dim()}`,
		);
	if (out % groups !== 0)
		throw check.invalidValue(
			"dirac_",
			"groups",
			`expected a divisor of ${out}, got ${groups}`,
		);
	const centre = kernel.map((width) => Math.floor(width / 2));
	const perGroup = out / groups;
	return noGrad(() => {
		tensor.zero_();
		for (let group = 0; group < groups; group++) {
			for (let d = 0; d < Math.min(perGroup, inputs); d++)
				tensor.setIndex([group * perGroup + d, d, ...centre], 1);
		}
		return tensor;
	});
}

/** Fills with U(-x, x), x = gain √(6 / (fanIn + fanOut)): Glorot's initialisation. */
export function xavierUniform_<T extends Tensor>(
	tensor: T,
	gain?: number,
	generator?: Generator,
): T;
export function xavierUniform_<T extends Tensor>(tensor: T, options: Gain): T;
export function xavierUniform_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { gain, generator } = optional(
		"xavierUniform_",
		{ gain: 1, generator: noGenerator },
		rest,
	);
	const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
	const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
	return drawUniform(tensor, -bound, bound, generator);
}

/** Fills with N(0, gain² 2 / (fanIn + fanOut)): Glorot's initialisation. */
export function xavierNormal_<T extends Tensor>(
	tensor: T,
	gain?: number,
	generator?: Generator,
): T;
export function xavierNormal_<T extends Tensor>(tensor: T, options: Gain): T;
export function xavierNormal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { gain, generator } = optional(
		"xavierNormal_",
		{ gain: 1, generator: noGenerator },
		rest,
	);
	const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
	return drawNormal(
		tensor,
		0,
		gain * Math.sqrt(2 / (fanIn + fanOut)),
		generator,
	);
}

const kaiming = {
	a: 0,
	mode: "fan_in" as FanMode,
	nonlinearity: "leaky_relu" as Nonlinearity,
	generator: noGenerator,
};

/**
 * Fills with U(-x, x), x = gain √(3 / fan): He's initialisation. `a` is the negative slope of the leaky_relu after the layer (default 0),
 * `mode` says which fan (default "fan_in").
 */
export function kaimingUniform_<T extends Tensor>(
	tensor: T,
	a?: number,
	mode?: FanMode,
	nonlinearity?: Nonlinearity,
	generator?: Generator,
): T;
export function kaimingUniform_<T extends Tensor>(
	tensor: T,
	options: Kaiming,
): T;
export function kaimingUniform_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { a, mode, nonlinearity, generator } = optional(
		"kaimingUniform_",
		kaiming,
		rest,
	);
	if (tensor.numel() === 0) return tensor;
	const bound =
		Math.sqrt(3) * kaimingStd("kaimingUniform_", tensor, a, mode, nonlinearity);
	return drawUniform(tensor, -bound, bound, generator);
}

/** Fills with N(0, gain² / fan): He's initialisation, see `kaimingUniform_`. */
export function kaimingNormal_<T extends Tensor>(
	tensor: T,
	a?: number,
	mode?: FanMode,
	nonlinearity?: Nonlinearity,
	generator?: Generator,
): T;
export function kaimingNormal_<T extends Tensor>(
	tensor: T,
	options: Kaiming,
): T;
export function kaimingNormal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { a, mode, nonlinearity, generator } = optional(
		"kaimingNormal_",
		kaiming,
		rest,
	);
	if (tensor.numel() === 0) return tensor;
	return drawNormal(
		tensor,
		0,
		kaimingStd("kaimingNormal_", tensor, a, mode, nonlinearity),
		generator,
	);
}

function kaimingStd(
	op: string,
	tensor: Tensor,
	a: number,
	mode: FanMode,
	nonlinearity: Nonlinearity,
): number {
	check.oneOf(op, "mode", mode, ["fan_in", "fan_out"]);
	const { fanIn, fanOut } = calculateFanInAndFanOut(tensor);
	return (
		calculateGain(nonlinearity, a) /
		Math.sqrt(mode === "fan_in" ? fanIn : fanOut)
	);
}

/** Fills with a (semi-)orthogonal matrix times `gain`; dimensions after the first count as one. */
export function orthogonal_<T extends Tensor>(
	tensor: T,
	gain?: number,
	generator?: Generator,
): T;
export function orthogonal_<T extends Tensor>(tensor: T, options: Gain): T;
export function orthogonal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const { gain, generator } = optional(
		"orthogonal_",
		{ gain: 1, generator: noGenerator },
		rest,
	);
	if (tensor.dim() < 2)
		throw check.invalidValue(
			"orthogonal_",
			"tensor",
			`expected 2 or more dimensions, got ${tensor.dim()}`,
		);
	if (tensor.numel() === 0) return tensor;
	return noGrad(() => {
		const rows = tensor.size(0);
		const columns = tensor.numel() / rows;
		const drawn = tensor.newEmpty([rows, columns]).normal_(0, 1, { generator });
		const [q, r] = linalgQr(rows < columns ? drawn.t() : drawn);
		// Signs that make Q uniform over all orthogonal matrices: https://arxiv.org/pdf/math-ph/0609050.pdf
		const signed = q.mul(diag(r, 0).sign());
		tensor.copy_((rows < columns ? signed.t() : signed).reshape(tensor.shape));
		return tensor.mul_(gain);
	});
}

/** Fills a matrix with N(0, std²), std 0.01 by default, but a fraction `sparsity` of each column with zeros. */
export function sparse_<T extends Tensor>(
	tensor: T,
	sparsity: number,
	std?: number,
	generator?: Generator,
): T;
export function sparse_<T extends Tensor>(
	tensor: T,
	sparsity: number,
	options: Random & { std?: number | undefined },
): T;
export function sparse_<T extends Tensor>(
	tensor: T,
	sparsity: number,
	...rest: unknown[]
): T {
	const { std, generator } = optional(
		"sparse_",
		{ std: 0.01, generator: noGenerator },
		rest,
	);
	check.number("sparse_", "sparsity", sparsity);
	const [rows, columns] = matrix("sparse_", tensor);
	const zeros = Math.ceil(sparsity * rows);
	return noGrad(() => {
		tensor.normal_(0, std, { generator });
		// As in PyTorch, the zeros are drawn from the default generator.
		for (let column = 0; column < columns; column++)
			tensor.setIndex([randperm(rows).narrow(0, 0, zeros), column], 0);
		return tensor;
	});
}

/** How many inputs feed an output of a weight [out, in, …kernel], and how many outputs an input feeds. */
export function calculateFanInAndFanOut(tensor: Tensor): {
	fanIn: number;
	fanOut: number;
} {
	const [outputs = 0, inputs, ...kernel] = tensor.shape;
	if (inputs === undefined)
		throw check.invalidValue(
			"calculateFanInAndFanOut",
			"tensor",
			`expected 2 or more dimensions, got ${tensor.dim()}`,
		);
	const field = kernel.reduce((product, width) => product * width, 1);
	return { fanIn: inputs * field, fanOut: outputs * field };
}

function drawUniform<T extends Tensor>(
	tensor: T,
	a: number,
	b: number,
	generator: Generator | undefined,
): T {
	return noGrad(() => tensor.uniform_(a, b, { generator }));
}

function drawNormal<T extends Tensor>(
	tensor: T,
	mean: number,
	std: number,
	generator: Generator | undefined,
): T {
	return noGrad(() => tensor.normal_(mean, std, { generator }));
}

function matrix(op: string, tensor: Tensor): [number, number] {
	const [rows, columns] = tensor.shape;
	if (tensor.dim() !== 2)
		throw check.invalidValue(
			op,
			"tensor",
			`expected 2 dimensions, got ${tensor.dim()}`,
		);
	return [rows as number, columns as number];
}
