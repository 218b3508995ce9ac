import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { adjustImage } from "./adjustments.ts";
import { blend } from "./blend.ts";
import { greyLevels } from "./grayscale.ts";
import { asFloats, checkFactor, colourShape, type Factor } from "./pixels.ts";

/**
 * Moves colours away from grey, or towards it: 0 gives shades of grey, 1 the image, 2 twice the colour. A grey image is given back itself.
 *
 * ```ts
 * adjustSaturation(image, 1.4);
 * ```
 *
 * @param image [..., 1 or 3, H, W]
 * @param saturationFactor at least 0
 */
export function adjustSaturation<T extends Tensor>(
	image: T,
	saturationFactor: number,
): T {
	const op = "adjustSaturation";
	checkFactor(op, "saturationFactor", saturationFactor);
	const step = { name: "saturation", factor: saturationFactor } as const;
	return adjustImage(op, image, step, saturate);
}

/** @internal By operators. */
export function saturate(op: string, image: Tensor, by: Factor): Tensor {
	const [channels] = colourShape(op, image);
	if (channels === 1) return image;
	return scope(() => {
		const values = asFloats(image);
		const grey = greyLevels(values);
		if (values !== image) grey.floor_();
		return blend(image, values, grey, by);
	});
}
