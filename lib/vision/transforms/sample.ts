import { invalidType } from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { TVTensor } from "../tvTensors/index.ts";
import { isKind } from "../tvTensors/index.ts";

/** Counts the levels that the compiler looks for images in. */
type Deeper = [never, 0, 1, 2, 3];

/** true somewhere among the alternatives if T has an image, a mask, boxes or key points in its fields or elements. */
type HasKind<T, Depth extends number> = [Depth] extends [never]
	? false
	: T extends TVTensor
		? true
		: T extends
					| Tensor
					| ArrayBufferView
					| string
					| number
					| bigint
					| boolean
					| symbol
					| null
					| undefined
					| ((...args: never) => unknown)
			? false
			: T extends readonly (infer Element)[]
				? HasKind<Element, Deeper[Depth]>
				: { [Key in keyof T]: HasKind<T[Key], Deeper[Depth]> }[keyof T];

/**
 * `T` if it is a sample, else never: an `Image`, a `Mask`, `BoundingBoxes`, …, or a plain object or array with such among its values, at any
 * depth. What else is in it, labels and plain tensors too, is passed on as it is.
 */
export type Sample<T> = true extends HasKind<T, 4> ? T : never;

/** Calls `visit` with every tensor of a kind in a sample, and returns the sample with what it gave in their places. */
export function mapSample<T>(
	op: string,
	sample: T,
	visit: (value: Tensor) => unknown,
): T {
	let found = false;
	const mapped = mapTensors(sample, (value) => {
		if (!isKind(value)) return value;
		found = true;
		return visit(value);
	});
	if (found) return mapped;
	throw invalidType(
		op,
		"sample",
		"an image tensor, or an object or array with an Image, Video, Mask, BoundingBoxes or KeyPoints in it (new Image(tensor) makes one)",
		sample,
	);
}

/** Calls `visit` with every tensor in plain objects and arrays, and returns the same with what it gave in their places. */
export function mapTensors<T>(sample: T, visit: (value: Tensor) => unknown): T {
	const walk = (value: unknown): unknown => {
		if (value instanceof Tensor) return visit(value);
		if (Array.isArray(value)) return value.map(walk);
		if (isPlainObject(value)) {
			return Object.fromEntries(
				Object.entries(value).map(([key, item]) => [key, walk(item)]),
			);
		}
		return value;
	};
	return walk(sample) as T;
}

/** The tensors of a kind in a sample, in its order. */
export function flattenSample(op: string, sample: unknown): Tensor[] {
	if (sample instanceof Tensor) return [sample];
	const found: Tensor[] = [];
	mapSample(op, sample, (value) => {
		found.push(value);
		return value;
	});
	return found;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}
