/** x.index(…) and x.setIndex(…): Python's square brackets. */
import { as } from "../arguments.ts";
import * as check from "../check.ts";
import { $index, $indexPut_ } from "../generated/operators.ts";
import { isTensor } from "../handle.ts";
import { isComplexNumber } from "../kinds.ts";
import type { Scalar } from "../types.ts";
import { type NestedScalars, tensor as tensorOf } from "./creation.ts";
import type { Tensor } from "./tensor.ts";

/** Python's `start:stop:step`. */
export class Slice {
	readonly start: number | null;
	readonly stop: number | null;
	readonly step: number;

	constructor(
		start: number | null = null,
		stop: number | null = null,
		step = 1,
	) {
		for (const [name, value] of [
			["start", start],
			["stop", stop],
		] as const)
			if (value !== null) check.integer("slice", name, value);
		this.start = start;
		this.stop = stop;
		this.step = check.integer("slice", "step", step, { min: 1 });
	}
}

/** Python's `start:stop:step`, for `x.index`: `x.index(slice(1, 3))` is x[1:3], `slice()` is `:`. */
export function slice(
	start: number | null = null,
	stop: number | null = null,
	step = 1,
): Slice {
	return new Slice(start, stop, step);
}

/**
 * One index: a number, a slice, "..." for as many full slices as fit, null for a new dimension, a boolean, a tensor of
 * integers or a mask, or an array of either.
 */
export type Index =
	| number
	| bigint
	| boolean
	| Slice
	| "..."
	| null
	| Tensor
	| readonly NestedScalars[];

interface Plan {
	/** The view that numbers, slices, "..." and null make. */
	view: Tensor;
	/** Tensors to index that view with, null for dimensions left whole; empty if there are none. */
	tensors: (Tensor | null)[];
}

/** An index, ready: booleans of no dimensions and whole numbers are plain, arrays are tensors. */
type Part = number | bigint | boolean | Slice | "..." | null | Tensor;

const isMask = ({ dtype }: Tensor): boolean =>
	dtype === "bool" || dtype === "uint8";

function toPart(op: string, index: Index, source: Tensor): Part {
	if (Array.isArray(index)) {
		const made = tensorOf(index);
		const indices = made.numel() === 0 ? made.to("int64") : made;
		return toPart(op, indices.to({ device: source.device }), source);
	}
	if (isTensor(index)) {
		const tensor = index as Tensor;
		if (!isMask(tensor) && !["int64", "int32"].includes(tensor.dtype))
			throw check.invalidType(
				op,
				"indices",
				"integers (int64, int32) or booleans",
				tensor.dtype,
			);
		if (tensor.dim() > 0) return tensor;
		const value = tensor.item() as number | bigint | boolean;
		return isMask(tensor) ? Boolean(value) : value;
	}
	if (
		index === null ||
		index === "..." ||
		typeof index === "boolean" ||
		typeof index === "bigint" ||
		Number.isInteger(index) ||
		index instanceof Slice
	)
		return index as Part;
	throw check.invalidType(
		op,
		"indices",
		'integer, slice, "...", null, boolean, Tensor or array',
		index,
	);
}

/** How many dimensions an index uses up. */
function consumes(part: Part): number {
	if (part === null || part === "..." || typeof part === "boolean") return 0;
	return isTensor(part) && isMask(part as Tensor) ? (part as Tensor).dim() : 1;
}

function plan(source: Tensor, indices: readonly Index[], op: string): Plan {
	const parts = indices.map((index) => toPart(op, index, source));
	const left =
		source.dim() - parts.reduce<number>((sum, p) => sum + consumes(p), 0);
	if (left < 0)
		throw check.invalidValue(
			op,
			"indices",
			`too many indices for tensor of dimension ${source.dim()}`,
		);
	if (parts.indexOf("...") !== parts.lastIndexOf("..."))
		throw check.invalidValue(
			op,
			"indices",
			'only one "..." can stand in an index',
		);
	let view = source;
	let dim = 0; // of the view
	const tensors: (Tensor | null)[] = [];
	const leaveWhole = (count: number) => {
		dim += count;
		for (let i = 0; i < count; i++) tensors.push(null);
	};
	for (const part of parts) {
		if (part === null) {
			view = view.unsqueeze(dim);
			leaveWhole(1);
		} else if (part === "...") {
			leaveWhole(left);
		} else if (typeof part === "boolean") {
			// All or nothing of a new dimension of size 1.
			view = view.unsqueeze(dim++);
			tensors.push(
				tensorOf(part ? [0] : [], { dtype: "int64", device: source.device }),
			);
		} else if (part instanceof Slice) {
			view = view.slice(dim, part.start, part.stop, part.step);
			leaveWhole(1);
		} else if (isTensor(part)) {
			tensors.push(part as Tensor);
			dim += consumes(part as Tensor);
		} else {
			view = view.select(dim, part);
		}
	}
	return { view, tensors: tensors.some((t) => t !== null) ? tensors : [] };
}

export function getIndex(source: Tensor, indices: readonly Index[]): Tensor {
	const [only] = indices;
	// The commonest index by tensors needs no plan.
	if (indices.length === 1 && isTensor(only) && (only as Tensor).dim() > 0)
		return $index.call3(source, indices, undefined) as Tensor;
	const { view, tensors } = plan(source, indices, "index");
	if (tensors.length > 0)
		return $index.call3(view, tensors, undefined) as Tensor;
	return view === source ? view.alias() : view;
}

const isScalar = (value: unknown): value is Scalar =>
	["number", "bigint", "boolean"].includes(typeof value) ||
	isComplexNumber(value);

export function setIndex(
	source: Tensor,
	indices: readonly Index[],
	value: Tensor | Scalar,
): void {
	check.array("setIndex", "indices", indices);
	if (!isTensor(value) && !isScalar(value))
		throw check.invalidType(
			"setIndex",
			"value",
			"Tensor, number, bigint, boolean or { re, im }",
			value,
		);
	const { view, tensors } = plan(source, indices, "setIndex");
	const values = isTensor(value) && dropLeadingOnes(value as Tensor);
	const { dtype, device } = source;
	if (tensors.length > 0)
		as("setIndex", () =>
			$indexPut_.call3(
				view,
				tensors,
				values || tensorOf(value as Scalar, { dtype, device }),
			),
		);
	else if (values) view.copy_(values);
	else view.fill_(value as Scalar);
}

/** As Python does: a value may have more dimensions than the place, if the first ones are 1. */
function dropLeadingOnes(value: Tensor): Tensor {
	const { shape } = value;
	const first = shape.findIndex((size) => size !== 1);
	if (first === 0) return value;
	return value.reshape(first < 0 ? [] : shape.slice(first));
}
