import { type Optional, optional } from "../../../arguments.ts";
import { tensor } from "../../../tensor/creation.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	type BoundingBoxes,
	isRotatedBoundingFormat,
} from "../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../tvTensors/keyPoints.ts";
import type { CanvasSize } from "../../tvTensors/tvTensor.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { clamp } from "./boxes/clamp.ts";
import { convert } from "./boxes/convert.ts";
import { rectangles } from "./boxes/parallelogram.ts";
import { byKind } from "./kinds.ts";
import {
	checkResize,
	checkResizeSize,
	type ResizeOptions,
	type ResizeSize,
	resizedSize,
} from "./resizeArguments.ts";
import { resizeImage } from "./resizeImage.ts";

const resizeDefaults: ResizeOptions = {
	interpolation: "bilinear",
	maxSize: null,
	antialias: true,
};

/**
 * An image [..., C, H, W] (or a mask, boxes, key points) in another size. What has that size already is given back itself.
 *
 * ```ts
 * resize(image, 256); // the shorter side 256 pixels, the longer one in proportion
 * resize(image, [224, 224], { interpolation: "bicubic" });
 * ```
 *
 * @param args `interpolation`, `maxSize`, `antialias`
 */
export function resize<T extends Tensor>(
	input: T,
	size: ResizeSize,
	...args: Optional<ResizeOptions, ["interpolation", "maxSize", "antialias"]>
): T {
	const op = "resize";
	const options = optional(op, resizeDefaults, args);
	checkResizeSize(op, size, options.maxSize);
	checkResize(op, options);
	return resizeInput(op, input, size, options);
}

/** @internal `resize` with checked arguments. */
export function resizeInput<T extends Tensor>(
	op: string,
	input: T,
	size: ResizeSize,
	options: ResizeOptions,
): T {
	const { interpolation = "bilinear", antialias = true, maxSize } = options;
	const target = (from: CanvasSize): CanvasSize =>
		resizedSize(from, size, maxSize ?? null);
	const forMasks =
		interpolation === "nearest-exact" ? interpolation : "nearest";
	return byKind(op, input, {
		image: (image) => resizeImage(op, image, target, interpolation, antialias),
		mask: (mask) => resizeImage(op, mask, target, forMasks, false),
		boxes: (boxes) => resizeBoxes(boxes, target(boxes.canvasSize)),
		keyPoints: (points) => resizePoints(points, target(points.canvasSize)),
	});
}

function ratios(from: CanvasSize, to: CanvasSize, device: string): Tensor {
	return tensor([to[1] / from[1], to[0] / from[0]], {
		dtype: "float32",
		device,
	});
}

function resizePoints(points: KeyPoints, size: CanvasSize): KeyPoints {
	if (isSame(points.canvasSize, size)) return points;
	const scaled = points.mul(ratios(points.canvasSize, size, points.device));
	return wrap(scaled.to(points.dtype), points, { canvasSize: size });
}

function resizeBoxes(boxes: BoundingBoxes, size: CanvasSize): BoundingBoxes {
	const { format, canvasSize, dtype, device } = boxes;
	if (isSame(canvasSize, size)) return boxes;
	const scale = ratios(canvasSize, size, device);
	if (!isRotatedBoundingFormat(format)) {
		const scaled = boxes.mul(scale.repeat([2])).to(dtype);
		return wrap(scaled, boxes, { canvasSize: size });
	}
	const corners = convert(boxes, format, "XYXYXYXY").mul(scale.repeat([4]));
	const kept = clamp(rectangles(corners), "XYXYXYXY", size, boxes.clampingMode);
	const resized = convert(kept, "XYXYXYXY", format).to(dtype);
	return wrap(resized, boxes, { canvasSize: size });
}

function isSame(a: CanvasSize, b: CanvasSize): boolean {
	return a[0] === b[0] && a[1] === b[1];
}
