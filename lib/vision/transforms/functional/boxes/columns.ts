import { stack } from "../../../../generated/functions.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";

type T = Tensor;
type Columns = {
	4: [T, T, T, T];
	5: [T, T, T, T, T];
	8: [T, T, T, T, T, T, T, T];
};

/** The columns of boxes [N, K], each [N]. */
export function columnsOf<K extends keyof Columns>(
	boxes: Tensor,
	_count: K,
): Columns[K] {
	return boxes.unbind(-1) as Columns[K];
}

export function fromColumns(columns: readonly Tensor[]): Tensor {
	return stack(columns, -1);
}

/** Cosine and sine of angles in degrees. */
export function turns(degrees: Tensor): { cos: Tensor; sin: Tensor } {
	const radians = degrees.mul(Math.PI).div(180);
	return { cos: radians.cos(), sin: radians.sin() };
}
