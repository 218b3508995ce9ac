/** What is known of shapes alone. */
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";

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
 * The coordinates of elements that are counted in one row: a tensor for each dimension of `shape`.
 *
 * @param indices integers from 0 to the number of elements - 1
 * @throws TorchError where an index is negative or beyond `shape`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unravel_index.html
 *
 * @example
 * const [row, column] = torch.unravelIndex(torch.tensor([4, 5]), [3, 2]); // [2, 2], [0, 1]
 */
export function unravelIndex(
	indices: Tensor,
	shape: number | readonly number[],
): Tensor[] {
	const op = "unravelIndex";
	if (
		!isTensor(indices) ||
		indices.isFloatingPoint() ||
		indices.isComplex() ||
		indices.dtype === "bool"
	)
		throw check.invalidType(op, "indices", "Tensor of integers", indices);
	const sizes = typeof shape === "number" ? [shape] : shape;
	check.array(op, "shape", sizes);
	for (const size of sizes) check.integer(op, "shape", size, { min: 0 });
	const count = sizes.reduce((a, b) => a * b, 1);
	const isOutside = indices.lt(0).logicalOr(indices.ge(count)).any().item();
	if (indices.numel() > 0 && isOutside)
		throw check.invalidValue(
			op,
			"indices",
			`an index is not from 0 to ${count - 1}, the elements of shape [${sizes.join(", ")}]`,
		);
	let rest = count;
	return sizes.map((size) => {
		rest /= size || 1;
		return indices.floorDivide(rest || 1).remainder(size || 1);
	});
}
