import type { Tensor } from "../tensor/tensor.ts";

/** Whether two tensors of one shape have their elements in the same order in memory, without holes. */
export function sameLayout(a: Tensor, b: Tensor): boolean {
	if (a.isContiguous()) return b.isContiguous();
	const strides = a.stride();
	return String(strides) === String(b.stride()) && isDense(a.shape, strides);
}

/** Whether each element has a place of its own, one beside the other. */
function isDense(shape: number[], strides: number[]): boolean {
	const bySpacing = [...shape.keys()]
		.filter((i) => shape[i] !== 1)
		.sort((i, j) => (strides[i] as number) - (strides[j] as number));
	let expected = 1;
	for (const i of bySpacing) {
		if (strides[i] !== expected) return false;
		expected *= shape[i] as number;
	}
	return true;
}
