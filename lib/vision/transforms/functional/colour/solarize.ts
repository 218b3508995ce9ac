import * as check from "../../../../check.ts";
import { where } from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { inverted } from "./invert.ts";
import { imageShape, whiteOf } from "./pixels.ts";

/**
 * Inverts the values that are `threshold` or more.
 *
 * ```ts
 * solarize(image, 128);
 * ```
 *
 * @param image [..., C, H, W]
 * @param threshold at most white: 255 for uint8, 1 for floating point
 */
export function solarize<T extends Tensor>(image: T, threshold: number): T {
	const op = "solarize";
	return ofImage(op, image, (plain) => {
		imageShape(op, plain);
		check.number(op, "threshold", threshold, { max: whiteOf(plain.dtype) });
		return scope(() =>
			plain.dtype === "uint8"
				? solarizeBytes(op, plain, Math.ceil(Math.fround(threshold))) // torch compares in float32
				: where(plain.ge(threshold), inverted(op, plain), plain),
		);
	});
}

/** Bytes at or above the threshold become 1 and others 0, then 255 and 0: many times faster than a comparison and a choice. */
function solarizeBytes(op: string, image: Tensor, threshold: number): Tensor {
	if (threshold <= 0) return inverted(op, image);
	const above = image.clamp(threshold - 1, threshold).sub_(threshold - 1);
	return above.neg_().bitwiseXor_(image);
}
