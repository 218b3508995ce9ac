import type { Tensor } from "../../../tensor/tensor.ts";
import { checkPart, cropInput, type Part } from "./crop.ts";
import {
	checkResize,
	checkResizeSize,
	type ResizeOptions,
	type ResizeSize,
	resizeInput,
} from "./resize.ts";

/**
 * A part of an image [..., C, H, W] (or of a mask, boxes, key points), resized: `crop`, then `resize`.
 *
 * ```ts
 * resizedCrop(image, 10, 20, 100, 100, [224, 224]);
 * ```
 */
export function resizedCrop<T extends Tensor>(
	input: T,
	top: number,
	left: number,
	height: number,
	width: number,
	size: ResizeSize,
	options: Omit<ResizeOptions, "maxSize"> = {},
): T {
	const op = "resizedCrop";
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
