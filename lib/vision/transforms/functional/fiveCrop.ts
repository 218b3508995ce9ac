import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { BoundingBoxes, KeyPoints, Mask, wrap } from "../../tvTensors/index.ts";
import { type CropSize, heightAndWidth } from "../parameters.ts";
import { centerCropInput } from "./centerCrop.ts";
import { cropImage } from "./crop.ts";
import { horizontalFlip, verticalFlip } from "./flip.ts";
import { sizeOf } from "./image.ts";

/** The four corners, upper ones first, and the middle. */
export type FiveCrops<T = Tensor> = [T, T, T, T, T];
/** Five parts of an image, and the same of the mirrored one. */
export type TenCrops<T = Tensor> = [...FiveCrops<T>, ...FiveCrops<T>];

/**
 * Five parts of an image [..., C, H, W]: its corners (upper left, upper right, lower left, lower right) and its middle.
 *
 * @param size a number for a square, or [height, width]; at most the image's
 */
export function fiveCrop<T extends Tensor>(
	image: T,
	size: CropSize,
): FiveCrops<T> {
	const op = "fiveCrop";
	return fiveCropImage(op, image, heightAndWidth(op, size));
}

export interface TenCropOptions {
	/** Mirrors top to bottom instead of left to right: false. */
	verticalFlip?: boolean;
}

/**
 * Five parts of an image [..., C, H, W], and the same five of its mirror image.
 *
 * @param size a number for a square, or [height, width]; at most the image's
 * @param args `verticalFlip`
 */
export function tenCrop<T extends Tensor>(
	image: T,
	size: CropSize,
	...args: Optional<Required<TenCropOptions>, ["verticalFlip"]>
): TenCrops<T> {
	const op = "tenCrop";
	const defaults = { verticalFlip: false };
	const { verticalFlip: vertical } = optional(op, defaults, args);
	check.boolean(op, "verticalFlip", vertical);
	return tenCropImage(op, image, heightAndWidth(op, size), vertical);
}

/** @internal `fiveCrop` with checked arguments. */
export function fiveCropImage<T extends Tensor>(
	op: string,
	image: T,
	[height, width]: readonly [number, number],
): FiveCrops<T> {
	if (
		image instanceof Mask ||
		image instanceof BoundingBoxes ||
		image instanceof KeyPoints
	) {
		throw check.invalidType(op, "image", "an image", image);
	}
	const size = sizeOf(op, image);
	if (height > size.height || width > size.width) {
		throw check.invalidValue(
			op,
			"size",
			`expected at most the image's size [${size.height}, ${size.width}], got [${height}, ${width}]`,
		);
	}
	const at = (top: number, left: number): T =>
		wrap(cropImage(op, image, { top, left, height, width }), image);
	const [bottom, right] = [size.height - height, size.width - width];
	return [
		at(0, 0),
		at(0, right),
		at(bottom, 0),
		at(bottom, right),
		centerCropInput(op, image, [height, width]),
	];
}

/** @internal `tenCrop` with checked arguments. */
export function tenCropImage<T extends Tensor>(
	op: string,
	image: T,
	size: readonly [number, number],
	vertical: boolean,
): TenCrops<T> {
	const crops = fiveCropImage(op, image, size);
	const flipped = vertical ? verticalFlip(image) : horizontalFlip(image);
	return [...crops, ...fiveCropImage(op, flipped, size)];
}
