/** Values on their way between threads: datasets and functions to workers, batches back. */
import { types } from "node:util";
import { Callable } from "../../callable.ts";
import { describe } from "../../check.ts";
import { TorchError } from "../../errors.ts";
import { Generator } from "../../generator.ts";
import { isTensor } from "../../handle.ts";
import { fromBlob, tensor, toTypedArray } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../types.ts";
import { type Exported, type Place, placeOf, saidToBe } from "../importable.ts";
import { rebuild } from "./rebuild.ts";
import { viewOf } from "./sharedMemory.ts";

/** No property of anybody's objects has this name. */
const mark = "\0torch";

/** A tensor's place in shared memory: a buffer, or the number that the receiver knows it by. */
export interface PackedTensor {
	buffer: SharedArrayBuffer | number;
	offset: number;
	shape: number[];
	dtype: DType;
	requiresGrad: boolean;
}

/** What stands in a packed value for something that cannot be cloned. */
type Marked =
	| ({ [mark]: "tensor" } & PackedTensor)
	| { [mark]: "generator"; state: Uint8Array }
	| { [mark]: "bytes"; bytes: Uint8Array }
	| ({ [mark]: "export" } & Place)
	/** An instance, and its own fields. */
	| ({ [mark]: "fields"; fields: object } & Place)
	/** An instance, and what its toWorker gave. */
	| ({ [mark]: "state"; state: unknown } & Place);

/** A value that messages can carry, and the modules that are to be imported before it is unpacked. */
export interface Packed {
	value: unknown;
	modules: string[];
}

/**
 * @param name what errors call the value
 * @param place puts a dense tensor of the CPU into shared memory
 * @throws TorchError that names the part which cannot be sent
 */
export function pack(
	name: string,
	value: unknown,
	place: (x: Tensor) => PackedTensor,
): Packed {
	const modules = new Set<string>();
	// Cloning keeps what is the same object the same; so does this.
	const packed = new Map<object, unknown>();
	const remember = <T extends object>(from: object, to: T): T => {
		packed.set(from, to);
		return to;
	};
	const at = (thing: Exported, path: string, what: string): Place => {
		const found = placeOf(thing);
		if (!found) throw refusal(path, what, adviceFor(thing.name));
		modules.add(found.module);
		return found;
	};

	const visit = (value: unknown, path: string): unknown => {
		if (typeof value === "symbol") throw refusal(path, "a symbol");
		if (typeof value === "function") {
			if (packed.has(value)) return packed.get(value);
			return value instanceof Callable
				? instance(value, path)
				: remember(value, {
						[mark]: "export",
						...at(value, path, describeFunction(value)),
					});
		}
		if (typeof value !== "object" || value === null) return value;
		if (packed.has(value)) return packed.get(value);
		if (isTensor(value)) {
			if ("toWorker" in value) return instance(value, path);
			const x = value as Tensor;
			return remember(x, { [mark]: "tensor", ...placed(x, path, place) });
		}
		if (Array.isArray(value)) {
			if (value.every(isPrimitive)) return value;
			const items: unknown[] = remember(value, []);
			for (const [i, item] of value.entries()) {
				items.push(visit(item, `${path}[${i}]`));
			}
			return items;
		}
		if (value instanceof Generator) {
			const state = toTypedArray(value.getState()) as Uint8Array;
			return remember(value, { [mark]: "generator", state });
		}
		if (Buffer.isBuffer(value)) {
			return remember(value, {
				[mark]: "bytes",
				bytes: Uint8Array.from(value),
			});
		}
		if (value instanceof Map) {
			const map = remember(value, new Map<unknown, unknown>());
			for (const [key, item] of value) {
				map.set(visit(key, `${path} (a key)`), visit(item, `${path}.get()`));
			}
			return map;
		}
		if (value instanceof Set) {
			const set = remember(value, new Set<unknown>());
			for (const item of value) set.add(visit(item, `${path} (an item)`));
			return set;
		}
		if (isCloneable(value)) return value;
		const prototype = Object.getPrototypeOf(value) as object | null;
		if (prototype === null || Object.getPrototypeOf(prototype) === null) {
			return fields(value, path, remember(value, {}));
		}
		return instance(value, path);
	};

	const fields = (value: object, path: string, to: Record<string, unknown>) => {
		for (const [key, item] of Object.entries(value)) {
			to[key] = visit(item, `${path}.${key}`);
		}
		return to;
	};

	const instance = (value: object, path: string): unknown => {
		const made = value as { toWorker?: () => unknown; constructor: Exported };
		const found = at(made.constructor, path, describe(value));
		if (typeof made.toWorker === "function") {
			const to = { [mark]: "state", ...found, state: undefined as unknown };
			remember(value, to).state = visit(made.toWorker(), path);
			return to;
		}
		const to = { [mark]: "fields", ...found, fields: {} };
		fields(value, path, remember(value, to).fields);
		return to;
	};

	return { value: visit(value, name), modules: [...modules] };
}

