/** Products of tensors along chosen dimensions. */
import { checkTensor, type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import { $cdist, $einsum, $tensordot } from "../generated/operators.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Out, writeTo } from "./out.ts";
import { listOf } from "./variadic.ts";

/** How many dimensions to sum over, or which: those of a, those of b. */
export type TensordotDims =
	| number
	| readonly [a: readonly number[], b: readonly number[]]
	| Tensor;

function pairOf(dims: TensordotDims): [number[], number[]] {
	if (isTensor(dims))
		return pairOf((dims as Tensor).tolist() as unknown as TensordotDims);
	if (typeof dims === "number") {
		check.integer("tensordot", "dims", dims, { min: 0 });
		const last = Array.from({ length: dims }, (_, i) => i - dims);
		return [last, Array.from({ length: dims }, (_, i) => i)];
	}
	if (!Array.isArray(dims) || dims.length !== 2)
		throw check.invalidType(
			"tensordot",
			"dims",
			"integer or [integer[], integer[]]",
			dims,
		);
	return dims.map((each) => (typeof each === "number" ? [each] : each)) as [
		number[],
		number[],
	];
}

/**
 * Sums over dimensions that two tensors have in common: a product of matrices for `dims` 1, of all elements where they are all.
 *
 * @param dims how many: the last of `a` and the first of `b` (default 2); or which, of each
 * @throws TorchError where the sizes of these differ
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensordot.html
 *
 * @example
 * const a = torch.randn(3, 4, 5);
 * const b = torch.randn(4, 3, 2);
 * torch.tensordot(a, b, [[1, 0], [0, 1]]).shape; // [5, 2]
 */
export function tensordot(
	a: Tensor,
	b: Tensor,
	dims?: TensordotDims,
	options?: Out,
): Tensor;
export function tensordot(
	a: Tensor,
	b: Tensor,
	options: Out & { dims?: TensordotDims },
): Tensor;
export function tensordot(
	a: Tensor,
	b: Tensor,
	given: TensordotDims | (Out & { dims?: TensordotDims }) = 2,
	options: Out = {},
): Tensor {
	const op = "tensordot";
	checkTensor(op, "a", a);
	checkTensor(op, "b", b);
	const isNamed =
		typeof given === "object" && !Array.isArray(given) && !isTensor(given);
	const named = (isNamed ? given : { ...options, dims: given }) as Out & {
		dims?: TensordotDims;
	};
	check.options(op, named, ["dims", "out"]);
	const [first, second] = pairOf(named.dims ?? 2);
	const product = $tensordot.call([a, b, first, second]) as Tensor;
	return writeTo(op, named.out, product);
}

export interface EinsumOptions {
	/** The order of contraction, two operands at a time: `[i, j, i, j, …]`, places in what is left. Default: from left to right. */
	path?: readonly number[];
}

/** An operand, and the number of each of its dimensions. */
export type Sublist = Tensor | readonly number[];

/** "ab,bc->ac" for dimensions that are numbered: 0 to 25 are capitals, 26 to 51 small letters, "..." stays. */
function letters(sublist: readonly (number | "...")[]): string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	return sublist
		.map((each) => {
			const letter = each === "..." ? each : alphabet[each];
			if (letter === undefined)
				throw check.invalidValue(
					"einsum",
					"sublist",
					`expected numbers from 0 to 51, got ${each}`,
				);
			return letter;
		})
		.join("");
}

/**
 * Products of tensors summed over the letters that the result lacks (Einstein's convention).
 *
 * @param equation a letter for each dimension, operands divided by commas: "ij,jk->ik"; without an arrow the result has the letters that
 *   occur once, sorted; "..." stands for dimensions to broadcast
 * @param operands tensors, one after the other or in a list; or, in place of the equation too, tensors and the numbers of their
 *   dimensions by turns, and at the end those of the result
 * @throws TorchError where operands do not fit the equation
 * @see https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
 *
 * @example
 * const x = torch.randn(5, 2, 3);
 * const y = torch.randn(5, 3, 4);
 * torch.einsum("bij,bjk->bik", x, y).shape; // [5, 2, 4]
 * torch.einsum(x, [0, 1, 2], y, [0, 2, 3], [0, 1, 3]).shape; // the same
 */
export function einsum(
	equation: string,
	...operands: readonly Tensor[] | readonly [...Tensor[], EinsumOptions]
): Tensor;
export function einsum(
	equation: string,
	operands: readonly Tensor[],
	options?: EinsumOptions,
): Tensor;
export function einsum(
	operand: Tensor,
	...sublists: readonly [sublist: readonly (number | "...")[], ...Sublist[]]
): Tensor;
export function einsum(...given: readonly unknown[]): Tensor {
	const [first, ...rest] = given;
	if (isTensor(first)) return fromSublists(given);
	check.string("einsum", "equation", first);
	const last = rest.at(-1);
	const isNamed =
		rest.length > 1 && !isTensor(last) && !Array.isArray(last) && last !== null;
	if (isNamed) check.options("einsum", last, ["path"]);
	const operands = listOf("einsum", isNamed ? rest.slice(0, -1) : rest);
	return $einsum.callNamed(
		[first, operands],
		isNamed ? (last as Record<string, unknown>) : {},
	) as Tensor;
}

function fromSublists(given: readonly unknown[]): Tensor {
	const operands: unknown[] = [];
	const parts: string[] = [];
	let result = "";
	for (let i = 0; i < given.length; i += 2) {
		const isLast = i === given.length - 1;
		const sublist = (isLast ? given[i] : given[i + 1]) as (number | "...")[];
		check.array("einsum", "sublist", sublist);
		if (isLast) result = `->${letters(sublist)}`;
		else {
			operands.push(given[i]);
			parts.push(letters(sublist));
		}
	}
	const list = listOf("einsum", operands);
	return $einsum.call3(parts.join() + result, list, undefined) as Tensor;
}

const computeModes = [
	"use_mm_for_euclid_dist_if_necessary",
	"use_mm_for_euclid_dist",
	"donot_use_mm_for_euclid_dist",
] as const;

export interface CdistOptions {
	/** The norm's order, from 0 to Infinity. Default: 2. */
	p: number;
	/** Whether distances for p = 2 are taken from a product of matrices. Default: where there are more than 25 rows in either. */
	computeMode: (typeof computeModes)[number];
}

/**
 * The distance of every row of x1 to every row of x2: [..., P, M] and [..., R, M] to [..., P, R].
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cdist.html
 *
 * @example
 * torch.cdist(torch.randn(3, 2), torch.randn(4, 2), { p: 1 }).shape; // [3, 4]
 */
export function cdist(
	x1: Tensor,
	x2: Tensor,
	...rest: Optional<CdistOptions, ["p", "computeMode"]>
): Tensor {
	const defaults: CdistOptions = { p: 2, computeMode: computeModes[0] };
	const { p, computeMode } = optional("cdist", defaults, rest);
	const mode = computeModes.indexOf(
		check.oneOf("cdist", "computeMode", computeMode, computeModes),
	);
	return $cdist.call([x1, x2, p, mode || null]) as Tensor;
}
