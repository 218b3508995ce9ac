/** What numbers dtypes hold. */
import { invalidType } from "../check.ts";
import type { DType } from "../types.ts";
import { defaultDtype } from "./defaults.ts";

export interface Finfo {
	readonly dtype: DType;
	readonly bits: number;
	/** The distance of 1 to the next greater number. */
	readonly eps: number;
	readonly max: number;
	readonly min: number;
	/** The least positive number of full precision. */
	readonly smallestNormal: number;
	/** The same as `smallestNormal`. */
	readonly tiny: number;
	/** How near decimal fractions can be given. */
	readonly resolution: number;
}

/** Bits, eps, greatest, smallest normal, resolution. */
const floats: { readonly [Name in DType]?: readonly number[] } = {
	float32: [32, 2 ** -23, (2 - 2 ** -23) * 2 ** 127, 2 ** -126, 1e-6],
	float64: [64, 2 ** -52, Number.MAX_VALUE, 2 ** -1022, 1e-15],
	float16: [16, 2 ** -10, 65504, 2 ** -14, 1e-3],
	bfloat16: [16, 2 ** -7, (2 - 2 ** -7) * 2 ** 127, 2 ** -126, 1e-2],
	float8_e4m3fn: [8, 2 ** -3, 448, 2 ** -6, 1],
	float8_e5m2: [8, 2 ** -2, 57344, 2 ** -14, 1],
	float8_e4m3fnuz: [8, 2 ** -3, 240, 2 ** -7, 1],
	float8_e5m2fnuz: [8, 2 ** -2, 57344, 2 ** -15, 1],
};

/**
 * The limits of a floating point dtype; of a complex one those of its parts.
 *
 * @param dtype default: the default dtype
 * @see https://docs.pytorch.org/docs/stable/type_info.html
 *
 * @example
 * torch.finfo("float16").max; // 65504
 */
export function finfo(dtype: DType = defaultDtype()): Finfo {
	const parts: { [name: string]: DType } = {
		complex32: "float16",
		complex64: "float32",
		complex128: "float64",
	};
	const own = parts[dtype] ?? dtype;
	const found = floats[own];
	if (found === undefined)
		throw invalidType(
			"finfo",
			"dtype",
			`one of ${Object.keys({ ...floats, ...parts }).join(", ")}`,
			dtype,
		);
	const [bits, eps, max, tiny, resolution] = found as [
		number,
		number,
		number,
		number,
		number,
	];
	return {
		dtype: own,
		bits,
		eps,
		max,
		min: -max,
		smallestNormal: tiny,
		tiny,
		resolution,
	};
}

export interface Iinfo {
	readonly dtype: DType;
	readonly bits: number;
	/** A bigint where the dtype has 64 bits. */
	readonly max: number | bigint;
	readonly min: number | bigint;
}

/**
 * The limits of an integer dtype.
 * @see https://docs.pytorch.org/docs/stable/type_info.html
 *
 * @example
 * torch.iinfo("int8").min; // -128
 */
export function iinfo(dtype: DType): Iinfo {
	const match = /^(u?)int(8|16|32|64)$/.exec(dtype);
	if (match === null)
		throw invalidType(
			"iinfo",
			"dtype",
			"one of int8, int16, int32, int64, uint8, uint16, uint32, uint64",
			dtype,
		);
	const bits = Number(match[2]);
	const isUnsigned = match[1] === "u";
	const count = 2n ** BigInt(bits);
	const max = (isUnsigned ? count : count / 2n) - 1n;
	const min = isUnsigned ? 0n : -count / 2n;
	return bits === 64
		? { dtype, bits, max, min }
		: { dtype, bits, max: Number(max), min: Number(min) };
}
