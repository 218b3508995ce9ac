import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import {
	constantPadNd,
	reflectionPad2d,
	replicationPad2d,
} from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { BoundingBoxes } from "../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../tvTensors/keyPoints.ts";
import type { CanvasSize } from "../../tvTensors/tvTensor.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { clamp } from "./boxes/clamp.ts";
import { shiftOf } from "./boxes/shift.ts";
import { checkFill, type Fill, fillOf, shapeOf, sizeOf } from "./image.ts";
import { byKind } from "./kinds.ts";

/** All borders, or [left and right, top and bottom], or [left, top, right, bottom]. */
export type Padding = number | readonly number[];

/**
 * What a border is made of: one value; the pixels at the edge; the image mirrored without its edge (3 2 | 1 2 3 | 2 1) or
 * with it (2 1 | 1 2 3 | 3 2).
 */
export type PaddingMode = "constant" | "edge" | "reflect" | "symmetric";

export interface PadOptions {
	/** With mode "constant": one value, or one for each channel; null: 0. */
	fill?: Fill;
	/** "constant". */
	paddingMode?: PaddingMode;
}

const padDefaults: Required<PadOptions> = { fill: 0, paddingMode: "constant" };

export const paddingModes = [
	"constant",
	"edge",
	"reflect",
	"symmetric",
] as const satisfies readonly PaddingMode[];

/** @internal */
export type Sides = [left: number, right: number, top: number, bottom: number];

/**
 * Adds borders to an image [..., C, H, W] (or to a mask, boxes, key points); negative ones take away.
 *
 * ```ts
 * pad(image, [2, 0, 2, 0], { paddingMode: "reflect" }); // left and right
 * ```
 *
 * @param args `fill`, `paddingMode`
 */
export function pad<T extends Tensor>(
	input: T,
	padding: Padding,
	...args: Optional<Required<PadOptions>, ["fill", "paddingMode"]>
): T {
	const op = "pad";
	const { fill, paddingMode } = optional(op, padDefaults, args);
	check.oneOf(op, "paddingMode", paddingMode, paddingModes);
	checkFill(op, fill);
	return padInput(op, input, sidesOf(op, padding), fill, paddingMode);
}

/** @internal `pad` with checked arguments. */
export function padInput<T extends Tensor>(
	op: string,
	input: T,
	sides: Sides,
	fill: Fill,
	mode: PaddingMode,
): T {
	return byKind(op, input, {
		image: (image) => padImage(op, image, sides, fill, mode),
		boxes: (boxes) => padBoxes(op, boxes, sides, mode),
		keyPoints: (points) => padPoints(op, points, sides, mode),
	});
}

/** Boxes and points are not mirrored into a border. */
function checkConstant(op: string, mode: PaddingMode): void {
	if (mode === "constant") return;
	throw check.invalidValue(
		op,
		"paddingMode",
		`expected "constant" for boxes and key points, got "${mode}"`,
	);
}

function padded(
	[height, width]: CanvasSize,
	[left, right, top, bottom]: Sides,
): CanvasSize {
	return [height + top + bottom, width + left + right];
}

function padBoxes(
	op: string,
	boxes: BoundingBoxes,
	sides: Sides,
	mode: PaddingMode,
): BoundingBoxes {
	checkConstant(op, mode);
	const canvasSize = padded(boxes.canvasSize, sides);
	const moved = boxes.add(shiftOf(boxes, sides[0], sides[2]));
	const kept = clamp(moved, boxes.format, canvasSize, boxes.clampingMode);
	return wrap(kept, boxes, { canvasSize });
}

function padPoints(
	op: string,
	points: KeyPoints,
	sides: Sides,
	mode: PaddingMode,
): KeyPoints {
	checkConstant(op, mode);
	const { dtype, device } = points;
	const shift = tensor([sides[0], sides[2]], { dtype, device });
	const canvasSize = padded(points.canvasSize, sides);
	return wrap(points.add(shift), points, { canvasSize });
}

