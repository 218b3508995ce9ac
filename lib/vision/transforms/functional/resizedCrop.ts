import { type Optional, optional } from "../../../arguments.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { checkPart, cropInput, type Part } from "./crop.ts";
import { resizeInput } from "./resize.ts";
import {
	checkResize,
	checkResizeSize,
	type ResizeOptions,
	type ResizeSize,
} from "./resizeArguments.ts";

type ResizedCropOptions = Omit<ResizeOptions, "maxSize">;
const defaults: ResizedCropOptions = {
	interpolation: "bilinear",
	antialias: true,
};

/**
 * A part of an image [..., C, H, W] (or of a mask, boxes, key points), resized: `crop`, then `resize`.
 *
 * ```ts
 * resizedCrop(image, 10, 20, 100, 100, [224, 224]);
 * ```
 *
 * @param args `interpolation`, `antialias`
 */
export function resizedCrop<T extends Tensor>(
	input: T,
	top: number,
	left: number,
	height: number,
	width: number,
	size: ResizeSize,
	...args: Optional<ResizedCropOptions, ["interpolation", "antialias"]>
): T {
	const op = "resizedCrop";
	const options = optional(op, defaults, args);
	const part = { top, left, height, width };
	checkPart(op, part);
	checkResizeSize(op, size, null);
	checkResize(op, options);
	return resizedCropInput(op, input, part, size, options);
}

/** @internal `resizedCrop` with checked arguments. */
export function resizedCropInput<T extends Tensor>(
	op: string,
	input: T,
	part: Part,
	size: ResizeSize,
	options: ResizeOptions,
): T {
	const inner = cropInput(op, input, part);
	const output = resizeInput(op, inner, size, options);
	if (output !== inner && inner !== input) inner.dispose();
	return output;
}
