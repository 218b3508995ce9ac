import type { Tensor } from "../../../tensor/tensor.ts";
import type { BoundingBoxes, KeyPoints } from "../../tvTensors/index.ts";
import { type CropSize, heightAndWidth } from "../parameters.ts";
import { cropImage, cropInput, type Part } from "./crop.ts";
import { type ImageSize, sizeOf } from "./image.ts";
import { byKind } from "./kinds.ts";
import { roundHalfEven } from "./rounding.ts";

/**
 * The middle of an image [..., C, H, W] (or of a mask, boxes, key points); zeros around it where the image is smaller.
 *
 * @param size a number for a square, or [height, width]
 */
export function centerCrop<T extends Tensor>(input: T, size: CropSize): T {
	const op = "centerCrop";
	return centerCropInput(op, input, heightAndWidth(op, size));
}

/** @internal `centerCrop` with checked arguments. */
export function centerCropInput<T extends Tensor>(
	op: string,
	input: T,
	size: readonly [number, number],
): T {
	return byKind(op, input, {
		image: (image) => cropImage(op, image, middle(sizeOf(op, image), size)),
		boxes: (boxes) => cropInput(op, boxes, middleOf(boxes, size)),
		keyPoints: (points) => cropInput(op, points, middleOf(points, size)),
	});
}

/** Of an image that is smaller torchvision fills what is missing first, and rounds down what goes before it. */
function middle(
	{ height, width }: ImageSize,
	[rows, columns]: readonly [number, number],
): Part {
	const start = (size: number, wanted: number): number =>
		wanted > size
			? -Math.floor((wanted - size) / 2)
			: roundHalfEven((size - wanted) / 2);
	return {
		top: start(height, rows),
		left: start(width, columns),
		height: rows,
		width: columns,
	};
}

/** Boxes and points are moved by half the difference, rounded to even. */
function middleOf(
	{ canvasSize }: BoundingBoxes | KeyPoints,
	[rows, columns]: readonly [number, number],
): Part {
	const [height, width] = canvasSize;
	return {
		top: roundHalfEven((height - rows) / 2),
		left: roundHalfEven((width - columns) / 2),
		height: rows,
		width: columns,
	};
}
