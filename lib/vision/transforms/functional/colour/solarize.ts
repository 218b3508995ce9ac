import * as check from "../../../../check.ts";
import { where } from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
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
export function solarize(image: Tensor, threshold: number): Tensor {
	const op = "solarize";
	imageShape(op, image);
	check.number(op, "threshold", threshold, { max: whiteOf(image.dtype) });
	return scope(() => where(image.ge(threshold), inverted(op, image), image));
}
