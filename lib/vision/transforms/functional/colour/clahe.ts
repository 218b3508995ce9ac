import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { mapBytes } from "./bytes.ts";
import { limitContrast, tilingOf } from "./claheTiles.ts";
import { ofImage } from "./images.ts";
import { imageShape } from "./pixels.ts";
import { scaleTo } from "./toDtype.ts";

export interface ClaheOptions {
	/** How many times the mean count a level may have before it is cut off; 0 for no limit. Default 40. */
	clipLimit: number;
	/** Columns and rows of tiles. Default [8, 8]. */
	tileGridSize: readonly [columns: number, rows: number];
}

/**
 * Contrast limited adaptive histogram equalisation, as OpenCV defines it: each tile's histogram is cut off at the limit and equalised, and
 * each pixel is interpolated between the tiles next to it. Each channel is treated by itself. (scikit-image's equalize_adapthist shares out what was
 * cut off in another way: with clip_limit = clipLimit / 256 it differs by a few levels.)
 *
 * ```ts
 * clahe(image, { clipLimit: 2 });
 * ```
 *
 * @param image [..., C, H, W]; those that are not uint8 are scaled to it first, and back. Computed on the CPU.
 * @param args `clipLimit`, `tileGridSize`
 * @see Pizer et al., Adaptive histogram equalization and its variations, 1987
 */
export function clahe<T extends Tensor>(
	image: T,
	...args: Optional<ClaheOptions, ["clipLimit", "tileGridSize"]>
): T {
	const op = "clahe";
	const given = claheOptions(op, args);
	return ofImage(op, image, (plain) => equalizeTiles(op, plain, given));
}

/** @internal `clahe` with checked options. */
export function equalizeTiles(
	op: string,
	image: Tensor,
	{ clipLimit, tileGridSize }: ClaheOptions,
): Tensor {
	const shape = imageShape(op, image);
	if (image.numel() === 0) return image;
	const [height, width] = shape.slice(-2) as [number, number];
	const tiling = tilingOf(width, height, tileGridSize);
	return scope(() => {
		const bytes = scaleTo(op, image, "uint8");
		const result = mapBytes(bytes, height * width, (source, target) =>
			limitContrast(source, target, tiling, clipLimit),
		);
		return scaleTo(op, result.to(image.device), image.dtype);
	});
}

/** @internal Checked, with defaults. */
export function claheOptions(
	op: string,
	args: readonly unknown[],
): ClaheOptions {
	const defaults: ClaheOptions = { clipLimit: 40, tileGridSize: [8, 8] };
	const given = optional(op, defaults, args);
	const { clipLimit, tileGridSize } = given;
	check.number(op, "clipLimit", clipLimit, { min: 0 });
	check.array(op, "tileGridSize", tileGridSize);
	const fine = tileGridSize.every((n) => Number.isInteger(n) && n > 0);
	if (tileGridSize.length !== 2 || !fine) {
		throw check.invalidValue(
			op,
			"tileGridSize",
			`expected two integers above 0, got ${check.describe(tileGridSize)}`,
		);
	}
	return given;
}
