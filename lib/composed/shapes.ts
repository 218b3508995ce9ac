/** What is known of shapes alone. */
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Int } from "../types.ts";

/**
 * The shape that tensors of these shapes have together, by broadcasting. A number counts as a shape of one dimension.
 *
 * @throws TorchError where two sizes differ and neither is 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.broadcast_shapes.html
 *
 * @example
 * torch.broadcastShapes([2], [3, 1], [1, 1, 1]); // [1, 3, 2]
 */
export function broadcastShapes(
	...shapes: readonly (number | readonly number[])[]
): number[] {
	const lists = shapes.map((shape, i) => {
		const list = typeof shape === "number" ? [shape] : shape;
		check.array("broadcastShapes", `shapes[${i}]`, list);
		for (const size of list)
			check.integer("broadcastShapes", `shapes[${i}]`, size, { min: 0 });
		return list;
	});
	const length = Math.max(0, ...lists.map((list) => list.length));
	return Array.from({ length }, (_, i) => {
		const sizes = lists
			.map((list) => list[i - length + list.length] ?? 1)
			.filter((size) => size !== 1);
		if (sizes.some((size) => size !== sizes[0]))
			throw check.invalidValue(
				"broadcastShapes",
				"shapes",
				`sizes ${[...new Set(sizes)].join(" and ")} at dimension ${i - length} do not broadcast`,
			);
		return sizes[0] ?? 1;
	});
}

/**
 * The coordinates of elements that are counted in one row: a tensor for each dimension of `shape`. As in PyTorch nothing is checked
 * against `shape`: an index beyond it comes out within it.
 *
 * @param indices integers from 0 to the number of elements - 1
 * @throws TorchError where the indices are no integers
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unravel_index.html
 *
 * @example
 * const [row, column] = torch.unravelIndex(torch.tensor([4, 5]), [3, 2]); // [2, 2], [0, 1]
 */
export function unravelIndex(
	indices: Tensor,
	shape: Int | readonly Int[],
): Tensor[] {
	const op = "unravelIndex";
	if (
		!isTensor(indices) ||
		indices.isFloatingPoint() ||
		indices.isComplex() ||
		indices.dtype === "bool"
	)
		throw check.invalidType(op, "indices", "Tensor of integers", indices);
	const sizes = (Array.isArray(shape) ? shape : [shape]).map((size: Int) => {
		if (typeof size !== "bigint") check.integer(op, "shape", size, { min: 0 });
		return BigInt(size);
	});
	// How many elements lie between neighbours of each dimension, wrapped around as int64 does.
	const steps = sizes.map((_, i) =>
		BigInt.asIntN(
			64,
			sizes.slice(i + 1).reduce((a, b) => a * b, 1n),
		),
	);
	const whole = indices.to("int64");
	return sizes.map((size, i) =>
		whole.floorDivide(steps[i] as bigint).remainder(size),
	);
}
