import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { rot90 } from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { affineBoxes, affinePoints, expandedSize } from "./affinePoints.ts";
import { affineGrids, sampleAffine, sampleGrid } from "./grid.ts";
import {
	checkFill,
	checkPixels,
	type Fill,
	type ImageSize,
	type Interpolation,
	sizeOf,
} from "./image.ts";
import { byKind } from "./kinds.ts";
import { type AffineParameters, inverseAffineMatrix } from "./matrix.ts";

export interface AffineOptions {
	/** "nearest" (default) or "bilinear". */
	interpolation?: Interpolation | undefined;
	/** What is put where there is no image: null. */
	fill?: Fill;
	/** The fixed point (x, y) in pixels from the upper left corner. Default: the image's centre. */
	center?: readonly [number, number] | null | undefined;
}

export interface RotateOptions extends AffineOptions {
	/** Makes the result as large as the rotated image needs (about the centre): false. */
	expand?: boolean;
}

const affineDefaults: AffineOptions = {
	interpolation: "nearest",
	fill: null,
	center: null,
};
const rotateDefaults: RotateOptions = {
	interpolation: "nearest",
	expand: false,
	center: null,
	fill: null,
};

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
 * Rotates an image [..., C, H, W] (or a mask, boxes, key points) counter-clockwise.
 *
 * Multiples of 90° about the centre are exact (`rot90`; the result need not be contiguous).
 *
 * ```ts
 * const image = torch.zeros([1, 28, 28], { dtype: "uint8" });
 * rotate(image, 30, { interpolation: "bilinear", fill: 127, expand: true }).shape; // [1, 40, 40]
 * ```
 *
 * @param angle degrees
 * @param args `interpolation`, `expand`, `center`, `fill`
 */
export function rotate<T extends Tensor>(
	input: T,
	angle: number,
	...args: Optional<
		RotateOptions,
		["interpolation", "expand", "center", "fill"]
	>
): T {
	const op = "rotate";
	const options = optional(op, rotateDefaults, args);
	check.number(op, "angle", angle);
	checkAffine(op, options);
	return rotateInput(op, input, angle, options);
}

/** @internal `rotate` with checked arguments. */
export function rotateInput<T extends Tensor>(
	op: string,
	input: T,
	angle: number,
	options: RotateOptions,
): T {
	const { center = null, expand = false } = options;
	const turn = turnBy(angle);
	return byKind(op, input, {
		image: (image) => rotateImage(op, image, angle, options),
		mask: (mask) => rotateImage(op, mask, angle, forMask(options)),
		boxes: (boxes) => affineBoxes(boxes, turn, center, expand),
		keyPoints: (points) => affinePoints(points, turn, center, expand),
	});
}

/** @internal A rotation and nothing else; affine maps turn clockwise. */
export function turnBy(angle: number): AffineParameters {
	return { angle: -angle, translate: [0, 0], scale: 1, shear: [0, 0] };
}

/** Masks take nearest neighbours. */
function forMask<Options extends AffineOptions>(options: Options): Options {
	return { ...options, interpolation: "nearest" };
}

function rotateImage(
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
	const matrix = inverseAffineMatrix(turnBy(turn), fromCenter(center, size));
	if (expand) checkPixels(op, image.shape);
	const output = expand ? expandedSize(matrix, size) : size;
	return sampleAffine(op, image, matrix, output, interpolation, fill ?? null);
}

/**
 * Rotates (clockwise), moves, scales and shears an image [..., C, H, W] (or a mask, boxes, key points), keeping its centre or `center`.
 *
 * ```ts
 * affine(image, 10, [3, -2], 1.2, [5, 0], { interpolation: "bilinear" });
 * ```
 *
 * @param angle degrees
 * @param translate pixels to the right and down
 * @param scale a factor above 0
 * @param shear degrees along x and y; one number: along x
 * @param args `interpolation`, `fill`, `center`
 */
export function affine<T extends Tensor>(
	input: T,
	angle: number,
	translate: readonly [number, number],
	scale: number,
	shear: number | readonly [number, number],
	...args: Optional<AffineOptions, ["interpolation", "fill", "center"]>
): T {
	const op = "affine";
	const options = optional(op, affineDefaults, args);
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
	const parameters = { angle, translate, scale, shear: shears };
	return affineInput(op, input, parameters, options);
}

/** @internal `affine` with checked arguments. */
export function affineInput<T extends Tensor>(
	op: string,
	input: T,
	parameters: AffineParameters,
	options: AffineOptions,
): T {
	const { center = null } = options;
	return byKind(op, input, {
		image: (image) => affineImage(op, image, parameters, options),
		mask: (mask) => affineImage(op, mask, parameters, forMask(options)),
		boxes: (boxes) => affineBoxes(boxes, parameters, center, false),
		keyPoints: (points) => affinePoints(points, parameters, center, false),
	});
}

function affineImage(
	op: string,
	image: Tensor,
	parameters: AffineParameters,
	{ interpolation = "nearest", fill, center }: AffineOptions,
): Tensor {
	const size = sizeOf(op, image);
	const matrix = inverseAffineMatrix(parameters, fromCenter(center, size));
	return sampleAffine(op, image, matrix, size, interpolation, fill ?? null);
}

/** @internal Images [N, C, H, W], each by parameters of its own. */
export function affineBatch(
	op: string,
	images: Tensor,
	parameters: readonly AffineParameters[],
	{ interpolation = "nearest", fill, center }: AffineOptions,
): Tensor {
	const size = sizeOf(op, images);
	const middle = fromCenter(center, size);
	const matrices = parameters.map((each) => inverseAffineMatrix(each, middle));
	return sampleGrid(
		op,
		images,
		size,
		interpolation,
		fill ?? null,
		(dtype, device) => affineGrids(matrices, size, dtype, device),
	);
}

function fromCenter(
	center: readonly [number, number] | null | undefined,
	{ width, height }: ImageSize,
): [number, number] {
	return center ? [center[0] - width / 2, center[1] - height / 2] : [0, 0];
}
