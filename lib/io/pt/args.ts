// The parts of calls in a pickle, each read as what it should be.
import type { DType } from "../../types.ts";
import {
	Dict,
	Global,
	List,
	type Node,
	type Persistent,
	Tuple,
} from "../pickle/nodes.ts";
import { PickleProblem } from "../pickle/reader.ts";
import { dtypeGlobals, sizeOf, storageGlobals } from "./dtypes.ts";

/** Bytes that tensors lie in. */
export interface Storage {
	/** Its name in the file. */
	key: string;
	/** What its class says; null where it is untyped. */
	dtype: DType | null;
	/** Where this part of it begins, and its length: old files have views of storages. */
	begin: number;
	bytes: number;
	/** The whole storage's length. */
	rootBytes: number;
}

/** The arguments of a call, each read as what it should be. */
export class Args {
	readonly #name: string;
	readonly #nodes: readonly Node[];

	constructor(name: string, nodes: readonly Node[]) {
		this.#name = name;
		this.#nodes = nodes;
	}

	get count(): number {
		return this.#nodes.length;
	}

	wrong(i: number, expected: string): PickleProblem {
		return new PickleProblem(
			`${this.#name}: argument ${i + 1} is not ${expected}`,
		);
	}

	node(i: number): Node {
		const node = this.#nodes[i];
		if (node === undefined) throw this.wrong(i, "there");
		return node;
	}

	string(i: number): string {
		const node = this.node(i);
		if (typeof node !== "string") throw this.wrong(i, "a string");
		return node;
	}

	number(i: number): number {
		const node = this.node(i);
		if (typeof node !== "number") throw this.wrong(i, "a number");
		return node;
	}

	boolean(i: number): boolean {
		const node = this.node(i);
		if (typeof node !== "boolean") throw this.wrong(i, "True or False");
		return node;
	}

	dtype(i: number): DType {
		const node = this.node(i);
		const dtype = node instanceof Global && dtypeGlobals.get(node.name);
		if (!dtype) throw this.wrong(i, "a dtype");
		return dtype;
	}

	list(i: number): readonly Node[] {
		const node = this.node(i);
		if (node instanceof List || node instanceof Tuple) return node.items;
		throw this.wrong(i, "a list");
	}

	dict(i: number): Dict {
		const node = this.node(i);
		if (!(node instanceof Dict)) throw this.wrong(i, "a dictionary");
		return node;
	}

	/** Keys and values in turn from a list of pairs. */
	pairs(i: number): Node[] {
		return this.list(i).flatMap((pair) => {
			if (
				(pair instanceof List || pair instanceof Tuple) &&
				pair.items.length === 2
			)
				return pair.items as Node[];
			throw this.wrong(i, "a list of pairs");
		});
	}
}

/** Python's `_codecs.encode(text, "latin1")`: how protocol 2 has bytes. */
export function latin1(args: Args): Uint8Array {
	const text = args.string(0);
	if (/latin-?1/.test(args.string(1)) && !/[^\0-\xff]/.test(text))
		return new Uint8Array(Buffer.from(text, "latin1"));
	throw args.wrong(0, "Latin-1");
}

/** The metadata of a tensor that is read conjugated or negated. */
export function bits(args: Args, i: number): { conj: boolean; neg: boolean } {
	const node = args.count > i ? args.node(i) : null;
	const entries = node instanceof Dict ? node.entries : [];
	const has = (name: string) => {
		const at = entries.indexOf(name);
		return at >= 0 && entries[at + 1] === true;
	};
	return { conj: has("conj"), neg: has("neg") };
}

/** ("storage", class, key, location, elements[, view]): what a pickle keeps outside of it. */
export function storageOf({ id }: Persistent): Storage {
	const wrong = () =>
		new PickleProblem("refers to something other than a storage");
	if (!(id instanceof Tuple)) throw wrong();
	const [kind, type, key, , count, view = null] = id.items;
	const dtype = type instanceof Global && storageGlobals.get(type.name);
	if (
		kind !== "storage" ||
		dtype === undefined ||
		dtype === false ||
		typeof key !== "string" ||
		!isLengths([count])
	)
		throw wrong();
	const size = sizeOf(dtype);
	const rootBytes = (count as number) * size;
	if (view === null)
		return { key, dtype, begin: 0, bytes: rootBytes, rootBytes };
	// (key of the view, where it begins, its length)
	if (!(view instanceof Tuple) || !isLengths(view.items.slice(1)))
		throw wrong();
	const [begin, length] = view.items.slice(1) as number[];
	if (begin === undefined || length === undefined) throw wrong();
	return {
		key,
		dtype,
		begin: begin * size,
		bytes: length * size,
		rootBytes,
	};
}

const MAX_DIMENSIONS = 64;

export function isLengths(value: unknown): value is readonly number[] {
	return (
		Array.isArray(value) &&
		value.length <= MAX_DIMENSIONS &&
		value.every((length) => Number.isSafeInteger(length) && length >= 0)
	);
}
