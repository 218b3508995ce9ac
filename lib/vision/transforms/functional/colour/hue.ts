import * as check from "../../../../check.ts";
import { fromBlob } from "../../../../tensor/creation.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { isBytes } from "./bytes.ts";
import { hsvToRgb, rgbToHsv } from "./hsv.ts";
import { shiftHue } from "./hueBytes.ts";
import { colourShape } from "./pixels.ts";
import { scaleTo } from "./toDtype.ts";

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
export function adjustHue(image: Tensor, hueFactor: number): Tensor {
	const op = "adjustHue";
	const [channels, height, width] = colourShape(op, image);
	check.number(op, "hueFactor", hueFactor, { min: -0.5, max: 0.5 });
	if (channels === 1 || image.numel() === 0) return image;
	if (!isBytes(image)) return turned(op, image, hueFactor);
	const bytes = image.toTypedArray() as Uint8Array;
	shiftHue(bytes, height * width, hueFactor);
	return fromBlob(bytes, image.shape);
}

/** @internal By operators: for any dtype and device. */
export function turned(op: string, image: Tensor, hueFactor: number): Tensor {
	return scope(() => {
		const [h, s, v] = rgbToHsv(scaleTo(op, image, "float32"));
		const rgb = hsvToRgb(h.add_(hueFactor).remainder_(1), s, v);
		return scaleTo(op, rgb, image.dtype);
	});
}
