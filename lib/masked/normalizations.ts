/** Functions that keep the shape: only the elements that a mask lets through count. */
import { type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import * as torch from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";
import {
	dimension,
	extreme,
	fillMasked,
	type MaskOptions,
	maskDefaults,
} from "./mask.ts";
import { norm } from "./reductions.ts";

type Masked = Optional<MaskOptions, ["dtype", "mask"]>;

/** The input filled with what changes nothing, the dimension and the dtype of the result. */
function prepare(
	op: string,
	input: Tensor,
	dim: number,
	rest: Masked,
	fill: number | "least" | "greatest",
): [filled: Tensor, dim: number, dtype: DType] {
	const { mask, dtype } = optional(op, maskDefaults, rest);
	const value =
		typeof fill === "number"
			? fill
			: mask === null
				? 0
				: extreme(op, input, fill);
	const filled = fillMasked(op, input, mask, value);
	return [filled, dimension(op, input, dim), dtype ?? input.dtype];
}

/** Running sums along a dimension. @see https://docs.pytorch.org/docs/stable/masked.html */
export function cumsum(input: Tensor, dim: number, ...rest: Masked): Tensor {
	const [x, at, dtype] = prepare("cumsum", input, dim, rest, 0);
	return x.cumsum(at, { dtype }).to(dtype);
}

/** Running products along a dimension. */
export function cumprod(input: Tensor, dim: number, ...rest: Masked): Tensor {
	const [x, at, dtype] = prepare("cumprod", input, dim, rest, 1);
	return x.cumprod(at, { dtype }).to(dtype);
}

/**
 * e^x over its sum along a dimension; 0 where an element does not count.
 *
 * @example
 * const mask = torch.tensor([true, false, true]);
 * torch.masked.softmax(torch.tensor([1.5, 9, 1.5]), 0, { mask }); // [0.5, 0, 0.5]
 */
export function softmax(input: Tensor, dim: number, ...rest: Masked): Tensor {
	const [x, at, dtype] = prepare("softmax", input, dim, rest, "least");
	return torch.softmax(x, at, dtype);
}

/** The logarithm of `softmax`. */
export function logSoftmax(
	input: Tensor,
	dim: number,
	...rest: Masked
): Tensor {
	const [x, at, dtype] = prepare("logSoftmax", input, dim, rest, "least");
	return torch.logSoftmax(x, at, dtype);
}

/** `softmax` of -x. */
export function softmin(input: Tensor, dim: number, ...rest: Masked): Tensor {
	const [x, at, dtype] = prepare("softmin", input, dim, rest, "greatest");
	return torch.softmax(x.neg(), at, dtype);
}

export interface NormalizeOptions extends MaskOptions {
	/** The least norm to divide by. Default: 1e-12. */
	eps: number;
}

/** The input divided by its norm along a dimension; 0 where an element does not count. */
export function normalize(
	input: Tensor,
	ord: number,
	dim: number,
	...rest: Optional<NormalizeOptions, ["eps", "dtype", "mask"]>
): Tensor {
	const op = "normalize";
	const defaults: NormalizeOptions = { eps: 1e-12, ...maskDefaults };
	const { eps, dtype, mask } = optional(op, defaults, rest);
	check.number(op, "eps", eps, { min: 0 });
	const filled = fillMasked(op, input, mask, 0);
	const lengths = norm(input, ord, dim, { keepdim: true, dtype, mask });
	return filled.div(lengths.maximum(lengths.newFull([], eps)));
}

export interface LogaddexpOptions {
	/** Default: null, the first input's. */
	dtype: DType | null;
	/** Which elements of the first input count. Default: null, all. */
	inputMask: Tensor | null;
	/** Which elements of the second input count. Default: null, all. */
	otherMask: Tensor | null;
}

/** log(eᵃ + eᵇ); an element that does not count stands for e^x = 0. */
export function logaddexp(
	input: Tensor,
	other: Tensor,
	...rest: Optional<LogaddexpOptions, ["dtype", "inputMask", "otherMask"]>
): Tensor {
	const op = "logaddexp";
	const defaults: LogaddexpOptions = {
		dtype: null,
		inputMask: null,
		otherMask: null,
	};
	const { dtype, inputMask, otherMask } = optional(op, defaults, rest);
	const filled = [
		[input, inputMask],
		[other, otherMask],
	].map(([x, mask]) =>
		mask
			? fillMasked(op, x as Tensor, mask, extreme(op, x as Tensor, "least"))
			: (x as Tensor),
	) as [Tensor, Tensor];
	return torch.logaddexp(...filled).to(dtype ?? input.dtype);
}
