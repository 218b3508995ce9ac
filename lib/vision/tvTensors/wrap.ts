import { Tensor } from "../../tensor/tensor.ts";
import {
	BoundingBoxes,
	type BoundingBoxFormat,
	type ClampingMode,
} from "./boundingBoxes.ts";
import { Image, Mask, Video } from "./image.ts";
import { KeyPoints } from "./keyPoints.ts";
import type { CanvasSize } from "./tvTensor.ts";

/** What a wrapped tensor has other than the one it is like. */
export interface WrapOptions {
	format?: BoundingBoxFormat;
	canvasSize?: CanvasSize;
	clampingMode?: ClampingMode;
}

/** A tensor that is an image, as far as transforms are concerned: plain ones are. */
export function isImage(value: Tensor): boolean {
	return (
		value.constructor === Tensor ||
		value instanceof Image ||
		value instanceof Video ||
		!isKind(value)
	);
}

/** Whether a value is of a kind that transforms know apart: an `Image`, a `Video`, a `Mask`, `BoundingBoxes` or `KeyPoints`. */
export function isKind(
	value: unknown,
): value is Image | Video | Mask | BoundingBoxes | KeyPoints {
	return (
		value instanceof Image ||
		value instanceof Mask ||
		value instanceof BoundingBoxes ||
		value instanceof KeyPoints ||
		value instanceof Video
	);
}

/**
 * `output` as what `like` is: an image, a mask, boxes with the same format, canvas and clamping mode unless `options` say otherwise, …
 * It shares `output`'s memory.
 *
 * ```ts
 * wrap(boxes.add(5), boxes); // BoundingBoxes
 * ```
 */
export function wrap<T extends Tensor>(
	output: Tensor,
	like: T,
	options: WrapOptions = {},
): T {
	return wrapAs(output, like, options) as Tensor as T;
}

function wrapAs(output: Tensor, like: Tensor, options: WrapOptions): Tensor {
	if (like.constructor === Tensor) return output;
	if (like instanceof BoundingBoxes) {
		const { format, canvasSize, clampingMode } = like;
		const own = { format, canvasSize, clampingMode };
		return new BoundingBoxes(output, { ...own, ...options });
	}
	if (like instanceof KeyPoints) {
		const { canvasSize = like.canvasSize } = options;
		return new KeyPoints(output, { canvasSize });
	}
	const kinds = [Mask, Video, Image];
	const Kind = kinds.find((kind) => like instanceof kind);
	return Kind && !(output instanceof Kind) ? new Kind(output) : output;
}
