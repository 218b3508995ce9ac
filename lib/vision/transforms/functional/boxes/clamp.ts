import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import { tensor } from "../../../../tensor/creation.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import {
	type BoundingBoxes,
	type BoundingBoxFormat,
	type ClampingMode,
	isRotatedBoundingFormat,
} from "../../../tvTensors/boundingBoxes.ts";
import { KeyPoints } from "../../../tvTensors/keyPoints.ts";
import type { CanvasSize } from "../../../tvTensors/tvTensor.ts";
import { wrap } from "../../../tvTensors/wrap.ts";
import { clampRotated } from "./clampRotated.ts";
import { checkBoxes, convert } from "./convert.ts";

export interface ClampOptions {
	/** Default: "auto", the boxes' own mode. */
	clampingMode?: ClampingMode | "auto";
}

/** @internal */
export function checkClampOptions(op: string, options: ClampOptions): void {
	check.options(op, options, ["clampingMode"]);
	const { clampingMode = "auto" } = options;
	if (clampingMode !== null) {
		check.oneOf(op, "clampingMode", clampingMode, ["soft", "hard", "auto"]);
	}
}

/**
 * Boxes cut off at the edges of their image; "soft" and "hard" differ for rotated boxes alone.
 *
 * ```ts
 * const boxes = new BoundingBoxes([[-10, 20, 50, 120]], { format: "XYXY", canvasSize: [100, 80] });
 * clampBoundingBoxes(boxes).tolist(); // [[0, 20, 50, 100]]
 * ```
 */
export function clampBoundingBoxes(
	boxes: BoundingBoxes,
	...args: Optional<ClampOptions, ["clampingMode"]>
): BoundingBoxes {
	const op = "clampBoundingBoxes";
	const defaults: ClampOptions = { clampingMode: "auto" };
	const options = optional(op, defaults, args);
	checkBoxes(op, boxes);
	checkClampOptions(op, options);
	const { clampingMode = "auto" } = options;
	const mode = clampingMode === "auto" ? boxes.clampingMode : clampingMode;
	return scope(() =>
		wrap(clamp(boxes, boxes.format, boxes.canvasSize, mode), boxes),
	);
}

/** @internal */
export function clamp(
	boxes: Tensor,
	format: BoundingBoxFormat,
	canvas: CanvasSize,
	mode: ClampingMode,
): Tensor {
	if (mode === null) return boxes.clone();
	if (isRotatedBoundingFormat(format)) {
		const corners = convert(boxes, format, "XYXYXYXY");
		return convert(clampRotated(corners, canvas, mode), "XYXYXYXY", format);
	}
	const floats = boxes.isFloatingPoint() ? boxes : boxes.float();
	const corners = convert(floats, format, "XYXY");
	const [height, width] = canvas;
	const { dtype, device } = corners;
	const most = tensor([width, height, width, height], { dtype, device });
	return convert(corners.clampMin(0).minimum(most), "XYXY", format).to(
		boxes.dtype,
	);
}

/** Points moved to the nearest pixel of their image where they lie outside of it. */
export function clampKeypoints(points: KeyPoints): KeyPoints {
	checkKeyPoints("clampKeypoints", points);
	return scope(() => {
		const [height, width] = points.canvasSize;
		const floats = points.isFloatingPoint() ? points : points.float();
		const { dtype, device } = floats;
		const most = tensor([width - 1, height - 1], { dtype, device });
		return wrap(floats.clampMin(0).minimum(most).to(points.dtype), points);
	});
}

/** @internal */
export function checkKeyPoints(op: string, points: unknown): void {
	if (points instanceof KeyPoints) return;
	throw check.invalidType(op, "points", "KeyPoints", points);
}
