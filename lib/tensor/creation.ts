/** Tensors from data. (zeros, ones, arange, randn, … are operators: lib/generated/functions.ts.) */
import { markAsUntransferable } from "node:worker_threads";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { emptyTensor, fill, isTensor, slotOf } from "../handle.ts";
import { isComplexNumber } from "../kinds.ts";
import type { Complex, Device, DType, Scalar } from "../types.ts";
import { defaultDtype } from "./defaults.ts";
import { scope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";
import {
	dtypeOfArray,
	isTypedArray,
	storageOf,
	type TypedArray,
} from "./typedArray.ts";

export interface TensorOptions {
	/** Default: what `data` is made of. */
	dtype?: DType;
	/** Default: `torch.getDefaultDevice()` if one is set; else "cpu", or the tensor's own. */
	device?: Device | (string & {});
	/** Record gradients for it. Default: false. */
	requiresGrad?: boolean;
}

/** Numbers, booleans, bigints or complex numbers, in arrays nested to any depth. */
export type NestedScalars = Scalar | readonly NestedScalars[];

const optionNames = ["dtype", "device", "requiresGrad"];

/** `torch.tensor` as the library calls it: on the CPU unless it is told. */
export function tensor(
	data: NestedScalars | TypedArray | Tensor,
	options: TensorOptions = {},
): Tensor {
	check.options("tensor", options, optionNames);
	const { dtype, requiresGrad = false } = options;
	if (dtype !== undefined) storageOf("tensor", dtype);
	check.boolean("tensor", "requiresGrad", requiresGrad);
	const made = isTensor(data)
		? (data as Tensor).detach().clone()
		: isTypedArray(data)
			? fromArray(data, dtype)
			: fromNested(data, dtype);
	const placed = place(made, options);
	if (!requiresGrad) return placed;
	if (!placed.isFloatingPoint() && !placed.isComplex())
		throw check.invalidValue(
			"tensor",
			"requiresGrad",
			`only floating point and complex numbers can require gradients, not ${placed.dtype}`,
		);
	return placed.requiresGrad_();
}

/** A tensor of the dtype and on the device asked for. */
function place(made: Tensor, { dtype, device }: TensorOptions): Tensor {
	if ((dtype === undefined || dtype === made.dtype) && device === undefined)
		return made;
	return made.to({ dtype, device });
}

function fromArray(data: TypedArray, dtype: DType | undefined): Tensor {
	const own = dtypeOfArray("tensor", data);
	// float16, bfloat16 and complex numbers have no array of their own: asked for by name, an array of bits or pairs is one.
	const storage = dtype && storageOf("tensor", dtype);
	const isBits =
		(dtype === "float16" || dtype === "bfloat16" || dtype === "complex32") &&
		own === "uint16";
	const isPairs = storage?.width === 2 && data instanceof storage.array;
	const type = isBits || isPairs ? (dtype as DType) : own;
	return fromBytes(data, [data.length / storageOf("tensor", type).width], type);
}

function fromBytes(
	data: TypedArray,
	shape: readonly number[],
	dtype: DType,
): Tensor {
	if (!shape.every(Number.isInteger))
		throw check.invalidValue(
			"tensor",
			"data",
			"complex numbers take two elements each",
		);
	const out = emptyTensor();
	return fill(out, native.fromBytes(out, data, shape, dtype)) as Tensor;
}

/** What numbers of several kinds become together. */
const kinds = ["bool", "int", "float", "complex"] as const;
type Kind = (typeof kinds)[number];

function kindOf(value: unknown): Kind | null {
	switch (typeof value) {
		case "boolean":
			return "bool";
		case "bigint":
			return "int";
		case "number":
			return Number.isSafeInteger(value) && !Object.is(value, -0)
				? "int"
				: "float";
		default:
			return isComplexNumber(value) ? "complex" : null;
	}
}

const kindOfDtype = (dtype: DType): Kind =>
	dtype === "bool"
		? "bool"
		: dtype.startsWith("complex")
			? "complex"
			: dtype.includes("float")
				? "float"
				: "int";

function shapeOf(data: unknown): number[] {
	const shape: number[] = [];
	for (let level = data; ; level = level[0]) {
		if (isTypedArray(level)) return [...shape, level.length];
		if (!Array.isArray(level)) return shape;
		shape.push(level.length);
		if (level.length === 0) return shape;
	}
}

interface Elements {
	/** All in order. */
	values: Scalar[];
	/** The widest of their kinds; without any they are floats. */
	kind: Kind;
}

/** Throws where an array has another length than its neighbours. */
function flatten(data: unknown, shape: readonly number[]): Elements {
	const values: Scalar[] = [];
	let rank = -1;
	const add = (value: Scalar, kind: Kind) => {
		values.push(value);
		rank = Math.max(rank, kinds.indexOf(kind));
	};
	const visit = (level: unknown, depth: number): void => {
		const size = shape[depth];
		const isArray = isTypedArray(level);
		if (isArray || Array.isArray(level)) {
			if (size === undefined || level.length !== size) {
				const expected =
					size === undefined ? "a number" : `a sequence of length ${size}`;
				throw check.invalidValue(
					"tensor",
					"data",
					`expected ${expected} at dim ${depth}, got one of length ${level.length}`,
				);
			}
			// An array of floats holds floats, whole or not.
			if (isArray) {
				const kind = kindOfDtype(dtypeOfArray("tensor", level));
				for (const item of level) add(item, kind);
			} else for (const item of level) visit(item, depth + 1);
		} else if (depth < shape.length) {
			throw check.invalidValue(
				"tensor",
				"data",
				`expected a sequence of length ${size} at dim ${depth}, got ${check.describe(level)}`,
			);
		} else if (isTensor(level)) {
			const element = level as Tensor;
			if (element.numel() !== 1)
				throw check.invalidValue(
					"tensor",
					"data",
					`a Tensor among numbers has one element, not shape [${element.shape.join(", ")}] (torch.stack joins tensors)`,
				);
			add(element.item(), kindOfDtype(element.dtype));
		} else {
			const kind = kindOf(level);
			if (kind === null)
				throw check.invalidType(
					"tensor",
					"data",
					"number, bigint, boolean, { re, im }, arrays of these, typed array or Tensor",
					level,
				);
			add(level as Scalar, kind);
		}
	};
	visit(data, 0);
	return { values, kind: kinds[rank] ?? "float" };
}

const complexOf: Partial<Record<DType, DType>> = {
	float64: "complex128",
	float16: "complex32",
};

function fromNested(data: unknown, wanted: DType | undefined): Tensor {
	const shape = shapeOf(data);
	const { values, kind } = flatten(data, shape);
	const target = wanted === undefined ? kind : kindOfDtype(wanted);
	if (kind === "complex" && target !== "complex" && target !== "bool")
		throw check.invalidValue(
			"tensor",
			"data",
			`complex numbers cannot become ${wanted}`,
		);
	switch (target) {
		case "bool":
			return fromBytes(
				Uint8Array.from(values, (v) => (isZero(v) ? 0 : 1)),
				shape,
				"bool",
			);
		case "int": {
			const dtype = wanted ?? "int64";
			const whole = values.map((v) => toInteger(v as number | bigint, dtype));
			return dtype === "uint64"
				? fromBytes(BigUint64Array.from(whole), shape, dtype)
				: fromBytes(BigInt64Array.from(whole), shape, "int64");
		}
		case "float": {
			const dtype = wanted ?? defaultDtype();
			// Read in double precision, so that float64 loses nothing, unless single is what comes out.
			const made =
				dtype === "float32"
					? fromBytes(Float32Array.from(values, Number), shape, dtype)
					: fromBytes(Float64Array.from(values, Number), shape, "float64");
			return made.to({ dtype });
		}
		case "complex": {
			const pairs = Float64Array.from(
				values.flatMap((v) =>
					isComplexNumber(v) ? [v.re, v.im] : [Number(v), 0],
				),
			);
			const dtype = wanted ?? complexOf[defaultDtype()] ?? "complex64";
			return fromBytes(pairs, shape, "complex128").to({ dtype });
		}
	}
}

const isZero = (value: Scalar): boolean =>
	isComplexNumber(value)
		? value.re === 0 && value.im === 0
		: Number(value) === 0;

/**
 * A number as an element of an integer dtype, which must hold it: fractions go, and as in Python a negative whole number wraps around
 * where the dtype has no sign (but for uint64).
 */
function toInteger(element: number | bigint | boolean, dtype: DType): bigint {
	const value = typeof element === "boolean" ? Number(element) : element;
	const bits = BigInt(/\d+/.exec(dtype)?.[0] ?? 64);
	const isUnsigned = dtype.startsWith("u");
	const greatest = 2n ** (isUnsigned ? bits : bits - 1n) - 1n;
	const isWhole = typeof value !== "number" || Number.isInteger(value);
	const least = !isUnsigned
		? -greatest - 1n
		: isWhole && bits < 64n
			? -greatest
			: 0n;
	if (
		(isWhole || bits < 64n || !isUnsigned) &&
		value >= least &&
		value <= greatest
	)
		return BigInt(typeof value === "number" ? Math.trunc(value) : value);
	throw check.invalidValue(
		"tensor",
		"data",
		`${value} does not fit into ${dtype}`,
	);
}

export interface FromBlobOptions {
	/** Default: the array's own. float16, bfloat16 (bits in a Uint16Array), complex64 and complex128 (pairs) must be named. */
	dtype?: DType;
}

/**
 * A tensor over the array's own memory: nothing is copied, and what changes in one changes in the other. The memory lives as long as any
 * tensor uses it, and can no longer be transferred to another thread; do not detach it by `ArrayBuffer.prototype.transfer`.
 *
 * @param data a typed array of an ArrayBuffer (not a resizable one) or of a SharedArrayBuffer
 * @param shape default: [data.length], or half of it for complex numbers
 * @throws TorchError `ERR_INVALID_ARG_VALUE` where shape and dtype do not make up the array's bytes, they are not aligned to the dtype, or
 *   the buffer is detached
 * @see https://docs.pytorch.org/docs/stable/generated/torch.from_numpy.html
 *
 * @example
 * const samples = new Float32Array(6);
 * const x = torch.fromBlob(samples, [2, 3]);
 * x.fill_(1); // samples is 1 everywhere
 */
export function fromBlob(
	data: TypedArray,
	shape?: readonly number[],
	options: FromBlobOptions = {},
): Tensor {
	check.options("fromBlob", options, ["dtype"]);
	if (!isTypedArray(data))
		throw check.invalidType("fromBlob", "data", "typed array", data);
	const dtype = options.dtype ?? dtypeOfArray("fromBlob", data);
	const { width } = storageOf("fromBlob", dtype);
	const { buffer } = data as { buffer: { resizable?: boolean } };
	if (buffer.resizable)
		throw check.invalidValue(
			"fromBlob",
			"data",
			"the memory of a resizable buffer may go; copy it with torch.tensor",
		);
	if (data.length % width !== 0)
		throw check.invalidValue(
			"fromBlob",
			"data",
			"complex numbers take two elements each",
		);
	if (!("growable" in buffer)) markAsUntransferable(buffer);
	const out = emptyTensor();
	const given = shape ?? [data.length / width];
	return fill(
		out,
		native.fromBlob(out, data, given, dtype, false, null),
	) as Tensor;
}

/**
 * @internal As {@link fromBlob}, of a typed array that nobody else uses: its memory is given back soon after the last tensor is gone, where it would
 * otherwise wait until V8 collects the array. (Of a part of a buffer the rest may be others': that one waits.)
 *
 * @param released is called then, and the memory left to it
 */
export function fromOwnBlob(
	data: NodeJS.TypedArray,
	shape: readonly number[],
	dtype: DType = dtypeOfArray("fromBlob", data),
	released: (() => void) | null = null,
): Tensor {
	const isOwned =
		released !== null || data.byteLength === data.buffer.byteLength;
	const out = emptyTensor();
	return fill(
		out,
		native.fromBlob(out, data, shape, dtype, isOwned, released),
	) as Tensor;
}

/** Its values lie in the CPU's memory one after the other, as they are. */
const isPlain = (source: Tensor): boolean =>
	source.device === "cpu" &&
	source.layout === "strided" &&
	source.isContiguous() &&
	!source.isConj() &&
	!source.isNeg();

function arrayFor(
	OwnArray: new (length: number) => TypedArray,
	length: number,
): TypedArray {
	try {
		return new OwnArray(length);
	} catch (cause) {
		throw new TorchError(
			`JavaScript has no memory for an array of ${length} elements`,
			{ code: "ERR_OUT_OF_MEMORY", op: "toTypedArray", cause },
		);
	}
}

/** The values in order, copied into a new typed array of the dtype, or as its own type into one that is there. */
export function toTypedArray<T extends TypedArray>(
	source: Tensor,
	into?: T,
): TypedArray {
	const op = "toTypedArray";
	const { dtype } = source;
	const { array: OwnArray, width } = storageOf(op, dtype);
	const length = source.numel() * width;
	if (into === undefined) return copied(source, arrayFor(OwnArray, length));
	if (!isTypedArray(into))
		throw check.invalidType(op, "into", "typed array", into);
	if (into.length !== length)
		throw check.invalidValue(
			op,
			"into",
			`expected an array of ${length} elements for ${dtype} of shape [${source.shape.join(", ")}], got ${into.length}`,
		);
	const own = dtypeOfArray(op, into);
	const isOwn = own === dtypeOfArray(op, new OwnArray(0));
	if (isOwn || own === dtype) return copied(source, into);
	if (width === 2) throw check.invalidType(op, "into", OwnArray.name, into);
	return scope(() => copied(source.detach().to({ dtype: own }), into));
}

function copied<T extends TypedArray>(source: Tensor, into: T): T {
	if (native.unwrapped(slotOf(source))?.[0] === "vmap")
		throw new TorchError(
			"a tensor within vmap stands for one of each example: it has no values that could be read",
			{ code: "ERR_INVALID_STATE", op: "toTypedArray" },
		);
	if (isPlain(source)) native.copyBytes(slotOf(source), into);
	else
		scope(() => {
			const ready = source.detach().cpu().resolveConj().resolveNeg();
			native.copyBytes(slotOf(ready.contiguous()), into);
		});
	return into;
}

/** A value of a tensor, as JavaScript has it. */
export type Element = number | bigint | boolean | Complex;
/** Values in arrays nested as deep as the tensor has dimensions. */
export type Nested<T> = T | Nested<T>[];

function elements(source: Tensor): Element[] {
	const { dtype } = source;
	switch (dtype) {
		case "bool":
			return Array.from(toTypedArray(source) as Uint8Array, (v) => v !== 0);
		case "int64":
		case "uint64":
			return Array.from(toTypedArray(source) as BigInt64Array, (v) =>
				BigInt.asIntN(54, v) === v ? Number(v) : v,
			);
		case "complex64":
		case "complex128": {
			const pairs = toTypedArray(source) as Float32Array;
			return Array.from({ length: pairs.length / 2 }, (_, i) => ({
				re: pairs[2 * i] as number,
				im: pairs[2 * i + 1] as number,
			}));
		}
		case "complex32":
			return elements(source.to({ dtype: "complex64" }));
		case "float32":
		case "float64":
		case "int32":
		case "int16":
		case "int8":
		case "uint8":
		case "uint16":
		case "uint32":
			return Array.from(toTypedArray(source) as Float32Array);
		default:
			if (dtype.startsWith("q"))
				throw new TorchError("quantized tensors have no plain values", {
					code: "ERR_NOT_IMPLEMENTED",
					op: "tolist",
				});
			return elements(source.to({ dtype: "float32" }));
	}
}

/** The values in order, in one array; int64 beyond 2^53 as bigint. */
export function toArray(source: Tensor): Element[] {
	return elements(source);
}

/** The values in nested arrays; a number for a tensor of no dimensions. */
export function tolist(source: Tensor): Nested<Element> {
	const flat = elements(source);
	let level: Nested<Element>[] = flat;
	const { shape } = source;
	if (shape.length === 0) return flat[0] as Element;
	for (let d = shape.length - 1; d > 0; d--) {
		const size = shape[d] as number;
		const rows = shape.slice(0, d).reduce((a, b) => a * b, 1);
		level = Array.from({ length: rows }, (_, i) =>
			level.slice(i * size, (i + 1) * size),
		);
	}
	return level;
}
