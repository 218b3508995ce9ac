import * as check from "../../../check.ts";
import { rot90 } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { sampleAffine } from "./grid.ts";
import {
	checkFill,
	type Fill,
	type ImageSize,
	type Interpolation,
	sizeOf,
} from "./image.ts";
import { inverseAffineMatrix, type Matrix } from "./matrix.ts";

export interface AffineOptions {
	/** "nearest" (default) or "bilinear". */
	interpolation?: Interpolation;
	/** What is put where there is no image: null. */
	fill?: Fill;
	/** The fixed point (x, y) in pixels from the upper left corner. Default: the image's centre. */
	center?: readonly [number, number] | null | undefined;
}

export interface RotateOptions extends AffineOptions {
	/** Makes the result as large as the rotated image needs (about the centre): false. */
	expand?: boolean;
}

const names = ["interpolation", "fill", "center"];

/** @internal */
export function checkAffine(op: string, options: RotateOptions): void {
	const { interpolation, fill, center, expand } = options;
	if (interpolation !== undefined) {
		check.oneOf(op, "interpolation", interpolation, ["nearest", "bilinear"]);
	}
	if (center) checkPair(op, "center", center);
	if (expand !== undefined) check.boolean(op, "expand", expand);
	if (fill !== undefined) checkFill(op, fill);
}

/** @internal */
export function checkPair(
	op: string,
	name: string,
	pair: readonly number[],
	{ min, max }: { min?: number; max?: number } = {},
): void {
	if (!Array.isArray(pair) || pair.length !== 2) {
		throw check.invalidValue(
			op,
			name,
			`expected [number, number], got ${JSON.stringify(pair)}`,
		);
	}
	pair.forEach((value, i) => {
		check.number(op, `${name}[${i}]`, value, { min, max });
	});
}

/**
 * Rotates an image [..., C, H, W] counter-clockwise.
 *
 * Multiples of 90° about the centre are exact (`rot90`; the result need not be contiguous).
 *
 * ```ts
 * const image = torch.zeros([1, 28, 28], { dtype: "uint8" });
 * rotate(image, 30, { interpolation: "bilinear", fill: 127, expand: true }).shape; // [1, 40, 40]
 * ```
 *
 * @param angle degrees
 */
export function rotate(
	image: Tensor,
	angle: number,
	options: RotateOptions = {},
): Tensor {
	const op = "rotate";
	check.options(op, options, [...names, "expand"]);
	check.number(op, "angle", angle);
	checkAffine(op, options);
	return rotateImage(op, image, angle, options);
}

/** @internal `rotate` with checked arguments. */
export function rotateImage(
	op: string,
	image: Tensor,
	angle: number,
	{ interpolation = "nearest", expand = false, center, fill }: RotateOptions,
): Tensor {
	const size = sizeOf(op, image);
	let turn = angle % 360;
	if (turn < 0) turn += 360;
	if (!center) {
		if (turn === 0) return image.clone();
		const fits = turn === 180 || expand || size.height === size.width;
		if (fits && turn % 90 === 0) return rot90(image, turn / 90, [-2, -1]);
	}
	const matrix = inverseAffineMatrix({
		angle: -turn, // affine turns clockwise
		translate: [0, 0],
		scale: 1,
		shear: [0, 0],
		center: fromCenter(center, size),
	});
	const output = expand ? expandedSize(matrix, size) : size;
	return sampleAffine(op, image, matrix, output, interpolation, fill ?? null);
}

/**
 * Rotates (clockwise), moves, scales and shears an image [..., C, H, W], keeping its centre or `center`.
 *
 * ```ts
 * affine(image, 10, [3, -2], 1.2, [5, 0], { interpolation: "bilinear" });
 * ```
 *
 * @param angle degrees
 * @param translate pixels to the right and down
 * @param scale a factor above 0
 * @param shear degrees along x and y; one number: along x
 */
export function affine(
	image: Tensor,
	angle: number,
	translate: readonly [number, number],
	scale: number,
	shear: number | readonly [number, number],
	options: AffineOptions = {},
): Tensor {
	const op = "affine";
	check.options(op, options, names);
	check.number(op, "angle", angle);
	checkPair(op, "translate", translate);
	check.number(op, "scale", scale);
	if (scale <= 0) {
		throw check.invalidValue(
			op,
			"scale",
			`expected a number above 0, got ${scale}`,
		);
	}
	const shears = typeof shear === "number" ? ([shear, 0] as const) : shear;
	checkPair(op, "shear", shears);
	checkAffine(op, options);
	return affineImage(op, image, angle, translate, scale, shears, options);
}

/** @internal `affine` with checked arguments. */
export function affineImage(
	op: string,
	image: Tensor,
	angle: number,
	translate: readonly [number, number],
	scale: number,
	shear: readonly [number, number],
	{ interpolation = "nearest", fill, center }: AffineOptions,
): Tensor {
	const size = sizeOf(op, image);
	const matrix = inverseAffineMatrix({
		angle,
		translate,
		scale,
		shear,
		center: fromCenter(center, size),
	});
	return sampleAffine(op, image, matrix, size, interpolation, fill ?? null);
}

function fromCenter(
	center: readonly [number, number] | null | undefined,
	{ width, height }: ImageSize,
): [number, number] {
	return center ? [center[0] - width / 2, center[1] - height / 2] : [0, 0];
}

/** The size that holds the whole rotated image; in float32 and cut off at 1e-4, as torchvision finds it. */
function expandedSize(matrix: Matrix, { width, height }: ImageSize): ImageSize {
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
