/** Reductions over the elements that a mask lets through. */
import { type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import * as torch from "../generated/functions.ts";
import * as linalg from "../generated/linalg.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";
import {
	dimension,
	dimensions,
	extreme,
	fillMasked,
	type MaskOptions,
	maskDefaults,
	maskFor,
	type ReductionOptions,
	reductionDefaults,
} from "./mask.ts";

type Reduction = Optional<
	ReductionOptions,
	["dim", "keepdim", "dtype", "mask"]
>;

const isFloating = (dtype: DType): boolean =>
	dtype.startsWith("float") ||
	dtype.startsWith("bfloat") ||
	dtype.startsWith("complex");

/** Small integers and booleans are added up in int64. */
const wide = (dtype: DType): DType =>
	["uint8", "bool", "int8", "int16", "int32"].includes(dtype) ? "int64" : dtype;

/**
 * The sum of the elements that count; 0 where none does. Small integers give int64.
 * @see https://docs.pytorch.org/docs/stable/masked.html
 *
 * @example
 * const x = torch.tensor([[-3, -2, -1], [0, 1, 2]]);
 * const mask = torch.tensor([[true, false, true], [false, false, false]]);
 * torch.masked.sum(x, 1, { mask }); // [-4, 0]
 */
export function sum(input: Tensor, ...rest: Reduction): Tensor {
	const given = optional("sum", reductionDefaults, rest);
	const { dim, keepdim, dtype, mask } = given;
	const filled = fillMasked("sum", input, mask, 0);
	return filled.sum(dimensions("sum", input, dim), keepdim, {
		dtype: dtype ?? wide(input.dtype),
	});
}

/** The product of the elements that count; 1 where none does. Small integers give int64. */
export function prod(input: Tensor, ...rest: Reduction): Tensor {
	const given = optional("prod", reductionDefaults, rest);
	const { dim, keepdim, dtype, mask } = given;
	let result = fillMasked("prod", input, mask, 1);
	result = result.to(dtype ?? wide(input.dtype));
	for (const each of dimensions("prod", input, dim).reverse())
		result = result.prod(each, keepdim);
	return result;
}

/** The greatest of the elements that count; the least value of the dtype where none does. */
export function amax(input: Tensor, ...rest: Reduction): Tensor {
	const given = optional("amax", reductionDefaults, rest);
	const filled = withExtreme("amax", input, given, "least");
	const dims = dimensions("amax", input, given.dim);
	return filled.amax(dims, given.keepdim).to(given.dtype ?? input.dtype);
}

/** The least of the elements that count; the greatest value of the dtype where none does. */
export function amin(input: Tensor, ...rest: Reduction): Tensor {
	const given = optional("amin", reductionDefaults, rest);
	const filled = withExtreme("amin", input, given, "greatest");
	const dims = dimensions("amin", input, given.dim);
	return filled.amin(dims, given.keepdim).to(given.dtype ?? input.dtype);
}

function withExtreme(
	op: string,
	input: Tensor,
	{ mask }: MaskOptions,
	which: "least" | "greatest",
): Tensor {
	if (mask === null) return fillMasked(op, input, null, 0);
	return fillMasked(op, input, mask, extreme(op, input, which));
}

export interface ArgOptions extends MaskOptions {
	/** Default: null, the place in the flattened input. */
	dim: number | null;
	/** Default: false. */
	keepdim: boolean;
}

const argDefaults: ArgOptions = { dim: null, keepdim: false, ...maskDefaults };

type Arg = Optional<ArgOptions, ["dim", "keepdim", "dtype", "mask"]>;

/** Where the greatest of the elements that count is; in the input's dtype unless another is given. */
export function argmax(input: Tensor, ...rest: Arg): Tensor {
	const given = optional("argmax", argDefaults, rest);
	const filled = withExtreme("argmax", input, given, "least");
	const found = filled.argmax(given.dim, given.keepdim);
	return found.to(given.dtype ?? input.dtype);
}

/** Where the least of the elements that count is; in the input's dtype unless another is given. */
export function argmin(input: Tensor, ...rest: Arg): Tensor {
	const given = optional("argmin", argDefaults, rest);
	const filled = withExtreme("argmin", input, given, "greatest");
	const found = filled.argmin(given.dim, given.keepdim);
	return found.to(given.dtype ?? input.dtype);
}

/** How many elements count, of each reduction. */
function count(
	op: string,
	input: Tensor,
	{ dim, keepdim, mask }: ReductionOptions,
): Tensor {
	const counts =
		maskFor(op, input, mask) ?? torch.onesLike(input, { dtype: "bool" });
	return counts.sum(dimensions(op, input, dim), keepdim);
}

/** The mean of the elements that count; NaN where none does. @throws TorchError for integers without `dtype` */
export function mean(input: Tensor, ...rest: Reduction): Tensor {
	const given = optional("mean", reductionDefaults, rest);
	const dtype = given.dtype ?? maskDtype("mean", input);
	return sum(input, { ...given, dtype }).div(count("mean", input, given));
}

function maskDtype(op: string, input: Tensor): DType {
	maskFor(op, input, null);
	if (isFloating(input.dtype)) return input.dtype;
	throw check.invalidValue(
		op,
		"dtype",
		`of ${input.dtype} it must be given, a floating point or complex one`,
	);
}

export interface MedianOptions extends MaskOptions {
	/** Default: -1. */
	dim: number;
	/** Default: false. */
	keepdim: boolean;
}

/** The median of the elements that count, the lower one of two; NaN where none does. */
export function median(
	input: Tensor,
	...rest: Optional<MedianOptions, ["dim", "keepdim", "dtype", "mask"]>
): Tensor {
	const op = "median";
	const defaults: MedianOptions = { dim: -1, keepdim: false, ...maskDefaults };
	const { dim, keepdim, dtype, mask } = optional(op, defaults, rest);
	maskFor(op, input, null);
	const isFloat = input.isFloatingPoint();
	const floats = isFloat ? input : input.to("float32");
	const filled = fillMasked(op, floats, mask, Number.NaN);
	const place = dimension(op, input, dim);
	const { values } = filled.nanmedian(place, keepdim);
	if (isFloat) return values;
	if (values.isnan().any().item())
		throw check.invalidValue(
			op,
			"mask",
			`no element counts in a row, and ${input.dtype} has no NaN`,
		);
	return values.to(dtype ?? input.dtype);
}

/** log Σ e^x over the elements that count; -Infinity where none does. */
export function logsumexp(input: Tensor, ...rest: Reduction): Tensor {
	const op = "logsumexp";
	const { dim, keepdim, dtype, mask } = optional(op, reductionDefaults, rest);
	const least =
		mask === null || input.isComplex()
			? -Infinity
			: extreme(op, input, "least");
	const filled = fillMasked(op, input, mask, least);
	const result = filled.logsumexp(dimensions(op, input, dim), keepdim);
	return result.to(dtype ?? input.dtype);
}

export interface NormOptions extends ReductionOptions {
	/** The order. Default: 2. */
	ord: number;
}

/** The norm of the elements that count, of any order; 0 where none does (for -Infinity, Infinity). */
export function norm(
	input: Tensor,
	...rest: Optional<NormOptions, ["ord", "dim", "keepdim", "dtype", "mask"]>
): Tensor {
	const defaults: NormOptions = { ord: 2, ...reductionDefaults };
	const { ord, dim, keepdim, dtype, mask } = optional("norm", defaults, rest);
	const value = ord === -Infinity ? Infinity : 0;
	const filled = fillMasked("norm", input, mask, value);
	const dims = dimensions("norm", input, dim);
	return linalg.vectorNorm(filled, ord, dims, keepdim, {
		dtype: dtype ?? input.dtype,
	});
}

export interface VarOptions extends ReductionOptions {
	/** Whether to divide by n - 1 (default) or n. Not together with `correction`. */
	unbiased: boolean | null;
	/** Divide by n - correction. Default: null, 1. */
	correction: number | null;
}

type Variance = Optional<
	VarOptions,
	["dim", "unbiased", "correction", "keepdim", "dtype", "mask"]
>;

const varDefaults: VarOptions = {
	dim: null,
	unbiased: null,
	correction: null,
	keepdim: false,
	...maskDefaults,
};

function variance(op: string, input: Tensor, rest: Variance): Tensor {
	const given = optional(op, varDefaults, rest);
	const { dim, unbiased, keepdim, mask } = given;
	if (unbiased !== null && given.correction !== null)
		throw check.invalidValue(
			op,
			"correction",
			"give this or unbiased, not both",
		);
	const correction = given.correction ?? (unbiased === false ? 0 : 1);
	maskFor(op, input, null);
	const computed = isFloating(input.dtype) ? input.dtype : "float32";
	const dtype = given.dtype ?? computed;
	const within = isFloating(dtype) ? dtype : "float32";
	const all = { dim, keepdim: true, mask };
	let n = count(op, input, { ...all, dtype: null });
	const average = sum(input, { ...all, dtype }).div(n);
	const apart = input.sub(average);
	const squares = apart.mul(apart.conj());
	const total = sum(squares, { dim, keepdim, mask, dtype: within });
	n = n.reshape(total.shape);
	if (correction !== 0) {
		const real = within.startsWith("complex") ? total.real().dtype : within;
		n = n.to(real).sub(correction);
		n = n.maximum(n.newZeros([]));
	}
	return total.div(n).to(dtype);
}

/** The variance of the elements that count; NaN where none does. */
function var_(input: Tensor, ...rest: Variance): Tensor {
	return variance("var", input, rest);
}

export { var_ as var };

/** The standard deviation of the elements that count; NaN where none does. */
export function std(input: Tensor, ...rest: Variance): Tensor {
	return variance("std", input, rest).sqrt();
}
