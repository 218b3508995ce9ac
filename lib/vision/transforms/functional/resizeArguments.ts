import * as check from "../../../check.ts";
import type { CanvasSize } from "../../tvTensors/tvTensor.ts";

/** How an image is resized; "lanczos" needs antialiasing, and the CPU. */
export type ResizeInterpolation =
	| "nearest"
	| "nearest-exact"
	| "bilinear"
	| "bicubic"
	| "lanczos";

/** [height, width], or the length of the shorter side; null: as `maxSize` has it. */
export type ResizeSize =
	| number
	| readonly [shorter: number]
	| readonly [height: number, width: number]
	| null;

export interface ResizeOptions {
	/** Default: "bilinear". Masks take nearest neighbours whatever it is. */
	interpolation?: ResizeInterpolation;
	/** The most that the longer side may have, where `size` gives the shorter one or is null. */
	maxSize?: number | null | undefined;
	/** Averages over what a pixel covers when an image gets smaller, with "bilinear", "bicubic" and "lanczos": true. */
	antialias?: boolean;
}

export const resizeInterpolations = [
	"nearest",
	"nearest-exact",
	"bilinear",
	"bicubic",
	"lanczos",
] as const satisfies readonly ResizeInterpolation[];

/** @internal */
export function checkResize(op: string, options: ResizeOptions): void {
	check.options(op, options, ["interpolation", "maxSize", "antialias"]);
	const { interpolation = "bilinear", antialias = true } = options;
	check.oneOf(op, "interpolation", interpolation, resizeInterpolations);
	check.boolean(op, "antialias", antialias);
	if (interpolation === "lanczos" && !antialias) {
		throw check.invalidValue(
			op,
			"antialias",
			'expected true with interpolation "lanczos"',
		);
	}
}

/** @internal */
export function checkResizeSize(
	op: string,
	size: ResizeSize,
	maxSize: number | null | undefined,
): void {
	const sizes: unknown =
		size === null || typeof size === "object" ? size : [size];
	const isList = Array.isArray(sizes) && [1, 2].includes(sizes.length);
	if (size !== null && !isList) {
		throw check.invalidType(
			op,
			"size",
			"number, [number], [height, width] or null",
			size,
		);
	}
	for (const side of isList ? sizes : []) {
		check.integer(op, "size", side, { min: 1 });
	}
	if (maxSize === undefined || maxSize === null) {
		if (size !== null) return;
		throw check.invalidValue(
			op,
			"maxSize",
			"expected a number where size is null",
		);
	}
	check.integer(op, "maxSize", maxSize, { min: 1 });
	if (!isList) return;
	if (sizes.length === 2) {
		throw check.invalidValue(
			op,
			"maxSize",
			"expected it only where size is the length of the shorter side, or null",
		);
	}
	if (maxSize <= sizes[0]) {
		throw check.invalidValue(
			op,
			"maxSize",
			`expected more than the shorter side's ${sizes[0]}, got ${maxSize}`,
		);
	}
}

/** @internal Height and width of what is resized. */
export function resizedSize(
	[height, width]: CanvasSize,
	size: ResizeSize,
	maxSize: number | null,
): CanvasSize {
	if (Array.isArray(size) && size.length === 2) return [size[0], size[1]];
	const [short, long] = width <= height ? [width, height] : [height, width];
	const shorter = Array.isArray(size) ? size[0] : (size as number | null);
	let sides: [short: number, long: number];
	if (shorter === null) {
		const most = maxSize as number;
		sides = [Math.trunc((most * short) / long), most];
	} else {
		sides = [shorter, Math.trunc((shorter * long) / short)];
		if (maxSize !== null && sides[1] > maxSize) {
			sides = [Math.trunc((maxSize * sides[0]) / sides[1]), maxSize];
		}
	}
	return width <= height ? [sides[1], sides[0]] : sides;
}
