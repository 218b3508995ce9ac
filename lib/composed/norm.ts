import { as, checkTensor, type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import { matrixNorm, vectorNorm } from "../generated/linalg.ts";
import { $norm } from "../generated/operators.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";
import { type Out, writeTo } from "./out.ts";

export interface NormOptions {
	/** The order: a number, "fro" (default; the root of the sum of squares) or "nuc" (the sum of singular values). */
	p: number | "fro" | "nuc" | null;
	/** The dimensions to reduce. Default: null, all; of "nuc" the last two. */
	dim: number | readonly number[] | null;
	/** Keep them with size 1. Default: false. */
	keepdim: boolean;
	/** Convert to it first. Default: null, the input's. */
	dtype: DType | null;
}

const defaults: NormOptions & { out: Tensor | null } = {
	p: "fro",
	dim: null,
	keepdim: false,
	out: null,
	dtype: null,
};

/** A norm, of vectors or of matrices; `torch.linalg.vectorNorm` and `matrixNorm` tell them apart. */
export function normOf(
	op: string,
	input: Tensor,
	{ p, dim, keepdim, dtype }: NormOptions,
): Tensor {
	checkTensor(op, "input", input);
	if (typeof p === "string") check.oneOf(op, "p", p, ["fro", "nuc"]);
	else if (p !== null) check.number(op, "p", p);
	const options = dtype === null ? {} : { dtype };
	const dims = typeof dim === "number" ? [dim] : dim;
	const order = p === null || p === "fro" ? 2 : p;
	if (order === "nuc") {
		const matrix = (dims ?? [-2, -1]) as [number, number]; // of other lengths LibTorch says so
		return as(op, () => matrixNorm(input, "nuc", matrix, keepdim, options));
	}
	if (input.layout === "strided")
		return as(op, () => vectorNorm(input, order, dims, keepdim, options));
	if (dims === null && !keepdim)
		return $norm.callNamed([input, order], options) as Tensor;
	const all = Array.from({ length: input.ndim }, (_, i) => i);
	return $norm.callNamed(
		[input, order, dims ?? all, keepdim],
		options,
	) as Tensor;
}

/**
 * A norm of all elements, or along dimensions.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.norm.html
 *
 * @example
 * torch.norm(torch.tensor([3, 4.5])); // 5.4083
 * torch.norm(torch.ones(2, 3), { p: 1, dim: 1 }); // [3, 3]
 */
export function norm(
	input: Tensor,
	...rest: Optional<
		NormOptions & Required<Out>,
		["p", "dim", "keepdim", "out", "dtype"]
	>
): Tensor {
	const { out, ...given } = optional("norm", defaults, rest);
	return writeTo("norm", out, normOf("norm", input, given));
}
