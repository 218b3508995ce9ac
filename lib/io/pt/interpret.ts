// What a checkpoint's pickle may say, and what becomes of it: this is the whole of the allow-list.
import type { DType, Layout } from "../../types.ts";
import { shown } from "../files.ts";
import {
	Call,
	Dict,
	Global,
	List,
	type Node,
	Persistent,
	PySet,
	Tuple,
} from "../pickle/nodes.ts";
import { PickleProblem } from "../pickle/reader.ts";
import {
	Args,
	bits,
	isLengths,
	latin1,
	type Storage,
	storageOf,
} from "./args.ts";
import { dtypeGlobals, sizeOf, storageGlobals } from "./dtypes.ts";

/** A tensor's place in a storage; the offset counts elements from the storage's `begin`. */
export interface Strided {
	storage: Storage;
	dtype: DType;
	shape: number[];
	strides: number[];
	offset: number;
	requiresGrad: boolean;
	/** Bits that PyTorch reads the elements with. */
	conj: boolean;
	neg: boolean;
}

export interface Quantized extends Strided {
	scale: unknown;
	zeroPoint: unknown;
	/** Of scale and zero point, where there are several. */
	axis: number | null;
}

/** Makes tensors, or only checks whether they could be made. */
export interface Builder {
	isTensor(value: unknown): boolean;
	strided(tensor: Strided): unknown;
	quantized(tensor: Quantized): unknown;
	meta(dtype: DType, shape: number[], strides: number[]): unknown;
	/** @param coalesced whether the indices of a sparse_coo tensor are in order, each once; null: nobody has looked */
	sparse(
		layout: Layout,
		parts: unknown[],
		shape: number[],
		coalesced: boolean | null,
	): unknown;
	parameter(data: unknown, requiresGrad: boolean): unknown;
	/** In another dtype. */
	converted(data: unknown, dtype: DType, requiresGrad: boolean): unknown;
}

const MAX_DEPTH = 1000;

/** Turns nodes into values, those that occur twice into one value. */
export class Interpreter {
	readonly #builder: Builder;
	readonly #known = new Map<Node, unknown>();
	readonly #open = new Set<Node>();

	constructor(builder: Builder) {
		this.#builder = builder;
	}

	/** @throws PickleProblem where a node is none that a checkpoint may have */
	value(node: Node): unknown {
		if (typeof node !== "object" || node === null) return node;
		if (node instanceof Uint8Array) return node;
		const known = this.#known.get(node);
		if (known !== undefined) return known;
		if (this.#open.has(node)) throw new PickleProblem("holds itself");
		if (this.#open.size >= MAX_DEPTH)
			throw new PickleProblem(`is nested deeper than ${MAX_DEPTH}`);
		this.#open.add(node);
		const value = this.#make(node);
		this.#open.delete(node);
		this.#known.set(node, value);
		return value;
	}

	#make(node: Exclude<Node, Uint8Array | null> & object): unknown {
		if (node instanceof List) return this.#values(node.items);
		if (node instanceof Tuple) return Object.freeze(this.#values(node.items));
		if (node instanceof Dict) return this.#dict(node.entries);
		if (node instanceof PySet) return new Set(this.#values(node.items));
		if (node instanceof Persistent) return this.#storageTensor(node);
		if (node instanceof Global) {
			const dtype = dtypeGlobals.get(node.name);
			if (dtype === undefined) throw refused(node.name);
			return dtype;
		}
		return this.#call(node);
	}

	#values(nodes: readonly Node[]): unknown[] {
		return nodes.map((node) => this.value(node));
	}

	/** An object where all keys are strings, else a Map. */
	#dict(entries: readonly Node[]): unknown {
		const map = new Map<unknown, unknown>();
		for (let i = 0; i < entries.length; i += 2) {
			const key = this.value(entries[i] as Node);
			if (map.has(key)) throw new PickleProblem("has a key twice");
			map.set(key, this.value(entries[i + 1] as Node));
		}
		for (const key of map.keys()) if (typeof key !== "string") return map;
		return isOptimizerState(map) ? withState(map) : Object.fromEntries(map);
	}

	#call(call: Call): unknown {
		const { callee, args } = call;
		if (!(callee instanceof Global))
			throw new PickleProblem("calls what is not a name");
		const make = calls[callee.name];
		if (!make) throw refused(callee.name);
		const isDict = dictionaries.has(callee.name);
		if (call.entries.length > 0 && !isDict)
			throw new PickleProblem(`sets items of ${callee.name}`);
		if (
			call.state !== undefined &&
			!isDict &&
			!/Parameter|_rebuild/.test(callee.name)
		)
			throw new PickleProblem(`sets the state of ${callee.name}`);
		return make.call(this, new Args(callee.name, args), call);
	}

