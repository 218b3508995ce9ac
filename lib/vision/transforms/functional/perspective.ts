import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { mm } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { checkPair } from "./affine.ts";
import { type Float, pixelGrid, sampleGrid } from "./grid.ts";
import {
	checkFill,
	type Fill,
	type ImageSize,
	type Interpolation,
	sizeOf,
} from "./image.ts";
import { byKind } from "./kinds.ts";
import {
	type Corners,
	type PerspectiveCoefficients,
	perspectiveCoefficients,
} from "./perspectiveCoefficients.ts";
import { perspectiveBoxes, perspectivePoints } from "./perspectivePoints.ts";

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
