import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { asFloats, colourShape, cutToBytes } from "./pixels.ts";

export interface GrayscaleOptions {
	/** 1, or 3 for three equal channels. Default 1. */
	numOutputChannels: 1 | 3;
}

/**
 * A colour image in shades of grey: 0.2989 R + 0.587 G + 0.114 B (ITU-R 601-2), cut off to whole numbers where the image has them.
 *
 * ```ts
 * rgbToGrayscale(torch.ones([3, 8, 8])).shape; // [1, 8, 8]
 * ```
 *
 * @param image [..., 1 or 3, H, W]
 * @param args `numOutputChannels`
 */
export function rgbToGrayscale<T extends Tensor>(
	image: T,
	...args: Optional<GrayscaleOptions, ["numOutputChannels"]>
): T {
	const op = "rgbToGrayscale";
	const channels = outputChannels(op, args);
	return ofImage(op, image, (plain) => toGrey(op, plain, channels));
}

/**
 * A grey image with three equal channels; an image that has three already is given back itself.
 *
 * @param image [..., 1 or 3, H, W]
 */
export function grayscaleToRgb<T extends Tensor>(image: T): T {
	const op = "grayscaleToRgb";
	return ofImage(op, image, (plain) =>
		colourShape(op, plain)[0] === 3 ? plain : toGrey(op, plain, 3),
	);
}

/** @internal */
export function outputChannels(op: string, args: readonly unknown[]): 1 | 3 {
	const defaults: GrayscaleOptions = { numOutputChannels: 1 };
	const { numOutputChannels: channels } = optional(op, defaults, args);
	if (channels === 1 || channels === 3) return channels;
	throw check.invalidValue(
		op,
		"numOutputChannels",
		`expected 1 or 3, got ${check.describe(channels)}`,
	);
}

/** @internal `rgbToGrayscale` with checked arguments. */
export function toGrey(op: string, image: Tensor, channels: number): Tensor {
	if (colourShape(op, image)[0] === 1) {
		if (channels === 1) return image.clone();
		return image.repeat([...image.shape.slice(0, -3).map(() => 1), 3, 1, 1]);
	}
	const grey = scope(() => {
		const levels = greyLevels(asFloats(image));
		return image.dtype === "uint8"
			? cutToBytes(levels)
			: levels.to(image.dtype);
	});
	return channels === 1 ? grey : grey.expand(image.shape);
}

/** @internal Of floating point values [..., 3, H, W]: [..., 1, H, W]. */
export function greyLevels(values: Tensor): Tensor {
	const [red, green, blue] = ([0, 1, 2] as const).map((channel) =>
		values.slice(-3, channel, channel + 1),
	) as [Tensor, Tensor, Tensor];
	return red
		.mul(0.2989)
		.add_(green, { alpha: 0.587 })
		.add_(blue, { alpha: 0.114 });
}
