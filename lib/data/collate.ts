import { invalidValue } from "../check.ts";
import type { TorchError } from "../errors.ts";
import { stack } from "../generated/functions.ts";
import { tensor } from "../tensor/creation.ts";
import { Tensor } from "../tensor/tensor.ts";
import { importable } from "./importable.ts";

/** What `defaultCollate` makes of samples of type `Sample`. */
export type Collated<Sample> = Sample extends Tensor | ArrayBufferView
	? Tensor
	: Sample extends number | bigint | boolean
		? Tensor
		: Sample extends string
			? string[]
			: { -readonly [Key in keyof Sample]: Collated<Sample[Key]> };

/**
 * Puts samples together to a batch: tensors and typed arrays are stacked along a new first dimension, numbers become a tensor (int64 if all of
 * the batch are integers, else float64), booleans a bool tensor, strings stay an array, arrays and plain objects are
 * collated item by item.
 *
 * ```ts
 * defaultCollate([[torch.zeros([3]), 0], [torch.ones([3]), 1]]); // [tensor of [2, 3], tensor([0, 1])]
 * defaultCollate([{ name: "a", size: 1.5 }, { name: "b", size: 2 }]); // { name: ["a", "b"], size: tensor([1.5, 2]) }
 * ```
 *
 * @throws TorchError that says where, for anything else and for samples of different forms
 */
export function defaultCollate<Sample>(
	samples: readonly Sample[],
): Collated<Sample> {
	return collateWith(stack, samples) as Collated<Sample>;
}

/** Makes one tensor of several, along a new first dimension. */
type Stack = (tensors: readonly Tensor[]) => Tensor;

/** @internal `defaultCollate`, with memory of one's own for the batch. */
export function collateWith(
	stack: Stack,
	samples: readonly unknown[],
): unknown {
	if (samples.length === 0) throw wrong("", "at least one", "none");
	return collate(samples, "", stack);
}

function collate(
	values: readonly unknown[],
	path: string,
	stack: Stack,
): unknown {
	const first = values[0];
	if (first instanceof Tensor) {
		return stack(all(values, path, "a tensor", isTensor));
	}
	switch (typeof first) {
		case "number":
		case "bigint":
			return collateNumbers(all(values, path, "a number", isNumber));
		case "boolean":
			return tensor(all(values, path, "a boolean", isBoolean));
		case "string":
			return all(values, path, "a string", isString);
	}
	if (ArrayBuffer.isView(first)) {
		const parts = values.map((value) => tensor(value as Uint8Array));
		const batch = stack(parts);
		for (const part of parts) part.dispose();
		return batch;
	}
	if (Array.isArray(first)) {
		const same = (value: unknown): value is unknown[] =>
			Array.isArray(value) && value.length === first.length;
		const rows = all(values, path, `an array of ${first.length}`, same);
		return first.map((_, i) =>
			collate(
				rows.map((row) => row[i]),
				`${path}[${i}]`,
				stack,
			),
		);
	}
	if (isPlainObject(first)) {
		const rows = all(values, path, "an object", isPlainObject);
		const keys = Object.keys(first);
		const columns = keys.map((key) => [
			key,
			collate(
				rows.map((row) => row[key]),
				`${path}.${key}`,
				stack,
			),
		]);
		return Object.fromEntries(columns);
	}
	throw wrong(
		path,
		"tensors, typed arrays, numbers, booleans, strings, arrays or plain objects",
		describe(first),
	);
}

function collateNumbers(values: readonly (number | bigint)[]): Tensor {
	const integers = values.every((value) => Number.isInteger(Number(value)));
	return tensor(integers ? values : values.map(Number), {
		dtype: integers ? "int64" : "float64",
	});
}

/** `values`, when all are what the first one is. */
function all<T>(
	values: readonly unknown[],
	path: string,
	form: string,
	is: (value: unknown) => value is T,
): T[] {
	const odd = values.findIndex((value) => !is(value));
	if (odd >= 0) {
		throw wrong(
			path,
			`${form} in every sample, as in the first`,
			`${describe(values[odd])} in sample ${odd} of the batch`,
		);
	}
	return values as T[];
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
const isNumber = (value: unknown): value is number | bigint =>
	typeof value === "number" || typeof value === "bigint";
const isBoolean = (value: unknown): value is boolean =>
	typeof value === "boolean";
const isString = (value: unknown): value is string => typeof value === "string";

function isPlainObject(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
	if (value === null || value === undefined) return String(value);
	if (Array.isArray(value)) return `an array of ${value.length}`;
	if (typeof value !== "object") return `a ${typeof value}`;
	return value.constructor?.name ?? "an object";
}

function wrong(path: string, expected: string, got: string): TorchError {
	return invalidValue(
		"defaultCollate",
		`samples${path}`,
		`expected ${expected}, got ${got}; pass a collateFn for other samples`,
	);
}

importable(import.meta.url, defaultCollate);
