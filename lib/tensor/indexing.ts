/** x.index(…) and x.setIndex(…): Python's square brackets. */
import * as check from "../check.ts";
import { $index, $indexPut_ } from "../generated/operators.ts";
import { isTensor } from "../handle.ts";
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

function toTensor(
	index: Tensor | readonly NestedScalars[],
	source: Tensor,
): Tensor {
	if (isTensor(index)) return index as Tensor;
	const made = tensorOf(index, index.length === 0 ? { dtype: "int64" } : {});
	if (made.dtype !== "int64" && made.dtype !== "bool")
		throw check.invalidType("index", "indices", "integers or booleans", index);
	return source.device === "cpu" ? made : made.to({ device: source.device });
}

/** How many dimensions an index uses up. */
function consumes(index: Index): number {
	if (index === null || index === "..." || typeof index === "boolean") return 0;
	if (isTensor(index)) {
		const { dtype } = index as Tensor;
		return dtype === "bool" || dtype === "uint8" ? (index as Tensor).dim() : 1;
	}
	if (Array.isArray(index))
		return typeof index.flat(Infinity)[0] === "boolean"
			? tensorOf(index).dim()
			: 1;
	return 1;
}

function plan(source: Tensor, indices: readonly Index[], op: string): Plan {
	const used = indices.reduce<number>((sum, i) => sum + consumes(i), 0);
	if (used > source.dim())
		throw check.invalidValue(
			op,
			"indices",
			`too many indices for tensor of dimension ${source.dim()}`,
		);
	if (indices.filter((i) => i === "...").length > 1)
		throw check.invalidValue(
			op,
			"indices",
			'only one "..." can stand in an index',
		);
	let view = source;
	let dim = 0;
	const tensors: (Tensor | null)[] = [];
	const add = (tensor: Tensor, width: number) => {
		while (tensors.length < dim) tensors.push(null);
		tensors.push(tensor);
		dim += width;
	};
	for (const index of indices) {
		if (typeof index === "number" || typeof index === "bigint") {
			view = view.select(dim, index);
		} else if (index instanceof Slice) {
			view = view.slice(dim, index.start, index.stop, index.step);
			dim++;
		} else if (index === "...") {
			dim += source.dim() - used;
		} else if (index === null) {
			view = view.unsqueeze(dim);
			dim++;
		} else if (typeof index === "boolean") {
			view = view.unsqueeze(dim);
			add(toTensor(tensorOf(index) as Tensor, source), 1);
		} else if (isTensor(index) || Array.isArray(index)) {
			const asTensor = toTensor(index as Tensor, source);
			const { dtype } = asTensor;
			const isMask = dtype === "bool" || dtype === "uint8";
			if (isMask && asTensor.dim() === 0) {
				view = view.unsqueeze(dim);
				add(asTensor, 1);
			} else if (!isMask && asTensor.dim() === 0) {
				view = view.select(dim, asTensor.item() as number);
			} else {
				add(asTensor, 1);
				// A mask of several dimensions stands for as many of the view's.
				if (isMask) for (let d = 1; d < asTensor.dim(); d++) dim++;
			}
		} else {
			throw check.invalidType(
				op,
				"indices",
				'number, slice, "...", null, boolean, Tensor or array',
				index,
			);
		}
	}
	return { view, tensors: compact(tensors) };
}

/** A mask of k dimensions is one entry that stands for k dimensions: the gaps that were left for it close. */
function compact(tensors: (Tensor | null)[]): (Tensor | null)[] {
	const result: (Tensor | null)[] = [];
	let skip = 0;
	for (const tensor of tensors) {
		if (skip > 0 && tensor === null) {
			skip--;
			continue;
		}
		result.push(tensor);
		skip =
			tensor !== null && (tensor.dtype === "bool" || tensor.dtype === "uint8")
				? Math.max(0, tensor.dim() - 1)
				: 0;
	}
	return result;
}

export function getIndex(source: Tensor, indices: readonly Index[]): Tensor {
	const { view, tensors } = plan(source, indices, "index");
	if (tensors.length > 0) return indexByTensors(view, tensors) as Tensor;
	return view === source ? view.alias() : view;
}

export function setIndex(
	source: Tensor,
	indices: readonly Index[],
	value: Tensor | Scalar,
): void {
	const { view, tensors } = plan(source, indices, "setIndex");
	if (tensors.length > 0) {
		const values = isTensor(value)
			? (value as Tensor)
			: tensorOf(value as Scalar, {
					dtype: source.dtype,
					device: source.device,
				});
		indexPut(view, tensors, values.to({ dtype: source.dtype }));
	} else if (isTensor(value)) {
		const source = value as Tensor;
		view.copy_(dropLeadingOnes(source, view.dim()));
	} else {
		view.fill_(value as Scalar);
	}
}

/** As Python does: a value may have more dimensions than the place, if the first ones are 1. */
function dropLeadingOnes(value: Tensor, dims: number): Tensor {
	let result = value;
	while (result.dim() > dims && result.shape[0] === 1)
		result = result.squeeze(0);
	return result;
}

const indexByTensors = (view: Tensor, tensors: readonly (Tensor | null)[]) =>
	$index.call(view, tensors);
const indexPut = (
	view: Tensor,
	tensors: readonly (Tensor | null)[],
	values: Tensor,
) => $indexPut_.call(view, tensors, values);
