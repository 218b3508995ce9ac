import * as check from "../../../../check.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { storageOf } from "../../../../tensor/typedArray.ts";
import { type DType, floatTypes } from "../../../../types.ts";
import { bitsOf, imageShape, whiteOf } from "./pixels.ts";

export interface ToDtypeOptions {
	/** Black and white of the old dtype become black and white of the new one: false. */
	scale?: boolean;
}

/**
 * An image in another dtype.
 *
 * With `scale` the values are scaled too: white is 255 in uint8, the largest number in other whole dtypes, and 1 in floating point. Without it
 * they are only cast. The image itself is given back where its dtype is `dtype` already.
 *
 * ```ts
 * toDtype(image, "float32", { scale: true }); // 0 … 255 → 0 … 1
 * ```
 *
 * @param image [..., C, H, W]
 * @param dtype "float32"
 * @throws TorchError for float32 to int32 or int64, and float64 to int64, with `scale`: not every value would have its place
 */
export function toDtype(
	image: Tensor,
	dtype: DType = "float32",
	options: ToDtypeOptions = {},
): Tensor {
	const op = "toDtype";
	imageShape(op, image);
	storageOf(op, dtype);
	check.options(op, options, ["scale"]);
	const { scale = false } = options;
	check.boolean(op, "scale", scale);
	return scale ? scaleTo(op, image, dtype) : image.to(dtype);
}

const isFloat = (dtype: DType): boolean =>
	(floatTypes as readonly DType[]).includes(dtype);

/** @internal `toDtype` that scales. */
export function scaleTo(op: string, image: Tensor, dtype: DType): Tensor {
	const from = image.dtype;
	if (from === dtype) return image;
	if (isFloat(from)) {
		return isFloat(dtype) ? image.to(dtype) : toWhole(op, image, dtype);
	}
	if (isFloat(dtype)) {
		bitsOf(op, "image", from);
		return image.to(dtype).mul_(1 / whiteOf(from));
	}
	return shift(op, image, dtype);
}

function toWhole(op: string, image: Tensor, dtype: DType): Tensor {
	const bits = bitsOf(op, "dtype", dtype);
	const unsafe =
		(image.dtype === "float32" && bits > 16) ||
		(image.dtype === "float64" && bits > 32);
	if (unsafe) {
		throw check.invalidValue(
			op,
			"dtype",
			`expected one that holds ${image.dtype} safely, got ${dtype}`,
		);
	}
	// white is all but one more, so that each whole number is as likely as the others for evenly spread values
	using scaled = image.mul(whiteOf(dtype) + 1 - 1e-3);
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