	// ---- the calls; `this` is the interpreter

	static readonly calls: Record<
		string,
		(this: Interpreter, args: Args, call: Call) => unknown
	> = {
		"collections.OrderedDict"(args, { entries }) {
			if (args.count === 0) return this.#dict(entries);
			return this.#dict([...args.pairs(0), ...entries]); // Python 2's
		},
		"collections.Counter"(args, { entries }) {
			return this.#dict([
				...(args.count > 0 ? args.dict(0).entries : []),
				...entries,
			]);
		},
		"collections.defaultdict"(_, { entries }) {
			return this.#dict(entries);
		},
		"builtins.set"(args) {
			return new Set(args.count > 0 ? this.#values(args.list(0)) : []);
		},
		"builtins.frozenset"(args) {
			return new Set(args.count > 0 ? this.#values(args.list(0)) : []);
		},
		"builtins.complex"(args) {
			return { re: args.number(0), im: args.number(1) };
		},
		"builtins.bytearray"(args) {
			if (args.count === 0) return new Uint8Array();
			const bytes = this.value(args.node(0));
			if (bytes instanceof Uint8Array) return bytes;
			return latin1(args);
		},
		"builtins.bytes"(args) {
			return args.count === 0 ? new Uint8Array() : latin1(args);
		},
		"_codecs.encode"(args) {
			return latin1(args);
		},
		"torch.Size"(args) {
			return Object.freeze(this.#values(args.list(0)));
		},
		"torch.device"(args) {
			return args.count > 1
				? `${args.string(0)}:${args.number(1)}`
				: args.string(0);
		},
		"torch.serialization._get_layout"(args) {
			return args.string(0).replace(/^torch\./, "");
		},
		"torch._utils._rebuild_tensor"(args) {
			return this.#builder.strided({ ...this.#place(args), ...plain });
		},
		"torch._utils._rebuild_tensor_v2"(args) {
			return this.#builder.strided({
				...this.#place(args),
				requiresGrad: args.boolean(4),
				...bits(args, 6),
			});
		},
		"torch._utils._rebuild_tensor_v3"(args) {
			return this.#builder.strided({
				...this.#place(args, args.dtype(6)),
				requiresGrad: args.boolean(4),
				...bits(args, 7),
			});
		},
		"torch._utils._rebuild_qtensor"(args) {
			const [scheme, scale, zeroPoint, axis] = args.list(4);
			const isWhole =
				scheme instanceof Global && scheme.name === "torch.per_tensor_affine";
			if (!isWhole && typeof axis !== "number")
				throw args.wrong(4, "a quantizer's parameters");
			return this.#builder.quantized({
				...this.#place(args),
				...plain,
				scale: this.value(scale ?? null),
				zeroPoint: this.value(zeroPoint ?? null),
				axis: isWhole ? null : (axis as number),
			});
		},
		"torch._utils._rebuild_meta_tensor_no_storage"(args) {
			const shape = this.#lengths(args, 1);
			return this.#builder.meta(args.dtype(0), shape, this.#lengths(args, 2));
		},
		"torch._utils._rebuild_sparse_tensor"(args) {
			const layout = this.value(args.node(0)) as Layout;
			const parts = [...args.list(1)];
			const count = layout === "sparse_coo" ? 2 : 3;
			const isSparse = typeof layout === "string" && /^sparse_/.test(layout);
			if (!isSparse || parts.length <= count)
				throw args.wrong(1, "a sparse tensor's parts");
			const tensors = this.#values(parts.slice(0, count));
			if (!tensors.every((part) => this.#builder.isTensor(part)))
				throw args.wrong(1, "a sparse tensor's parts");
			const shape = this.value(parts[count] as Node);
			if (!isLengths(shape)) throw args.wrong(1, "a sparse tensor's shape");
			const coalesced = parts[count + 1];
			return this.#builder.sparse(
				layout,
				tensors,
				[...shape],
				typeof coalesced === "boolean" ? coalesced : null,
			);
		},
		"torch._utils._rebuild_parameter"(args) {
			return this.#builder.parameter(this.#tensor(args, 0), args.boolean(1));
		},
		"torch._utils._rebuild_parameter_with_state"(args) {
			return this.#builder.parameter(this.#tensor(args, 0), args.boolean(1));
		},
		"torch.nn.parameter.Parameter"(args) {
			const requiresGrad = args.count > 1 ? args.boolean(1) : true;
			return this.#builder.parameter(this.#tensor(args, 0), requiresGrad);
		},
		"torch._utils._rebuild_device_tensor_from_cpu_tensor"(args) {
			return this.#builder.converted(
				this.#tensor(args, 0),
				args.dtype(1),
				args.boolean(3),
			);
		},
		// A tensor with Python attributes, which are left out.
		"torch._tensor._rebuild_from_type_v2"(args) {
			const [rebuild, type] = [args.node(0), args.node(1)];
			const name = rebuild instanceof Global ? rebuild.name : "";
			const isOwn = type instanceof Global && tensorClasses.has(type.name);
			if (!/^torch\._utils\._rebuild_/.test(name) || !isOwn)
				throw args.wrong(1, "a class of tensors");
			return this.value(new Call(rebuild, args.list(2)));
		},
	};

	// ---- parts of tensors

	#tensor(args: Args, i: number): unknown {
		const value = this.value(args.node(i));
		if (!this.#builder.isTensor(value)) throw args.wrong(i, "a tensor");
		return value;
	}

	/** (storage, offset, size, stride, …) */
	#place(args: Args, dtype?: DType) {
		const node = args.node(0);
		if (!(node instanceof Persistent)) throw args.wrong(0, "a storage");
		const storage = storageOf(node);
		const type = dtype ?? storage.dtype;
		if (type === null) throw args.wrong(0, "a storage with a dtype");
		const shape = this.#lengths(args, 2);
		const strides = this.#lengths(args, 3);
		if (shape.length !== strides.length)
			throw args.wrong(3, "a stride for each dimension");
		const offset = args.number(1);
		if (!isLengths([offset])) throw args.wrong(1, "an offset");
		return { storage, dtype: type, shape, strides, offset };
	}

	#lengths(args: Args, i: number): number[] {
		const value = this.value(args.node(i));
		if (!isLengths(value)) throw args.wrong(i, "lengths");
		return [...value];
	}

	/** A storage that is saved by itself is a tensor of its elements. */
	#storageTensor(node: Persistent): unknown {
		const storage = storageOf(node);
		const dtype = storage.dtype ?? "uint8";
		const length = Math.floor(storage.bytes / sizeOf(dtype));
		return this.#builder.strided({
			storage,
			dtype,
			shape: [length],
			strides: [1],
			offset: 0,
			...plain,
		});
	}
}

