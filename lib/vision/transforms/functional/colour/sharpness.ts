import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { checkFactor, clampTo, colourShape } from "./pixels.ts";

/**
 * Sharpens, or smooths: 0 gives a smoothed image, 1 the image, 2 twice as sharp. Smoothed is the mean of a pixel (five times)
 * and its eight neighbours; pixels at the border stay. An image less than 3 pixels high or wide is given back itself.
 *
 * ```ts
 * adjustSharpness(image, 2);
 * ```
 *
 * @param image [..., 1 or 3, H, W]
 * @param sharpnessFactor at least 0
 */
export function adjustSharpness<T extends Tensor>(
	image: T,
	sharpnessFactor: number,
): T {
	const op = "adjustSharpness";
	checkFactor(op, "sharpnessFactor", sharpnessFactor);
	return ofImage(op, image, (plain) => sharpen(op, plain, sharpnessFactor));
}

function sharpen(op: string, image: Tensor, factor: number): Tensor {
	const [, height, width] = colourShape(op, image);
	if (image.numel() === 0 || height <= 2 || width <= 2) return image;
	return scope(() => {
		const whole = !image.isFloatingPoint();
		const values = whole ? image.to("float32") : image.clone();
		const inner = values.slice(-2, 1, height - 1).slice(-1, 1, width - 1);
		const smooth = smoothed(values, inner, height, width);
		// the sum of whole numbers is exact, and 13ths are never halves: rounding finds what any order of summing finds
		if (whole) smooth.round_();
		inner.add_(smooth.sub_(inner), { alpha: 1 - factor });
		return clampTo(values, image.dtype);
	});
}

/** (the sum of 3 × 3 pixels + 4 times the inner one) / 13: [..., H - 2, W - 2]. Three rows, then three columns: no convolution is needed. */
function smoothed(
	values: Tensor,
	inner: Tensor,
	height: number,
	width: number,
): Tensor {
	const rows = values
		.slice(-2, 0, height - 2)
		.add(values.slice(-2, 1, height - 1))
		.add_(values.slice(-2, 2, height));
	return rows
		.slice(-1, 0, width - 2)
		.add(rows.slice(-1, 1, width - 1))
		.add_(rows.slice(-1, 2, width))
		.add_(inner, { alpha: 4 })
		.mul_(1 / 13);
}
