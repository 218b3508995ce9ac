/** Which typed array holds which dtype. */
import { invalidType } from "../check.ts";
import type { DType } from "../types.ts";

export type TypedArray =
	| Float32Array
	| Float64Array
	| BigInt64Array
	| BigUint64Array
	| Int32Array
	| Uint32Array
	| Int16Array
	| Uint16Array
	| Int8Array
	| Uint8Array
	| Uint8ClampedArray;

type Constructor = new (length: number) => TypedArray;

interface Storage {
	array: Constructor;
	/** Elements of the array for one of the tensor. */
	width: 1 | 2;
}

/** float16 and bfloat16 are their bits in a Uint16Array; complex numbers are real and imaginary part in turn; bool is 0 or 1. */
const storages: Partial<Record<DType, Storage>> = {
	float32: { array: Float32Array, width: 1 },
	float64: { array: Float64Array, width: 1 },
	int64: { array: BigInt64Array, width: 1 },
	int32: { array: Int32Array, width: 1 },
	int16: { array: Int16Array, width: 1 },
	int8: { array: Int8Array, width: 1 },
	uint8: { array: Uint8Array, width: 1 },
	uint16: { array: Uint16Array, width: 1 },
	uint32: { array: Uint32Array, width: 1 },
	uint64: { array: BigUint64Array, width: 1 },
	bool: { array: Uint8Array, width: 1 },
	float16: { array: Uint16Array, width: 1 },
	bfloat16: { array: Uint16Array, width: 1 },
	complex64: { array: Float32Array, width: 2 },
	complex128: { array: Float64Array, width: 2 },
	complex32: { array: Uint16Array, width: 2 },
	float8_e4m3fn: { array: Uint8Array, width: 1 },
	float8_e5m2: { array: Uint8Array, width: 1 },
	float8_e4m3fnuz: { array: Uint8Array, width: 1 },
	float8_e5m2fnuz: { array: Uint8Array, width: 1 },
	float8_e8m0fnu: { array: Uint8Array, width: 1 },
};

const dtypes: Record<string, DType> = {
	Float32Array: "float32",
	Float64Array: "float64",
	BigInt64Array: "int64",
	BigUint64Array: "uint64",
	Int32Array: "int32",
	Uint32Array: "uint32",
	Int16Array: "int16",
	Uint16Array: "uint16",
	Int8Array: "int8",
	Uint8Array: "uint8",
	Uint8ClampedArray: "uint8",
	Buffer: "uint8",
	Float16Array: "float16",
};

export function storageOf(op: string, dtype: DType): Storage {
	const storage = storages[dtype];
	if (storage === undefined)
		throw invalidType(
			op,
			"dtype",
			`one of ${Object.keys(storages).join(", ")}`,
			dtype,
		);
	return storage;
}

export function isTypedArray(value: unknown): value is TypedArray {
	return (
		ArrayBuffer.isView(value) &&
		!(Object.prototype.toString.call(value) === "[object DataView]")
	);
}

/** By name, not by `instanceof`: the array may come from another realm. */
export function dtypeOfArray(op: string, array: TypedArray): DType {
	const name = Object.prototype.toString.call(array).slice(8, -1);
	const dtype = dtypes[name];
	if (dtype === undefined) throw invalidType(op, "data", "typed array", array);
	return dtype;
}
