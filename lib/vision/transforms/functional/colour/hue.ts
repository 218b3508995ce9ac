import * as check from "../../../../check.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { adjustImage } from "./adjustments.ts";
import { hsvToRgb, rgbToHsv } from "./hsv.ts";
import { colourShape, type Factor, factorOf } from "./pixels.ts";
import { fromUnit, scaleTo } from "./toDtype.ts";

/**
 * Turns all colours on the colour wheel: 0 and 1 of a turn give the image, 0.5 (and -0.5) the complementary colours. A grey image is
 * given back itself.
 *
 * ```ts
 * adjustHue(image, -0.1);
 * ```
 *
 * @param image [..., 1 or 3, H, W], values not below 0
 * @param hueFactor the part of a turn, -0.5 to 0.5
 */
export function adjustHue<T extends Tensor>(image: T, hueFactor: number): T {
	const op = "adjustHue";
	check.number(op, "hueFactor", hueFactor, { min: -0.5, max: 0.5 });
	const step = { name: "hue", factor: hueFactor } as const;
	return adjustImage(op, image, step, turnHue);
}

/** @internal By operators. */
export function turnHue(op: string, image: Tensor, by: Factor): Tensor {
	if (colourShape(op, image)[0] === 1 || image.numel() === 0) return image;
	return scope(() => {
		const [h, s, v] = rgbToHsv(scaleTo(op, image, "float32"));
		const turned = h.add(factorOf(by, h));
		return fromUnit(op, hsvToRgb(turned, s, v), image.dtype);
	});
}
