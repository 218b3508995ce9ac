import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { mm } from "../../../generated/functions.ts";
import { lstsq } from "../../../generated/linalg.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	type BoundingBoxes,
	isRotatedBoundingFormat,
} from "../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../tvTensors/keyPoints.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { checkPair } from "./affine.ts";
import { around, cornersOf, homogeneous } from "./affinePoints.ts";
import { clamp } from "./boxes/clamp.ts";
import { convert } from "./boxes/convert.ts";
import { type Float, pixelGrid, sampleGrid } from "./grid.ts";
import {
	checkFill,
	type Fill,
	type ImageSize,
	type Interpolation,
	sizeOf,
} from "./image.ts";
import { byKind } from "./kinds.ts";
import type { Point } from "./matrix.ts";

/** Upper left, upper right, lower right, lower left. */
export type Corners = readonly [Point, Point, Point, Point];

/** a … h: (x, y) of the result is the image at ((ax + by + c) / (gx + hy + 1), (dx + ey + f) / (gx + hy + 1)). */
export type PerspectiveCoefficients = readonly [
	a: number,
	b: number,
	c: number,
	d: number,
	e: number,
	f: number,
	g: number,
	h: number,
];

export interface PerspectiveOptions {
	/** "bilinear" (default) or "nearest". */
	interpolation?: Interpolation;
	/** What is put where there is no image: null. */
	fill?: Fill;
}

const defaults: PerspectiveOptions = { interpolation: "bilinear", fill: null };

/**
 * An image [..., C, H, W] (or a mask, boxes, key points) seen from aside: `startpoints` go to `endpoints`.
 *
 * ```ts
 * perspective(image, [[0, 0], [27, 0], [27, 27], [0, 27]], [[3, 1], [25, 0], [27, 27], [0, 24]]);
 * ```
 *
 * @param startpoints four corners in the image, x and y
 * @param endpoints where they are in the result
 * @param args `interpolation`, `fill`
 */
export function perspective<T extends Tensor>(
	input: T,
	startpoints: Corners,
	endpoints: Corners,
	...args: Optional<PerspectiveOptions, ["interpolation", "fill"]>
): T {
	const op = "perspective";
	const options = optional(op, defaults, args);
	checkCorners(op, "startpoints", startpoints);
	checkCorners(op, "endpoints", endpoints);
	checkPerspective(op, options);
	const coefficients = perspectiveCoefficients(op, startpoints, endpoints);
	return perspectiveInput(op, input, coefficients, options);
}

function checkCorners(op: string, name: string, corners: Corners): void {
	check.array(op, name, corners);
	if (corners.length !== 4) {
		throw check.invalidValue(
			op,
			name,
			`expected four corners, got ${corners.length}`,
		);
	}
	corners.forEach((corner, i) => {
		checkPair(op, `${name}[${i}]`, corner);
	});
}

/** @internal */
export function checkPerspective(
	op: string,
	options: PerspectiveOptions,
): void {
	check.options(op, options, ["interpolation", "fill"]);
	const { interpolation = "bilinear", fill = null } = options;
	check.oneOf(op, "interpolation", interpolation, ["nearest", "bilinear"]);
	checkFill(op, fill);
}

/** @internal What takes `endpoints` back to `startpoints`: least squares in float64, then float32. */
export function perspectiveCoefficients(
	op: string,
	startpoints: Corners,
	endpoints: Corners,
): PerspectiveCoefficients {
	const rows = endpoints.flatMap(([x, y], i) => {
		const [u, v] = startpoints[i] as Point;
		return [
			[x, y, 1, 0, 0, 0, -u * x, -u * y],
			[0, 0, 0, x, y, 1, -v * x, -v * y],
		];
	});
	const solve = () => {
		const float64 = { dtype: "float64" } as const;
		// torchvision's rows are whole numbers, or float32
		const whole = rows.flat().every(Number.isInteger);
		const a = tensor(rows, whole ? float64 : { dtype: "float32" }).double();
		const b = tensor(startpoints.flat(), float64);
		const [solution] = lstsq(a, b.unsqueeze(1), { driver: "gels" });
		return solution.squeeze(1).float().tolist();
	};
	try {
		return scope(solve) as unknown as PerspectiveCoefficients;
	} catch (cause) {
		const corners = JSON.stringify(endpoints);
		throw check.invalidValue(
			op,
			"endpoints",
			`expected corners no three of which lie on a line, got ${corners} (${(cause as Error).message})`,
		);
	}
}

/** @internal `perspective` with checked arguments. */
export function perspectiveInput<T extends Tensor>(
	op: string,
	input: T,
	coefficients: PerspectiveCoefficients,
	{ interpolation = "bilinear", fill = null }: PerspectiveOptions,
): T {
	const sample = (image: Tensor, mode: Interpolation): Tensor => {
		const size = sizeOf(op, image);
		return sampleGrid(op, image, size, mode, fill, (dtype, device) =>
			perspectiveGrids([coefficients], size, dtype, device),
		);
	};
	return byKind(op, input, {
		image: (image) => sample(image, interpolation),
		mask: (mask) => sample(mask, "nearest"),
		boxes: (boxes) => perspectiveBoxes(op, boxes, coefficients),
		keyPoints: (points) => perspectivePoints(op, points, coefficients),
	});
}

/** @internal Images [N, C, H, W], each by coefficients of its own. */
export function perspectiveBatch(
	op: string,
	images: Tensor,
	coefficients: readonly PerspectiveCoefficients[],
	{ interpolation = "bilinear", fill = null }: PerspectiveOptions,
): Tensor {
	const size = sizeOf(op, images);
	return sampleGrid(op, images, size, interpolation, fill, (dtype, device) =>
		perspectiveGrids(coefficients, size, dtype, device),
	);
}

/** Rows for the numerators of x and y, and for their common denominator: (3, 3). */
function rowsOf(c: PerspectiveCoefficients): number[][] {
	return [
		[c[0], c[1], c[2]],
		[c[3], c[4], c[5]],
		[c[6], c[7], 1],
	];
}

/** Where each image is looked at: (N, H, W, 2). */
function perspectiveGrids(
	coefficients: readonly PerspectiveCoefficients[],
	{ height, width }: ImageSize,
	dtype: Float,
	device: string,
): Tensor {
	const half = tensor([[width / 2], [height / 2], [1]], { dtype, device });
	const n = coefficients.length;
	const theta = tensor(coefficients.map(rowsOf), { dtype, device }).div_(half);
	const pixels = pixelGrid({ height, width }, "corner", dtype, device);
	const points = mm(theta.view([3 * n, 3]), pixels).view([n, 3, -1]);
	const at = points
		.narrow(1, 0, 2)
		.div_(points.narrow(1, 2, 1))
		.sub_(1);
	const [size, w] = [height * width, width];
	return at.asStrided([n, height, width, 2], [3 * size, w, 1, size]);
}

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

function perspectivePoints(
	op: string,
	points: KeyPoints,
	coefficients: PerspectiveCoefficients,
): KeyPoints {
	const floats = points.isFloatingPoint() ? points : points.float();
	const moved = movePoints(op, floats.reshape([-1, 2]), coefficients);
	return wrap(moved.to(points.dtype).reshape(points.shape), points);
}

function perspectiveBoxes(
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
