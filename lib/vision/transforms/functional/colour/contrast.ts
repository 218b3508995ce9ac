import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { adjustImage } from "./adjustments.ts";
import { blend } from "./blend.ts";
import { greyLevels } from "./grayscale.ts";
import { asFloats, checkFactor, colourShape, type Factor } from "./pixels.ts";

/**
 * Moves values away from the image's mean grey, or towards it: 0 gives that grey, 1 the image, 2 twice the contrast.
 *
 * ```ts
 * adjustContrast(image, 0.5);
 * ```
 *
 * @param image [..., 1 or 3, H, W]; each image of a batch has its own mean
 * @param contrastFactor at least 0
 */
export function adjustContrast<T extends Tensor>(
	image: T,
	contrastFactor: number,
): T {
	const op = "adjustContrast";
	checkFactor(op, "contrastFactor", contrastFactor);
	const step = { name: "contrast", factor: contrastFactor } as const;
	return adjustImage(op, image, step, contrastBy);
}

/** @internal By operators. */
export function contrastBy(op: string, image: Tensor, by: Factor): Tensor {
	const [channels] = colourShape(op, image);
	return scope(() => {
		const values = asFloats(image);
		let grey = values;
		if (channels === 3) {
			grey = greyLevels(values);
			if (values !== image) grey.floor_();
		}
		const mean = grey.mean([-3, -2, -1], true);
		return blend(image, values, mean, by);
	});
}
