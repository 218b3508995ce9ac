import * as check from "../../../check.ts";
import { constantPadNd } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import { slice } from "../../../tensor/indexing.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { BoundingBoxes } from "../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../tvTensors/keyPoints.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { clamp } from "./boxes/clamp.ts";
import { rectangles } from "./boxes/parallelogram.ts";
import { shiftOf } from "./boxes/shift.ts";
import { sizeOf } from "./image.ts";
import { byKind } from "./kinds.ts";

/** A part of an image, in pixels. */
export interface Part {
	/** Negative: above the image. */
	top: number;
	left: number;
	height: number;
	width: number;
}

/**
 * The part of an image [..., C, H, W] (or of a mask, boxes, key points) that begins at (top, left). Where it reaches beyond the image it is 0.
 *
 * @param top pixels; negative: above the image
 * @param left pixels
 * @param height of the result
 * @param width of the result
 */
export function crop<T extends Tensor>(
	input: T,
	top: number,
	left: number,
	height: number,
	width: number,
): T {
	const op = "crop";
	const part = { top, left, height, width };
	checkPart(op, part);
	return cropInput(op, input, part);
}

/** @internal */
export function checkPart(
	op: string,
	{ top, left, height, width }: Part,
): void {
	check.integer(op, "top", top);
	check.integer(op, "left", left);
	check.integer(op, "height", height, { min: 0 });
	check.integer(op, "width", width, { min: 0 });
}

/** @internal `crop` with checked arguments. */
export function cropInput<T extends Tensor>(
	op: string,
	input: T,
	part: Part,
): T {
	return byKind(op, input, {
		image: (image) => cropImage(op, image, part),
		boxes: (boxes) => cropBoxes(boxes, part),
		keyPoints: (points) => cropPoints(points, part),
	});
}

/** @internal */
export function cropImage(
	op: string,
	image: Tensor,
	{ top, left, height, width }: Part,
): Tensor {
	const size = sizeOf(op, image);
	const rows = range(top, height, size.height);
	const columns = range(left, width, size.width);
	using band = image.slice(-2, rows.start, rows.end);
	const part = band.slice(-1, columns.start, columns.end);
	const missing = [columns.before, columns.after, rows.before, rows.after];
	if (missing.every((n) => n === 0)) return part;
	using inner = part;
	return constantPadNd(inner, missing, 0);
}

/** @internal Of images [N, C, H, W] parts of one size, each from a corner of its own within its image. */
export function cropBatch(
	images: Tensor,
	corners: readonly { top: number; left: number }[],
	[height, width]: readonly [number, number],
): Tensor {
	return scope(() => {
		const { device } = images;
		const place = (values: readonly number[]): Tensor =>
			tensor(values, { dtype: "int64", device });
		// all parts that there are, [N, C, top, left, height, width], and of each image one of them
		return images
			.unfold(2, height, 1)
			.unfold(3, width, 1)
			.index(
				place(corners.map((_, n) => n)),
				slice(),
				place(corners.map(({ top }) => top)),
				place(corners.map(({ left }) => left)),
			);
	});
}

/** What of `start` … `start + length` lies in 0 … `size`, and how much before and after it does not. */
function range(start: number, length: number, size: number) {
	const clampTo = (n: number): number => Math.min(Math.max(n, 0), size);
	const inside = { start: clampTo(start), end: clampTo(start + length) };
	const before = Math.min(Math.max(-start, 0), length);
	return {
		...inside,
		before,
		after: length - before - (inside.end - inside.start),
	};
}

function cropBoxes(
	boxes: BoundingBoxes,
	{ top, left, height, width }: Part,
): BoundingBoxes {
	const canvasSize = [height, width] as const;
	const moved = boxes.sub(shiftOf(boxes, left, top));
	const upright = boxes.format === "XYXYXYXY" ? rectangles(moved) : moved;
	const kept = clamp(upright, boxes.format, canvasSize, boxes.clampingMode);
	return wrap(kept, boxes, { canvasSize });
}

function cropPoints(
	points: KeyPoints,
	{ top, left, height, width }: Part,
): KeyPoints {
	const { dtype, device } = points;
	const moved = points.sub(tensor([left, top], { dtype, device }));
	return wrap(moved, points, { canvasSize: [height, width] });
}
