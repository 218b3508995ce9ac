import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { adjustImage } from "./adjustments.ts";
import {
	asFloats,
	checkFactor,
	clampTo,
	colourShape,
	type Factor,
	factorOf,
} from "./pixels.ts";

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
export function adjustBrightness<T extends Tensor>(
	image: T,
	brightnessFactor: number,
): T {
	const op = "adjustBrightness";
	checkFactor(op, "brightnessFactor", brightnessFactor);
	const step = { name: "brightness", factor: brightnessFactor } as const;
	return adjustImage(op, image, step, brighten);
}

/** @internal By operators. */
export function brighten(op: string, image: Tensor, by: Factor): Tensor {
	colourShape(op, image);
	return scope(() => {
		const values = asFloats(image);
		const factor = factorOf(by, values);
		const scaled = values === image ? values.mul(factor) : values.mul_(factor);
		return clampTo(scaled, image.dtype);
	});
}
