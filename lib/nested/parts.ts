/** Nested tensors of parts of one tensor: of rows of different lengths. PyTorch gives some of them the jagged layout, which LibTorch has no operators for. */
import { checkTensor, type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { asNestedTensor } from "./creation.ts";

/** Integers: a list, or a tensor of them. */
type Integers = Tensor | readonly number[];

function integers(
	op: string,
	name: string,
	given: Integers,
	count?: number,
): number[] {
	const isList = isTensor(given);
	if (isList && (given as Tensor).ndim !== 1)
		throw check.invalidValue(
			op,
			name,
			`expected one dimension, got shape [${(given as Tensor).shape.join(", ")}]`,
		);
	const list = isList ? ((given as Tensor).tolist() as number[]) : given;
	check.array(op, name, list as readonly number[]);
	if (count !== undefined && (list as number[]).length !== count)
		throw check.invalidValue(
			op,
			name,
			`expected ${count} numbers, got ${(list as number[]).length}`,
		);
	for (const [i, each] of (list as number[]).entries())
		check.integer(op, `${name}[${i}]`, each, { min: 0 });
	return list as number[];
}

/**
 * A nested tensor of an interval of each part of `input` along its first dimension.
 *
 * @param input [batch, ...]
 * @param dim which dimension of `input` is narrowed; not the first
 * @param start the first element, or a list or tensor [batch] of one for each part
 * @param length how many, or a list or tensor [batch] of one for each part
 * @throws TorchError where an interval reaches beyond the dimension
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nested.narrow.html (with the strided layout, which takes a number for all there)
 *
 * @example
 * const x = torch.arange(8).view(2, 4);
 * torch.nested.narrow(x, 1, [0, 1], [2, 3]).unbind(); // [0, 1] and [5, 6, 7]
 */
export function narrow(
	input: Tensor,
	dim: number,
	start: number | Integers,
	length: number | Integers,
): Tensor {
	const op = "nested.narrow";
	checkTensor(op, "input", input);
	check.integer(op, "dim", dim, { min: 1 - input.ndim, max: input.ndim - 1 });
	const at = dim < 0 ? dim + input.ndim : dim;
	if (at === 0)
		throw check.invalidValue(op, "dim", "the first dimension is the parts'");
	const parts = input.unbind(0);
	const each = (name: string, given: number | Integers): number[] =>
		typeof given === "number"
			? parts.map(() => check.integer(op, name, given, { min: 0 }))
			: integers(op, name, given, parts.length);
	const starts = each("start", start);
	const lengths = each("length", length);
	return nest(
		op,
		input,
		at,
		starts.map((from, i) => [from, lengths[i] as number]),
		(i) => parts[i] as Tensor,
		at - 1,
	);
}

/** A nested tensor of intervals [start, length] of what `partOf` gives, all within `input`'s dimension `dim`. */
function nest(
	op: string,
	input: Tensor,
	dim: number,
	intervals: readonly (readonly [number, number])[],
	partOf: (i: number) => Tensor,
	at: number,
): Tensor {
	const size = input.size(dim);
	for (const [start, length] of intervals)
		if (start + length > size)
			throw check.invalidValue(
				op,
				"length",
				`${length} elements from ${start} on reach beyond ${size}`,
			);
	return asNestedTensor(
		intervals.map(([start, length], i) => partOf(i).narrow(at, start, length)),
	);
}

export interface FromJaggedOptions {
	/** Where each part begins along the packed dimension, and where the last one ends: [parts + 1]. */
	offsets: Integers | null;
	/** How long each part is: [parts]; with `offsets` parts may end before the next one begins. */
	lengths: Integers | null;
	/** The dimension of the nested tensor that is packed, from 1 on; in `values` it is the one before. Default: 1. */
	jaggedDim: number | null;
}

/**
 * A nested tensor of what lies packed one after the other in `values`. One of `offsets` and `lengths` is needed.
 *
 * It has copies in the strided layout, where PyTorch's is a view in the jagged one; gradients go through it.
 *
 * @throws TorchError where parts reach beyond `values`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nested.nested_tensor_from_jagged.html
 *
 * @example
 * const values = torch.arange(12).view(6, 2);
 * torch.nested.nestedTensorFromJagged(values, [0, 2, 3, 6]).unbind().map((part) => part.shape); // [[2, 2], [1, 2], [3, 2]]
 */
export function nestedTensorFromJagged(
	values: Tensor,
	...rest: Optional<FromJaggedOptions, ["offsets", "lengths", "jaggedDim"]>
): Tensor {
	const op = "nestedTensorFromJagged";
	checkTensor(op, "values", values);
	const given = optional(
		op,
		{ offsets: null, lengths: null, jaggedDim: null } as FromJaggedOptions,
		rest,
	);
	const at = (given.jaggedDim ?? 1) - 1;
	check.integer(op, "jaggedDim", at + 1, { min: 1, max: values.ndim });
	if (given.offsets === null && given.lengths === null)
		throw check.invalidValue(op, "offsets", "expected offsets or lengths");
	const ends =
		given.offsets === null ? null : integers(op, "offsets", given.offsets);
	if (ends?.some((end, i) => end < (ends[i - 1] ?? 0)))
		throw check.invalidValue(op, "offsets", `[${ends.join(", ")}] do not rise`);
	const lengths =
		given.lengths === null
			? null
			: integers(
					op,
					"lengths",
					given.lengths,
					ends ? ends.length - 1 : undefined,
				);
	let next = 0;
	const intervals = (lengths ?? (ends as number[]).slice(1)).map(
		(length, i): [number, number] => {
			if (ends === null) {
				next += length;
				return [next - length, length];
			}
			const start = ends[i] as number;
			return [start, lengths === null ? length - start : length];
		},
	);
	return nest(op, values, at, intervals, () => values, at);
}

/**
 * A nested tensor of the elements where `mask` is true, a part for each row (each index of all dimensions but the last one).
 *
 * It has copies in the strided layout, where PyTorch's is jagged; gradients go through it.
 *
 * @param mask booleans that broadcast to `input`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nested.masked_select.html
 *
 * @example
 * const x = torch.tensor([[1, 2, 3], [4, 5, 6]]);
 * torch.nested.maskedSelect(x, x.ne(2)).unbind(); // [1, 3] and [4, 5, 6]
 */
export function maskedSelect(input: Tensor, mask: Tensor): Tensor {
	const op = "nested.maskedSelect";
	checkTensor(op, "input", input);
	checkTensor(op, "mask", mask);
	const values = input.maskedSelect(mask);
	const counts = mask.expand(input.shape).sum(-1).flatten();
	return nestedTensorFromJagged(values, { lengths: counts });
}
