import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { checkFactor, clampTo, colourShape } from "./pixels.ts";

/**
 * Multiplies all values: 0 gives black, 1 the image, 2 twice as bright.
 *
 * ```ts
 * adjustBrightness(image, 1.5);
 * ```
 *
 * @param image [..., 1 or 3, H, W]
 * @param brightnessFactor at least 0
 */
export function adjustBrightness(
	image: Tensor,
	brightnessFactor: number,
): Tensor {
	const op = "adjustBrightness";
	colourShape(op, image);
	checkFactor(op, "brightnessFactor", brightnessFactor);
	const { dtype } = image;
	return scope(() =>
		clampTo(
			image.isFloatingPoint()
				? image.mul(brightnessFactor)
				: image.to("float32").mul_(brightnessFactor),
			dtype,
		),
	);
}
