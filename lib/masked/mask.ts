/** What masked operations have in common: elements that the mask leaves out count as the value that changes nothing. */
import { checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import { full, where } from "../generated/functions.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";

export interface MaskOptions {
	/** Booleans that broadcast to the input: true where an element counts. Default: null, all do. */
	mask: Tensor | null;
	/** The dtype of the result. Default: null, the input's. */
	dtype: DType | null;
}

export const maskDefaults: MaskOptions = { mask: null, dtype: null };

export interface ReductionOptions extends MaskOptions {
	/** The dimensions to reduce. Default: null, all. */
	dim: number | readonly number[] | null;
	/** Keep them with size 1. Default: false. */
	keepdim: boolean;
}

export const reductionDefaults: ReductionOptions = {
	dim: null,
	keepdim: false,
	...maskDefaults,
};

/** The dimensions of a reduction, from 0 on, sorted. */
export function dimensions(
	op: string,
	input: Tensor,
	dim: ReductionOptions["dim"],
): number[] {
	const given = typeof dim === "number" ? [dim] : (dim ?? []);
	check.array(op, "dim", given);
	if (given.length === 0) return input.shape.map((_, i) => i);
	const count = Math.max(input.ndim, 1);
	const found = given.map((each) => {
		check.integer(op, "dim", each, { min: -count, max: count - 1 });
		return each < 0 ? each + count : each;
	});
	if (new Set(found).size < found.length)
		throw check.invalidValue(op, "dim", `[${given}] names a dimension twice`);
	return found.sort((a, b) => a - b);
}

export function dimension(op: string, input: Tensor, dim: number): number {
	check.integer(op, "dim", dim);
	return dimensions(op, input, dim)[0] as number;
}

/** The mask as booleans of the input's shape, or null. */
export function maskFor(
	op: string,
	input: Tensor,
	mask: Tensor | null,
): Tensor | null {
	checkTensor(op, "input", input);
	if (input.layout !== "strided")
		throw check.invalidValue(
			op,
			"input",
			`expected a strided tensor, got one that is ${input.layout}`,
		);
	if (mask === null) return null;
	if (!isTensor(mask))
		throw check.invalidType(op, "mask", "Tensor or null", mask);
	if (mask.ndim > input.ndim)
		throw check.invalidValue(
			op,
			"mask",
			`it has ${mask.ndim} dimensions, the input ${input.ndim}`,
		);
	return mask.broadcastTo(input.shape).to("bool");
}

/** The input, with `value` in place of what the mask leaves out. */
export function fillMasked(
	op: string,
	input: Tensor,
	mask: Tensor | null,
	value: number | bigint,
): Tensor {
	const counts = maskFor(op, input, mask);
	if (counts === null) return input;
	const { dtype, device } = input;
	return where(counts, input, full([], value, { dtype, device }));
}

/** Least and greatest values of integer dtypes. */
const ranges: { readonly [Name in DType]?: readonly [bigint, bigint] } = {
	uint8: [0n, 255n],
	int8: [-128n, 127n],
	int16: [-32768n, 32767n],
	int32: [-(2n ** 31n), 2n ** 31n - 1n],
	int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** The least or the greatest value of the input's dtype: what changes no maximum or no minimum. */
export function extreme(
	op: string,
	input: Tensor,
	which: "least" | "greatest",
): number | bigint {
	if (input.isFloatingPoint()) return which === "least" ? -Infinity : Infinity;
	const range = ranges[input.dtype];
	if (range === undefined)
		throw check.invalidValue(
			op,
			"input",
			`${input.dtype} has no order to leave elements out of`,
		);
	return which === "least" ? range[0] : range[1];
}
