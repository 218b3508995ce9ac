import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { asFloats, clampTo, colourShape, whiteOf } from "./pixels.ts";

/**
 * Spreads the values of each channel so that its darkest becomes black and its brightest white. A channel of one value stays.
 *
 * @param image [..., 1 or 3, H, W]
 */
export function autocontrast<T extends Tensor>(image: T): T {
	return ofImage("autocontrast", image, stretch);
}

function stretch(image: Tensor): Tensor {
	colourShape("autocontrast", image);
	if (image.numel() === 0) return image;
	return scope(() => {
		const values = asFloats(image);
		const least = values.amin([-2, -1], true);
		const most = values.amax([-2, -1], true);
		const flat = most.eq(least);
		const range = most.sub(least).mul_(1 / whiteOf(image.dtype));
		const scale = range.maskedFill(flat, 1);
		const black = least.maskedFill(flat, 0);
		const above = values === image ? values.sub(black) : values.sub_(black);
		return clampTo(above.div_(scale), image.dtype);
	});
}
