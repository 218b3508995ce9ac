import type { Tensor } from "../tensor/tensor.ts";
import { getNumThreads } from "../threads.ts";

/**
 * Elements that one thread takes at once on the CPU. What a formula reads and writes for so many stays in the cache from its first operator
 * to its last, and what it makes in between finds the memory that was freed before it.
 */
const elementsPerThread = 262_144;

/**
 * Parts of tensors that go through a formula together: `columns` are the parameters, their gradients, and their states, all of one length.
 * Small tensors are taken together, large ones on the CPU in pieces. All tensors of a row have the same layout, without holes.
 */
export function* blocksOf(
	columns: readonly (readonly Tensor[])[],
): Generator<Tensor[][]> {
	const [params = []] = columns;
	const size =
		params[0]?.device === "cpu"
			? elementsPerThread * getNumThreads()
			: Infinity;
	let block = columns.map((): Tensor[] => []);
	let elements = 0;
	for (const [i, param] of params.entries()) {
		const count = param.numel();
		if (count > size) {
			const pieces = columns.map((column) =>
				flat(column[i] as Tensor, count).split(size),
			);
			const { length } = pieces[0] as Tensor[];
			for (let k = 0; k < length; k++)
				yield pieces.map((piece) => [piece[k] as Tensor]);
			continue;
		}
		if (elements + count > size) {
			yield block;
			block = columns.map((): Tensor[] => []);
			elements = 0;
		}
		for (const [c, column] of columns.entries())
			block[c]?.push(column[i] as Tensor);
		elements += count;
	}
	if (elements > 0) yield block;
}

/** The elements in the order in which they lie in memory. */
function flat(x: Tensor, count: number): Tensor {
	return x.asStrided([count], [1]);
}
