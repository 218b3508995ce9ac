import { aminmax, cat, mm } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
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
import type { ImageSize } from "./image.ts";
import {
	type AffineParameters,
	affineMatrix,
	inverseAffineMatrix,
	type Matrix,
	type Point,
} from "./matrix.ts";

/** Where points and boxes go: a map (3, 2), and with `expand` the larger canvas, which begins at `corner`. */
interface Move {
	theta: Tensor;
	canvasSize: CanvasSize;
	corner: Tensor | null;
}

function moveOf(
	{ canvasSize }: BoundingBoxes | KeyPoints,
	{ dtype, device }: Tensor,
	parameters: AffineParameters,
	center: Point | null,
	expand: boolean,
): Move {
	const [height, width] = canvasSize;
	const fixed = center ?? [width / 2, height / 2];
	const theta = tensor(affineMatrix(parameters, fixed), { dtype, device })
		.view([2, 3])
		.t();
	if (!expand) return { theta, canvasSize, corner: null };
	const canvas = [
		[0, 0, 1],
		[0, height, 1],
		[width, height, 1],
		[width, 0, 1],
	];
	const corner = mm(tensor(canvas, { dtype, device }), theta).amin([0]);
	const matrix = inverseAffineMatrix(parameters, fixed);
	const size = expandedSize(matrix, { height, width });
	return { theta, canvasSize: [size.height, size.width], corner };
}

/** @internal x, y and 1: (N, 3) of (N, 2). */
export function homogeneous(points: Tensor): Tensor {
	const { dtype, device } = points;
	const ones = tensor(1, { dtype, device }).expand([points.size(0), 1]);
	return cat([points, ones], 1);
}

/** @internal Points, moved. */
export function affinePoints(
	points: KeyPoints,
	parameters: AffineParameters,
	center: Point | null,
	expand: boolean,
): KeyPoints {
	const { dtype, shape } = points;
	const floats = points.isFloatingPoint() ? points : points.float();
	const move = moveOf(points, floats, parameters, center, expand);
	const { theta, canvasSize, corner } = move;
	let moved = mm(homogeneous(floats.reshape([-1, 2])), theta);
	if (corner) moved = moved.sub(corner);
	return wrap(moved.reshape(shape).to(dtype), points, { canvasSize });
}

/** @internal Boxes, moved: those around the moved corners, unless they may be rotated. */
export function affineBoxes(
	boxes: BoundingBoxes,
	parameters: AffineParameters,
	center: Point | null,
	expand: boolean,
): BoundingBoxes {
	const { dtype, clampingMode, format } = boxes;
	const floats = boxes.isFloatingPoint() ? boxes : boxes.float();
	const move = moveOf(boxes, floats, parameters, center, expand);
	const { theta, canvasSize, corner } = move;
	const within = isRotatedBoundingFormat(format) ? "XYXYXYXY" : "XYXY";
	const corners = cornersOf(convert(floats, format, within));
	let moved = around(mm(homogeneous(corners), theta), within);
	if (corner) moved = moved.sub(corner.repeat([moved.size(1) / 2]));
	const kept = clamp(moved, within, canvasSize, clampingMode);
	return wrap(convert(kept, within, format).to(dtype), boxes, { canvasSize });
}

/** @internal The corners of boxes [N, 4] or [N, 8], clockwise from the upper left one: [4 · N, 2]. */
export function cornersOf(boxes: Tensor): Tensor {
	const { device } = boxes;
	const columns = [0, 1, 2, 1, 2, 3, 0, 3];
	const corners =
		boxes.size(1) === 8
			? boxes
			: boxes.indexSelect(1, tensor(columns, { dtype: "int64", device }));
	return corners.reshape([-1, 2]);
}

/** @internal The boxes around corners [4 · N, 2]. */
export function around(corners: Tensor, format: "XYXY" | "XYXYXYXY"): Tensor {
	if (format === "XYXYXYXY") return rectangles(corners.reshape([-1, 8]));
	const [least, most] = aminmax(corners.reshape([-1, 4, 2]), { dim: 1 });
	return cat([least, most], 1);
}

/** @internal The size that holds the whole rotated image; in float32 and cut off at 1e-4, as torchvision finds it. */
export function expandedSize(
	matrix: Matrix,
	{ width, height }: ImageSize,
): ImageSize {
	return scope(() => {
		const [x, y] = [width / 2, height / 2];
		const corners = tensor(
			[
				[-x, -y, 1],
				[-x, y, 1],
				[x, y, 1],
				[x, -y, 1],
			],
			{ dtype: "float32" },
		);
		const theta = tensor(matrix, { dtype: "float32" }).view([2, 3]);
		const half = tensor([x, y], { dtype: "float32" });
		const moved = corners.matmul(theta.t());
		const cut = (t: Tensor): Tensor => t.add(half).mul(1e4).trunc().mul(1e-4);
		const most = cut(moved.amax([0])).ceil();
		const least = cut(moved.amin([0])).floor();
		const [w, h] = most.sub(least).tolist() as [number, number];
		return { width: w, height: h };
	});
}
