import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import { tensor } from "../../../../tensor/creation.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import {
	type BoundingBoxes,
	isRotatedBoundingFormat,
} from "../../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../../tvTensors/keyPoints.ts";
import { wrap } from "../../../tvTensors/wrap.ts";
import { checkKeyPoints } from "./clamp.ts";
import { columnsOf } from "./columns.ts";
import { checkBoxes, convert, length } from "./convert.ts";

export interface SanitizeOptions {
	/** The least width and height, in pixels: 1. */
	minSize?: number;
	/** The least area, in pixels: 1. */
	minArea?: number;
}

/** @internal */
export function checkSanitize(op: string, options: SanitizeOptions): void {
	const { minSize = 1, minArea = 1 } = options;
	check.number(op, "minSize", minSize, { min: 1 });
	check.number(op, "minArea", minArea, { min: 1 });
}

/**
 * The boxes that are large enough and lie within their image, and which they are: a mask [N], to choose their labels by.
 *
 * ```ts
 * const [kept, valid] = sanitizeBoundingBoxes(boxes);
 * const labels = allLabels.index(valid);
 * ```
 */
export function sanitizeBoundingBoxes(
	boxes: BoundingBoxes,
	...args: Optional<SanitizeOptions, ["minSize", "minArea"]>
): [boxes: BoundingBoxes, valid: Tensor] {
	const op = "sanitizeBoundingBoxes";
	checkBoxes(op, boxes);
	const options = optional<SanitizeOptions>(
		op,
		{ minSize: 1, minArea: 1 },
		args,
	);
	checkSanitize(op, options);
	return scope(() => {
		const valid = validBoxes(boxes, options);
		return [wrap(boxes.index(valid), boxes), valid];
	});
}

/** @internal Which boxes are to be kept, [N]. */
export function validBoxes(
	boxes: BoundingBoxes,
	{ minSize = 1, minArea = 1 }: SanitizeOptions,
): Tensor {
	return scope(() => {
		const rotated = isRotatedBoundingFormat(boxes.format);
		const corners = convert(boxes, boxes.format, rotated ? "XYXYXYXY" : "XYXY");
		const [w, h] = rotated ? rotatedSides(corners) : sides(corners);
		const [height, width] = boxes.canvasSize;
		const { dtype, device } = corners;
		const sizes = rotated
			? [width, height, width, height, width, height, width, height]
			: [width, height, width, height];
		const most = tensor(sizes, { dtype, device });
		return w
			.ge(minSize)
			.logicalAnd(h.ge(minSize))
			.logicalAnd(corners.ge(0).all(-1))
			.logicalAnd(w.mul(h).ge(minArea))
			.logicalAnd(corners.le(most).all(-1));
	});
}

function sides(corners: Tensor): [Tensor, Tensor] {
	const [x1, y1, x2, y2] = columnsOf(corners, 4);
	return [x2.sub(x1), y2.sub(y1)];
}

/** As torchvision computes them: its second side takes the coordinates 3 and 5, 4 and 6. */
function rotatedSides(corners: Tensor): [Tensor, Tensor] {
	const [x1, y1, x2, y2, x3, y3, x4] = columnsOf(corners, 8);
	return [length(x1.sub(x2), y1.sub(y2)), length(y2.sub(y3), x3.sub(x4))];
}

/**
 * The points within their image, and which they are: a mask [N]. Of polygons and the like, [N, …, 2], those stay of which all points lie within.
 */
export function sanitizeKeypoints(
	points: KeyPoints,
): [points: KeyPoints, valid: Tensor] {
	checkKeyPoints("sanitizeKeypoints", points);
	return scope(() => {
		const valid = validKeyPoints(points);
		return [wrap(points.index(valid), points), valid];
	});
}

/** @internal Which points or groups of points are to be kept, [N]. */
export function validKeyPoints(points: KeyPoints): Tensor {
	return scope(() => {
		const [height, width] = points.canvasSize;
		const { device } = points;
		const size = tensor([width, height], { device });
		const inside = points.ge(0).logicalAnd(points.lt(size));
		return inside.flatten(1).all(1);
	});
}
