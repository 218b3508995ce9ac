/** The distinct values of a tensor. */
import { checkTensor, type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import { $uniqueConsecutive, $uniqueDim } from "../generated/operators.ts";
import { privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";

interface Returns {
	/** Also where each element of the input is in the result. Default: false. */
	returnInverse: boolean;
	/** Also how often each value occurs. Default: false. */
	returnCounts: boolean;
	/** Compare the slices along this dimension. Default: null, the single elements. */
	dim: number | null;
}

interface Sorted extends Returns {
	/** In ascending order. Default: true. */
	sorted: boolean;
}

export type UniqueConsecutiveOptions = {
	[Name in keyof Returns]?: Returns[Name] | undefined;
};
export type UniqueOptions = {
	[Name in keyof Sorted]?: Sorted[Name] | undefined;
};

/** The values; with `returnInverse` and `returnCounts` these follow, in this order. */
export type Unique<Options> = Options extends { returnInverse: true }
	? Options extends { returnCounts: true }
		? [values: Tensor, inverse: Tensor, counts: Tensor]
		: [values: Tensor, inverse: Tensor]
	: Options extends { returnCounts: true }
		? [values: Tensor, counts: Tensor]
		: Tensor;

const unique2 = privateOperator("_unique2");

function only(
	[values, inverse, counts]: Tensor[],
	{ returnInverse, returnCounts }: Returns,
): Tensor | Tensor[] {
	if (!returnInverse && !returnCounts) return values as Tensor;
	return [
		values,
		...(returnInverse ? [inverse] : []),
		...(returnCounts ? [counts] : []),
	] as Tensor[];
}

function checked<T extends Returns>(op: string, input: unknown, given: T): T {
	checkTensor(op, "input", input);
	for (const [name, value] of Object.entries(given))
		if (name !== "dim") check.boolean(op, name, value);
		else if (value !== null) check.integer(op, name, value);
	return given;
}

/**
 * The distinct elements, or with `dim` the distinct slices along it.
 *
 * @returns the values; with `returnInverse` and `returnCounts` a list of these too
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unique.html
 *
 * @example
 * const [values, counts] = torch.unique(torch.tensor([1, 3, 2, 3]), { returnCounts: true }); // [1, 2, 3], [1, 1, 2]
 */
export function unique<const O extends UniqueOptions = object>(
	input: Tensor,
	options?: O,
): Unique<O>;
export function unique(
	input: Tensor,
	sorted: boolean,
	...rest: Optional<Returns, ["returnInverse", "returnCounts", "dim"]>
): Tensor | Tensor[];
export function unique(input: Tensor, ...rest: unknown[]): never {
	const defaults = {
		sorted: true,
		returnInverse: false,
		returnCounts: false,
		dim: null as number | null,
	};
	const given = checked("unique", input, optional("unique", defaults, rest));
	const { sorted, returnInverse, returnCounts, dim } = given;
	const found =
		dim === null
			? unique2(input, sorted, returnInverse, returnCounts)
			: $uniqueDim.call([input, dim, sorted, returnInverse, returnCounts]);
	return only(found as Tensor[], given) as never;
}

/**
 * The elements without those that equal the one before, or with `dim` the slices.
 *
 * @returns the values; with `returnInverse` and `returnCounts` a list of these too
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unique_consecutive.html
 *
 * @example
 * torch.uniqueConsecutive(torch.tensor([1, 1, 2, 2, 3, 1])); // [1, 2, 3, 1]
 */
export function uniqueConsecutive<
	const O extends UniqueConsecutiveOptions = object,
>(input: Tensor, options?: O): Unique<O>;
export function uniqueConsecutive(
	input: Tensor,
	returnInverse: boolean,
	...rest: Optional<Returns, ["returnCounts", "dim"]>
): Tensor | Tensor[];
export function uniqueConsecutive(input: Tensor, ...rest: unknown[]): never {
	const defaults = {
		returnInverse: false,
		returnCounts: false,
		dim: null as number | null,
	};
	const op = "uniqueConsecutive";
	const given = checked(op, input, optional(op, defaults, rest));
	const { returnInverse, returnCounts, dim } = given;
	const found = $uniqueConsecutive.call([
		input,
		returnInverse,
		returnCounts,
		dim,
	]);
	return only(found as Tensor[], given) as never;
}
