/** The `out` argument of functions that are composed of operators. */
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface Out {
	/** Where to write the result; it takes the result's shape. Default: a new tensor. */
	out?: Tensor | null | undefined;
}

/** The result, or `out` with the result written to it. */
export function writeTo(
	op: string,
	out: Tensor | null | undefined,
	result: Tensor,
): Tensor {
	if (out === undefined || out === null) return result;
	if (!isTensor(out)) throw check.invalidType(op, "out", "Tensor", out);
	return out.resize_(result.shape).copy_(result);
}
