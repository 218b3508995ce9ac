/** Functions of several tensors, which Python takes one after the other or in a list. */
import * as check from "../check.ts";
import {
	$atleast1d,
	$atleast2d,
	$atleast3d,
	$blockDiag,
	$broadcastTensors,
	$cartesianProd,
	$chainMatmul,
	$meshgrid,
} from "../generated/operators.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Out, writeTo } from "./out.ts";

/** Tensors one after the other, or in one list. */
export type Tensors = readonly Tensor[] | readonly [readonly Tensor[]];

/** The tensors of either form. */
export function listOf(op: string, given: readonly unknown[]): Tensor[] {
	const [first] = given;
	const list = given.length === 1 && Array.isArray(first) ? first : given;
	for (const [i, each] of list.entries())
		if (!isTensor(each))
			throw check.invalidType(op, `tensors[${i}]`, "Tensor", each);
	return [...list] as Tensor[];
}

/** Takes a last plain object off the arguments, if there is one; its names must be `known`. */
export function takeOptions<T extends object>(
	op: string,
	given: readonly unknown[],
	known: readonly string[],
): { tensors: Tensor[]; options: T } {
	const last = given.at(-1);
	const isNamed =
		typeof last === "object" &&
		last !== null &&
		!isTensor(last) &&
		!Array.isArray(last);
	if (isNamed) check.options(op, last, known);
	return {
		tensors: listOf(op, isNamed ? given.slice(0, -1) : given),
		options: (isNamed ? last : {}) as T,
	};
}

/**
 * A matrix of the blocks along its diagonal, zero elsewhere. Vectors count as rows, numbers as 1×1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.block_diag.html
 *
 * @example
 * torch.blockDiag(torch.ones(2, 2), torch.tensor([[7]])); // [3, 3]
 */
export function blockDiag(...tensors: Tensors): Tensor {
	const list = listOf("blockDiag", tensors);
	return $blockDiag.call3(list, undefined, undefined) as Tensor;
}

/**
 * Views of the tensors, all of the shape that they have in common by broadcasting.
 *
 * @throws TorchError where their shapes do not broadcast
 * @see https://docs.pytorch.org/docs/stable/generated/torch.broadcast_tensors.html
 *
 * @example
 * const [x, y] = torch.broadcastTensors(torch.arange(3).view(1, 3), torch.arange(2).view(2, 1)); // both [2, 3]
 */
export function broadcastTensors(...tensors: Tensors): Tensor[] {
	const list = listOf("broadcastTensors", tensors);
	return $broadcastTensors.call3(list, undefined, undefined) as Tensor[];
}

/**
 * All combinations of the vectors' elements, one a row, as Python's itertools.product gives them.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cartesian_prod.html
 *
 * @example
 * torch.cartesianProd(torch.tensor([1, 2]), torch.tensor([4, 5])); // [[1, 4], [1, 5], [2, 4], [2, 5]]
 */
export function cartesianProd(...tensors: Tensors): Tensor {
	const list = listOf("cartesianProd", tensors);
	return $cartesianProd.call3(list, undefined, undefined) as Tensor;
}

/**
 * The product of matrices, multiplied in the order that takes the fewest operations.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.chain_matmul.html
 */
export function chainMatmul(
	...matrices: readonly [...Tensors] | readonly [...Tensors, options: Out]
): Tensor {
	const { tensors, options } = takeOptions<Out>("chainMatmul", matrices, [
		"out",
	]);
	const product = $chainMatmul.call3(tensors, undefined, undefined) as Tensor;
	return writeTo("chainMatmul", options.out, product);
}

export interface MeshgridOptions {
	/** "ij": the first tensor varies along the first dimension (default); "xy": along the second, as in plots. */
	indexing?: "ij" | "xy";
}

/**
 * Grids of coordinates: of n vectors n tensors with n dimensions each, the i-th of them vector i spread over the grid.
 *
 * @throws TorchError where a tensor has more than one dimension, or dtypes differ
 * @see https://docs.pytorch.org/docs/stable/generated/torch.meshgrid.html
 *
 * @example
 * const [x, y] = torch.meshgrid(torch.arange(3), torch.arange(2), { indexing: "xy" }); // both [2, 3]
 */
export function meshgrid(
	...tensors: readonly [...Tensors] | readonly [...Tensors, MeshgridOptions]
): Tensor[] {
	const { tensors: list, options } = takeOptions<MeshgridOptions>(
		"meshgrid",
		tensors,
		["indexing"],
	);
	const { indexing = "ij" } = options;
	check.oneOf("meshgrid", "indexing", indexing, ["ij", "xy"]);
	return $meshgrid.callNamed([list], { indexing }) as Tensor[];
}

/** What each of the functions below does: a tensor for a tensor, a list for several. */
function atLeast(
	op: string,
	operator: typeof $atleast1d,
	given: readonly unknown[],
): never {
	const isOne = given.length === 1 && isTensor(given[0]);
	const argument = isOne ? given[0] : listOf(op, given);
	return operator.call3(argument, undefined, undefined) as never;
}

/**
 * Views with one dimension or more: numbers become vectors of one element. Of several tensors a list.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_1d.html
 */
export function atleast1d(tensor: Tensor): Tensor;
export function atleast1d(...tensors: Tensors): Tensor[];
export function atleast1d(...tensors: readonly unknown[]): never {
	return atLeast("atleast1d", $atleast1d, tensors);
}

/**
 * Views with two dimensions or more: vectors become rows. Of several tensors a list.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_2d.html
 */
export function atleast2d(tensor: Tensor): Tensor;
export function atleast2d(...tensors: Tensors): Tensor[];
export function atleast2d(...tensors: readonly unknown[]): never {
	return atLeast("atleast2d", $atleast2d, tensors);
}

/**
 * Views with three dimensions or more: [n] becomes [1, n, 1], [n, m] becomes [n, m, 1]. Of several tensors a list.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_3d.html
 */
export function atleast3d(tensor: Tensor): Tensor;
export function atleast3d(...tensors: Tensors): Tensor[];
export function atleast3d(...tensors: readonly unknown[]): never {
	return atLeast("atleast3d", $atleast3d, tensors);
}
