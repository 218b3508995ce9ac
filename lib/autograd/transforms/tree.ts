/** Tensors within arrays, plain objects and maps: what functions that are transformed take and give. */
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** The shape of a tree: how to put its leaves together again. */
export interface Tree {
	readonly leaves: number;
	rebuild(leaves: readonly unknown[]): unknown;
}

const leaf: Tree = { leaves: 1, rebuild: (leaves) => leaves[0] };

function isPlain(value: object): value is Record<string, unknown> {
	const prototype: unknown = Object.getPrototypeOf(value);
	return (
		prototype === null ||
		(Object.getPrototypeOf(prototype) === null &&
			Object.hasOwn(prototype as object, "isPrototypeOf"))
	);
}

/** What holds other values; null for a leaf. */
function partsOf(
	value: unknown,
): { items: unknown[]; build(items: unknown[]): unknown } | null {
	if (Array.isArray(value))
		return { items: [...value], build: (items) => items };
	if (typeof value !== "object" || value === null || isTensor(value))
		return null;
	if (value instanceof Map) {
		const keys = [...value.keys()];
		return {
			items: [...value.values()],
			build: (items) => new Map(keys.map((key, i) => [key, items[i]])),
		};
	}
	if (!isPlain(value)) return null;
	const keys = Object.keys(value);
	return {
		items: keys.map((key) => value[key]),
		build: (items) => Object.fromEntries(keys.map((key, i) => [key, items[i]])),
	};
}

/** All leaves in order, and the tree that they were in. */
export function flatten(value: unknown): { leaves: unknown[]; tree: Tree } {
	const parts = partsOf(value);
	if (parts === null) return { leaves: [value], tree: leaf };
	const flat = parts.items.map(flatten);
	const leaves = flat.flatMap((each) => each.leaves);
	const rebuild = (all: readonly unknown[]) => {
		let place = 0;
		const items = flat.map(({ tree }) => {
			place += tree.leaves;
			return tree.rebuild(all.slice(place - tree.leaves, place));
		});
		return parts.build(items);
	};
	return { leaves, tree: { leaves: leaves.length, rebuild } };
}

/** The same tree with each leaf changed. */
export function map(
	value: unknown,
	change: (leaf: unknown) => unknown,
): unknown {
	const parts = partsOf(value);
	return parts === null
		? change(value)
		: parts.build(parts.items.map((item) => map(item, change)));
}

/** The same tree with each tensor changed; other leaves stay. */
export function mapTensors<T>(value: T, change: (tensor: Tensor) => Tensor): T {
	return map(value, (each) =>
		isTensor(each) ? change(each as Tensor) : each,
	) as T;
}

/** For each leaf of `value` the leaf of `prefix` that stands in its place or above it; null where the two do not fit. */
export function spread(prefix: unknown, value: unknown): unknown[] | null {
	const over = partsOf(prefix);
	if (over === null) return flatten(value).leaves.map(() => prefix);
	const parts = partsOf(value);
	if (parts === null || parts.items.length !== over.items.length) return null;
	const spreads = over.items.map((item, i) => spread(item, parts.items[i]));
	return spreads.some((each) => each === null) ? null : spreads.flat();
}
