/** The kinds of value that operators take. */

/** An integer; a bigint where it may be beyond 2^53. */
export type Int = number | bigint;

export interface Complex {
	readonly re: number;
	readonly im: number;
}

/** A number as an operator takes it. A whole number counts as an integer, as it does in Python without a point. */
export type Scalar = number | bigint | boolean | Complex;

export const floatTypes = [
	"float32",
	"float64",
	"float16",
	"bfloat16",
] as const;
export const integerTypes = [
	"int64",
	"int32",
	"int16",
	"int8",
	"uint8",
	"uint16",
	"uint32",
	"uint64",
] as const;
export const complexTypes = ["complex64", "complex128", "complex32"] as const;

/** The type of a tensor's elements, by PyTorch's name. */
export type DType =
	| (typeof floatTypes)[number]
	| (typeof integerTypes)[number]
	| (typeof complexTypes)[number]
	| "bool"
	| "float8_e4m3fn"
	| "float8_e5m2"
	| "float8_e4m3fnuz"
	| "float8_e5m2fnuz"
	| "float8_e8m0fnu"
	| "qint8"
	| "quint8"
	| "qint32";

/** Where a tensor lies: "cpu", "cuda" (the current one) or "cuda:1". */
export type Device = "cpu" | "cuda" | `cuda:${number}` | "meta";

export type Layout =
	| "strided"
	| "sparse_coo"
	| "sparse_csr"
	| "sparse_csc"
	| "sparse_bsr"
	| "sparse_bsc"
	| "jagged";

export type MemoryFormat =
	| "contiguous_format"
	| "preserve_format"
	| "channels_last"
	| "channels_last_3d";