function placed(
	x: Tensor,
	path: string,
	place: (x: Tensor) => PackedTensor,
): PackedTensor {
	if (x.device !== "cpu") {
		throw refusal(
			path,
			`a tensor on ${x.device}`,
			"workers have tensors on the CPU; move the batches in your loop",
		);
	}
	if (x.layout !== "strided") {
		throw refusal(
			path,
			`a ${x.layout} tensor`,
			"send its parts, or x.toDense()",
		);
	}
	if (x.requiresGrad && !x.isLeaf) {
		throw refusal(
			path,
			"a tensor that has a graph",
			"threads share no graphs: x.detach()",
		);
	}
	return place(x);
}

const isPrimitive = (value: unknown): boolean =>
	(typeof value !== "object" || value === null) &&
	typeof value !== "function" &&
	typeof value !== "symbol";

const isCloneable = (value: object): boolean =>
	ArrayBuffer.isView(value) ||
	types.isAnyArrayBuffer(value) ||
	types.isDate(value) ||
	types.isRegExp(value) ||
	types.isNativeError(value) ||
	types.isBoxedPrimitive(value);

function describeFunction({ name }: Exported): string {
	return name ? `the function ${name}` : "a function without a name";
}

function adviceFor(name: string): string {
	return `declare it in the module that exports it: importable(import.meta.url, ${name || "…"}); or open the dataset in each worker: perThread(open)`;
}

function refusal(path: string, what: string, advice?: string): TorchError {
	return new TorchError(
		`${what} cannot be sent to another thread${advice ? `; ${advice}` : ""}`,
		{ code: "ERR_NOT_SENDABLE", op: "DataLoader", argument: path },
	);
}

type Namespace = Record<string, unknown>;
const imported = new Map<string, Namespace>();

/** Imports what a packed value needs. */
export async function importFor({ modules }: Packed): Promise<void> {
	for (const module of modules) {
		if (!imported.has(module)) imported.set(module, await import(module));
	}
}

/** The tensor again. */
function tensorOf({ buffer, offset, shape, dtype }: PackedTensor): Tensor {
	const array = viewOf(buffer as SharedArrayBuffer, offset, shape, dtype);
	return fromBlob(array, shape, { dtype });
}

/**
 * The value again, once `importFor` is done.
 *
 * @param find makes a tensor of shared memory
 */
export function unpack(
	{ value }: Packed,
	find: (x: PackedTensor) => Tensor = tensorOf,
): unknown {
	const unpacked = new Map<object, unknown>();
	const remember = <T>(from: object, to: T): T => {
		unpacked.set(from, to);
		return to;
	};

	const visit = (value: unknown): unknown => {
		if (typeof value !== "object" || value === null) return value;
		if (unpacked.has(value)) return unpacked.get(value);
		if (Array.isArray(value)) {
			if (value.every(isPrimitive)) return value;
			const items: unknown[] = remember(value, []);
			for (const item of value) items.push(visit(item));
			return items;
		}
		if (value instanceof Map) {
			const map = remember(value, new Map<unknown, unknown>());
			for (const [key, item] of value) map.set(visit(key), visit(item));
			return map;
		}
		if (value instanceof Set) {
			const set = remember(value, new Set<unknown>());
			for (const item of value) set.add(visit(item));
			return set;
		}
		if (mark in value) return restore(value as Marked);
		return isCloneable(value) ? value : fields(value, remember(value, {}));
	};

	const fields = (value: object, to: object): object => {
		for (const [key, item] of Object.entries(value)) {
			// defined, as a constructor would: a setter or a read-only property of the prototype has no say
			Object.defineProperty(to, key, {
				value: visit(item),
				writable: true,
				enumerable: true,
				configurable: true,
			});
		}
		return to;
	};

	const restore = (node: Marked): unknown => {
		switch (node[mark]) {
			case "tensor": {
				const x = find(node);
				return remember(node, node.requiresGrad ? x.requiresGrad_() : x);
			}
			case "generator":
				return remember(node, new Generator().setState(tensor(node.state)));
			case "bytes": {
				const { buffer, byteOffset, length } = node.bytes;
				return remember(node, Buffer.from(buffer, byteOffset, length));
			}
			case "export":
				return exportOf(node);
			case "fields": {
				const made = exportOf(node);
				if (made.prototype instanceof Callable) {
					return remember(node, rebuild(made, fields(node.fields, {})));
				}
				const empty: object = Object.create(made.prototype);
				return fields(node.fields, remember(node, empty));
			}
			case "state": {
				const made = exportOf(node) as Exported & {
					fromWorker?: (state: unknown) => unknown;
				};
				if (typeof made.fromWorker !== "function") {
					throw new TorchError(
						`the class ${node.name} has toWorker, and no static fromWorker`,
						{ code: "ERR_NOT_SENDABLE" },
					);
				}
				return remember(node, made.fromWorker(visit(node.state)));
			}
		}
	};
	return visit(value);
}

function exportOf(place: Place): Exported {
	const { module, name } = place;
	const found = saidToBe(place) ?? imported.get(module)?.[name];
	if (typeof found === "function") return found as Exported;
	throw new TorchError(
		`${module} does not export ${name}, as importable() said there`,
		{ code: "ERR_NOT_SENDABLE" },
	);
}
