import * as check from "../../../check.ts";
import { mm } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	type BoundingBoxes,
	isRotatedBoundingFormat,
} from "../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../tvTensors/keyPoints.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { around, cornersOf, homogeneous } from "./affinePoints.ts";
import { clamp } from "./boxes/clamp.ts";
import { convert } from "./boxes/convert.ts";
import type { PerspectiveCoefficients } from "./perspectiveCoefficients.ts";

/** Where points (N, 2) go: by the inverse of the coefficients. */
function movePoints(
	op: string,
	points: Tensor,
	coefficients: PerspectiveCoefficients,
): Tensor {
	const [a, b, c, d, e, f, g, h] = coefficients;
	const determinant = a * e - b * d;
	if (determinant === 0) {
		throw check.invalidValue(
			op,
			"endpoints",
			"expected corners that can be taken back: boxes and points have no place in the result",
		);
	}
	const inverse = [
		[e - f * h, -b + c * h, b * f - c * e],
		[-d + f * g, a - c * g, -a * f + c * d],
		[-e * g + d * h, -a * h + b * g, determinant],
	].map((row) => row.map((value) => value / determinant));
	const { dtype, device } = points;
	const theta = tensor(inverse, { dtype, device });
	const all = homogeneous(points);
	const above = mm(all, theta.narrow(0, 0, 2).t());
	return above.div_(mm(all, theta.narrow(0, 2, 1).t()));
}

/** @internal */
export function perspectivePoints(
	op: string,
	points: KeyPoints,
	coefficients: PerspectiveCoefficients,
): KeyPoints {
	const floats = points.isFloatingPoint() ? points : points.float();
	const moved = movePoints(op, floats.reshape([-1, 2]), coefficients);
	return wrap(moved.to(points.dtype).reshape(points.shape), points);
}

/** @internal */
export function perspectiveBoxes(
	op: string,
	boxes: BoundingBoxes,
	coefficients: PerspectiveCoefficients,
): BoundingBoxes {
	const { format, canvasSize, clampingMode, dtype } = boxes;
	const within = isRotatedBoundingFormat(format) ? "XYXYXYXY" : "XYXY";
	const converted = convert(boxes, format, within);
	const floats = converted.isFloatingPoint() ? converted : converted.float();
	const corners = movePoints(op, cornersOf(floats), coefficients);
	const kept = clamp(around(corners, within), within, canvasSize, clampingMode);
	return wrap(convert(kept, within, format).to(dtype), boxes);
}
