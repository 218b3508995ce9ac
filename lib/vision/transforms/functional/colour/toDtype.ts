import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { storageOf } from "../../../../tensor/typedArray.ts";
import { type DType, floatTypes } from "../../../../types.ts";
import { isImage, isKind, wrap } from "../../../tvTensors/wrap.ts";
import { ofImage } from "./images.ts";
import { bitsOf, cutToBytes, imageShape, whiteOf } from "./pixels.ts";

export interface ToDtypeOptions {
	/** Default "float32". */
	dtype: DType;
	/** Whether black and white of the old dtype become black and white of the new one. Default false. */
	scale: boolean;
}

/**
 * An image in another dtype.
 *
 * With `scale` the values are scaled too: white is 255 in uint8, the largest number in other whole dtypes, and 1 in floating point. Without it
 * they are only cast. The image itself is given back where its dtype is `dtype` already.
 *
 * ```ts
 * toDtype(image, { scale: true }); // 0 … 255 → 0 … 1
 * ```
 *
 * @param image [..., C, H, W]; a mask, boxes or key points are only cast
 * @param args `dtype`, `scale`
 * @throws TorchError for float32 to int32 or int64, and float64 to int64, with `scale`: not every value would have its place
 */
export function toDtype<T extends Tensor>(
	image: T,
	...args: Optional<ToDtypeOptions, ["dtype", "scale"]>
): T {
	const op = "toDtype";
	const { dtype, scale } = toDtypeOptions(op, args);
	if (isKind(image) && !isImage(image))
		return wrap(image.to(dtype) as T, image);
	return ofImage(op, image, (plain) => {
		imageShape(op, plain);
		return scale ? scaleTo(op, plain, dtype) : plain.to(dtype);
	});
}

/** @internal */
export function toDtypeOptions(
	op: string,
	args: readonly unknown[],
): ToDtypeOptions {
	const defaults: ToDtypeOptions = { dtype: "float32", scale: false };
	const given = optional(op, defaults, args);
	storageOf(op, given.dtype);
	check.boolean(op, "scale", given.scale);
	return given;
}

const isFloat = (dtype: DType): boolean =>
	(floatTypes as readonly DType[]).includes(dtype);

/** @internal `toDtype` that scales. */
export function scaleTo(
	op: string,
	image: Tensor,
	dtype: DType,
	argument = "dtype",
): Tensor {
	const from = image.dtype;
	if (from === dtype) return image;
	if (isFloat(from)) {
		return isFloat(dtype)
			? image.to(dtype)
			: toWhole(op, image, dtype, argument);
	}
	if (isFloat(dtype)) {
		bitsOf(op, "image", from);
		return image.to(dtype).mul_(1 / whiteOf(from));
	}
	return shift(op, image, dtype);
}

/** @internal `scaleTo` for values that are known to be from 0 to 1, which may be changed. */
export function fromUnit(op: string, values: Tensor, dtype: DType): Tensor {
	return dtype === "uint8" && values.dtype === "float32"
		? cutToBytes(values.mul_(almost(dtype)))
		: scaleTo(op, values, dtype, "image");
}

/** White and almost one more: so that each whole number is as likely as the others for evenly spread values. */
const almost = (dtype: DType): number => whiteOf(dtype) + 1 - 1e-3;

function toWhole(
	op: string,
	image: Tensor,
	dtype: DType,
	argument: string,
): Tensor {
	const bits = bitsOf(op, argument, dtype);
	const unsafe =
		(image.dtype === "float32" && bits > 16) ||
		(image.dtype === "float64" && bits > 32);
	if (unsafe) {
		throw check.invalidValue(
			op,
			argument,
			`expected a dtype that holds ${image.dtype} safely, got ${dtype}`,
		);
	}
	using scaled = image.mul(almost(dtype));
	return scaled.to(dtype);
}

function shift(op: string, image: Tensor, dtype: DType): Tensor {
	const from = bitsOf(op, "image", image.dtype);
	const bits = bitsOf(op, "dtype", dtype);
	const by = Math.abs(from - bits);
	if (from > bits) {
		// there is no shift of uint16
		if (image.dtype === "uint16") {
			using divided = image.div(2 ** by);
			return divided.to(dtype);
		}
		using shifted = image.bitwiseRightShift(by);
		return shifted.to(dtype);
	}
	const wide = image.to(dtype);
	return dtype === "uint16" ? wide.mul(2 ** by) : wide.bitwiseLeftShift_(by);
}