/** @internal */
export function sidesOf(op: string, padding: Padding): Sides {
	const given = typeof padding === "number" ? [padding] : padding;
	const fits =
		Array.isArray(given) &&
		given.every(Number.isSafeInteger) &&
		[1, 2, 4].includes(given.length);
	const [a, b, c, d] = (fits ? given : []) as [number, number, number, number];
	if (!fits) {
		throw check.invalidValue(
			op,
			"padding",
			`expected an integer or 1, 2 or 4 of them, got ${check.describe(padding)}`,
		);
	}
	if (given.length === 1) return [a, a, a, a];
	return given.length === 2 ? [a, a, b, b] : [a, c, b, d];
}

/** @internal */
export function padImage(
	op: string,
	image: Tensor,
	sides: Sides,
	fill: Fill,
	mode: PaddingMode,
): Tensor {
	const shape = shapeOf(op, image);
	const values = fillOf(op, fill, shape.at(-3) as number) ?? [0];
	const [left, right, top, bottom] = sides;
	const [height, width] = shape.slice(-2) as [number, number];
	if (height + top + bottom < 0 || width + left + right < 0) {
		throw check.invalidValue(
			op,
			"padding",
			`expected to take away at most the image's size [${height}, ${width}], got [${left}, ${top}, ${right}, ${bottom}]`,
		);
	}
	if (mode === "constant") return padConstant(image, sides, values);
	if (values.length > 1) {
		throw check.invalidValue(
			op,
			"fill",
			`expected one value with padding mode "${mode}", got ${values.length}`,
		);
	}
	if (mode === "symmetric") return padSymmetric(op, image, sides);
	return scope(() => {
		const images = image.reshape([-1, ...shape.slice(-3)]);
		// these kernels take floating point alone
		const floats = image.isFloatingPoint() ? images : images.to("float32");
		const padded =
			mode === "edge"
				? replicationPad2d(floats, sides)
				: reflectionPad2d(floats, sides);
		const size = padded.shape.slice(-2);
		return padded.to(image.dtype).reshape([...shape.slice(0, -2), ...size]);
	});
}

function padConstant(
	image: Tensor,
	sides: Sides,
	values: readonly number[],
): Tensor {
	if (values.length === 1) {
		return constantPadNd(image, sides, values[0] as number);
	}
	return scope(() => {
		const padded = constantPadNd(image, sides, 0);
		const { dtype, device } = image;
		const color = tensor(values, { dtype: "float64", device })
			.to(dtype)
			.view([-1, 1, 1]);
		const [left, right, top, bottom] = sides;
		const [height, width] = padded.shape.slice(-2) as [number, number];
		if (top > 0) padded.slice(-2, 0, top).copy_(color);
		if (left > 0) padded.slice(-1, 0, left).copy_(color);
		if (bottom > 0) padded.slice(-2, height - bottom).copy_(color);
		if (right > 0) padded.slice(-1, width - right).copy_(color);
		return padded;
	});
}

function padSymmetric(op: string, image: Tensor, sides: Sides): Tensor {
	const { height, width } = sizeOf(op, image);
	const [left, right, top, bottom] = sides;
	if (Math.max(left, right) > width || Math.max(top, bottom) > height) {
		throw check.invalidValue(
			op,
			"padding",
			`expected at most the image's size [${height}, ${width}] with padding mode "symmetric", got [${left}, ${top}, ${right}, ${bottom}]`,
		);
	}
	return scope(() => {
		const rows = mirrored(height, top, bottom);
		const columns = mirrored(width, left, right);
		const { device } = image;
		return image
			.indexSelect(-2, tensor(rows, { dtype: "int64", device }))
			.indexSelect(-1, tensor(columns, { dtype: "int64", device }));
	});
}

/** Indices of -before … size + after, those outside mirrored at the edge: 1 0 | 0 1 2 | 2 1. */
function mirrored(size: number, before: number, after: number): number[] {
	const length = Math.max(size + before + after, 0);
	return Array.from({ length }, (_, at) => {
		const i = at - before;
		if (i < 0) return -i - 1;
		return i < size ? i : 2 * size - i - 1;
	});
}
