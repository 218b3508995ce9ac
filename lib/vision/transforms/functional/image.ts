import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";

/** How pixels between the grid points of an image are found. */
export type Interpolation = "nearest" | "bilinear";

/** What is put where there is no image: one value, one for each channel, or null: zeros, blended with the image's edge when interpolating. */
export type Fill = number | readonly number[] | null;

/** Height and width of an image [..., C, H, W]. */
export interface ImageSize {
	height: number;
	width: number;
}

/** @internal The shape of an image [..., C, H, W], or [H, W] where `least` is 2. */
export function shapeOf(op: string, image: Tensor, least = 3): number[] {
	const shape = image.shape;
	if (shape.length < least) {
		throw check.invalidValue(
			op,
			"image",
			`expected a tensor [..., C, H, W], got one of shape [${shape}]`,
		);
	}
	return shape;
}

/** @internal Refuses an image whose height or width is 0. */
export function checkPixels(op: string, shape: readonly number[]): void {
	if (shape.at(-1) !== 0 && shape.at(-2) !== 0) return;
	throw check.invalidValue(
		op,
		"image",
		`expected one with pixels, got one of shape [${shape}]`,
	);
}

/** @internal The last two sizes of an image. */
export function sizeOf(op: string, image: Tensor): ImageSize {
	const [height, width] = shapeOf(op, image).slice(-2) as [number, number];
	return { height, width };
}

/** @internal A list of numbers. */
export function checkNumbers(
	op: string,
	argument: string,
	values: readonly number[],
): void {
	for (const value of check.array(op, argument, values)) {
		check.number(op, argument, value);
	}
}

/** @internal */
export function checkFill(op: string, fill: Fill): void {
	if (fill === null) return;
	checkNumbers(op, "fill", typeof fill === "number" ? [fill] : fill);
}

/** @internal `fill` as a list, one value or one for each of `channels`. */
export function fillOf(
	op: string,
	fill: Fill,
	channels: number,
): readonly number[] | null {
	if (fill === null) return null;
	const values = typeof fill === "number" ? [fill] : fill;
	if (values.length !== 1 && values.length !== channels) {
		throw check.invalidValue(
			op,
			"fill",
			`expected 1 or ${channels} values for an image of ${channels} channels, got ${values.length}`,
		);
	}
	return values;
}