const { calls } = Interpreter;
const plain = { requiresGrad: false, conj: false, neg: false };
const dictionaries = new Set([
	"collections.OrderedDict",
	"collections.Counter",
	"collections.defaultdict",
]);
const tensorClasses = new Set([
	"torch.Tensor",
	"torch.nn.parameter.Parameter",
	"torch.nn.parameter.Buffer",
]);
const otherNames = new Set([
	...tensorClasses,
	"torch.per_tensor_affine",
	"torch.per_channel_affine",
	"torch.per_channel_affine_float_qparams",
	// what a defaultdict makes
	"builtins.dict",
	"builtins.float",
	"builtins.int",
	"builtins.list",
	"builtins.str",
]);

/** Whether a checkpoint's pickle may have this name at all. */
export function isAllowed(name: string): boolean {
	return (
		Object.hasOwn(calls, name) ||
		otherNames.has(name) ||
		dtypeGlobals.has(name) ||
		storageGlobals.has(name)
	);
}

function refused(name: string): PickleProblem {
	return new PickleProblem(`has ${shown(name)} where it may not be`);
}

/** What an optimizer's state dict looks like, in Python and here. */
export function isOptimizerState(dict: ReadonlyMap<unknown, unknown>): boolean {
	return Array.isArray(dict.get("param_groups")) && dict.has("state");
}

/** An optimizer's state by parameter is an object here, although Python's keys are numbers. */
function withState(dict: Map<unknown, unknown>): unknown {
	const state = dict.get("state");
	const isNumbered = state instanceof Map && isIndices([...state.keys()]);
	const plainState = isNumbered ? Object.fromEntries(state) : state;
	return { ...Object.fromEntries(dict), state: plainState };
}

function isIndices(keys: unknown[]): boolean {
	return keys.every((key) => Number.isSafeInteger(key) && (key as number) >= 0);
}
