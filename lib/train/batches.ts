/** Where batches come from, and what is in them. */
import { setImmediate } from "node:timers/promises";
import * as check from "../check.ts";
import { DataLoader, Subset, TensorDataset } from "../data/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Device } from "../types.ts";

/** Batches: a `DataLoader`, an array of batches, or whatever can be iterated as often as there are epochs. */
export type Batches<Batch> = AsyncIterable<Batch> | Iterable<Batch>;

/** What a model is given in one call, and what it should give. */
export type Items<Inputs extends unknown[], Target> = [
	...inputs: Inputs,
	target: Target,
];

export function checkBatches(op: string, name: string, value: unknown): void {
	const isIterable =
		typeof value === "object" &&
		value !== null &&
		(Symbol.asyncIterator in value || Symbol.iterator in value);
	if (!isIterable)
		throw check.invalidType(
			op,
			name,
			"batches: a DataLoader or another iterable",
			value,
		);
}

/** Batches in one pass; NaN where nobody knows. */
export function lengthOf(data: Batches<unknown>): number {
	if (data instanceof DataLoader || Array.isArray(data)) return data.length;
	return Number.NaN;
}

/** The batches of one pass; the event loop runs between them. What its maker has no use for is freed. */
export async function* batchesOf<Batch>(
	data: Batches<Batch>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Batch, void, undefined> {
	const isLoader = data instanceof DataLoader; // which lets the event loop run itself
	const isOurs = isLoader && makesBatches(data);
	signal?.throwIfAborted();
	for await (const batch of data) {
		yield batch;
		if (isOurs) dispose(batch);
		if (!isLoader) await setImmediate();
		signal?.throwIfAborted();
	}
}

/** Whether nobody but the loop has the loader's batches. A collateFn, or a dataset's own getBatch, may give the same tensors again. */
function makesBatches(loader: DataLoader<unknown, unknown>): boolean {
	const { collateFn, sampler } = loader;
	if (collateFn !== undefined || sampler === undefined) return false;
	let dataset: unknown = loader.dataset;
	while (dataset instanceof Subset) dataset = dataset.dataset;
	return (
		dataset instanceof TensorDataset ||
		(dataset as { getBatch?: unknown }).getBatch === undefined
	);
}

function dispose(value: unknown): void {
	if (value instanceof Tensor) value.dispose();
	else if (Array.isArray(value)) for (const item of value) dispose(item);
	else if (isPlain(value))
		for (const item of Object.values(value)) dispose(item);
}

/** The items of a batch that is as it comes: an array whose last item is the target. */
export function itemsOf(op: string, batch: unknown): unknown[] {
	if (Array.isArray(batch) && batch.length >= 2) return batch;
	throw check.invalidType(
		op,
		"batch",
		"an array of inputs and, at its end, the target (or pass `unpack`)",
		batch,
	);
}

/** How many samples there are: the first size of the first tensor. */
export function sizeOf(items: unknown): number {
	return firstSize(items) ?? 1;
}

function firstSize(value: unknown): number | undefined {
	if (value instanceof Tensor)
		return value.dim() > 0 ? value.size(0) : undefined;
	const parts = Array.isArray(value)
		? value
		: isPlain(value)
			? Object.values(value)
			: [];
	for (const part of parts) {
		const size = firstSize(part);
		if (size !== undefined) return size;
	}
	return undefined;
}

/** The same with all tensors on a device: those in arrays and plain objects, and what can move itself (`to`). */
export function onDevice(value: unknown, device: string | null): unknown {
	if (device === null) return value;
	if (value instanceof Tensor) return value.to(device as Device);
	if (Array.isArray(value)) return value.map((item) => onDevice(item, device));
	if (isPlain(value))
		return Object.fromEntries(
			Object.entries(value).map(([key, item]) => [key, onDevice(item, device)]),
		);
	const { to } = Object(value) as { to?: unknown };
	return typeof to === "function" ? to.call(value, device) : value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}
