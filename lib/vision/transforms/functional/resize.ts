import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { privateOperator } from "../../../operator.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { DType } from "../../../types.ts";
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
import { checkPixels, shapeOf } from "./image.ts";
import { byKind } from "./kinds.ts";

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

const resizeDefaults: ResizeOptions = {
	interpolation: "bilinear",
	maxSize: null,
	antialias: true,
};

/**
 * An image [..., C, H, W] (or a mask, boxes, key points) in another size. What has that size already is given back itself.
 *
 * ```ts
 * resize(image, 256); // the shorter side 256 pixels, the longer one in proportion
 * resize(image, [224, 224], { interpolation: "bicubic" });
 * ```
 *
 * @param args `interpolation`, `maxSize`, `antialias`
 */
export function resize<T extends Tensor>(
	input: T,
	size: ResizeSize,
	...args: Optional<ResizeOptions, ["interpolation", "maxSize", "antialias"]>
): T {
	const op = "resize";
	const options = optional(op, resizeDefaults, args);
	checkResizeSize(op, size, options.maxSize);
	checkResize(op, options);
	return resizeInput(op, input, size, options);
}

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

/** @internal `resize` with checked arguments. */
export function resizeInput<T extends Tensor>(
	op: string,
	input: T,
	size: ResizeSize,
	options: ResizeOptions,
): T {
	const { interpolation = "bilinear", antialias = true, maxSize } = options;
	const target = (from: CanvasSize): CanvasSize =>
		resizedSize(from, size, maxSize ?? null);
	const forMasks =
		interpolation === "nearest-exact" ? interpolation : "nearest";
	return byKind(op, input, {
		image: (image) => resizeImage(op, image, target, interpolation, antialias),
		mask: (mask) => resizeImage(op, mask, target, forMasks, false),
		boxes: (boxes) => resizeBoxes(boxes, target(boxes.canvasSize)),
		keyPoints: (points) => resizePoints(points, target(points.canvasSize)),
	});
}

function resizedSize(
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

type Kernel = (
	image: Tensor,
	size: CanvasSize,
	alignCorners: boolean,
) => Tensor;
type Nearest = (image: Tensor, size: CanvasSize) => Tensor;
const nearest: { readonly [mode: string]: Nearest } = {
	nearest: privateOperator("upsample_nearest2d") as Nearest,
	"nearest-exact": privateOperator("_upsample_nearest_exact2d") as Nearest,
};
const plain: { readonly [mode: string]: Kernel } = {
	bilinear: privateOperator("upsample_bilinear2d") as Kernel,
	bicubic: privateOperator("upsample_bicubic2d") as Kernel,
};
const smooth: { readonly [mode: string]: Kernel } = {
	bilinear: privateOperator("_upsample_bilinear2d_aa") as Kernel,
	bicubic: privateOperator("_upsample_bicubic2d_aa") as Kernel,
	lanczos: privateOperator("_upsample_lanczos2d_aa") as Kernel,
};

function resizeImage(
	op: string,
	image: Tensor,
	target: (size: CanvasSize) => CanvasSize,
	mode: ResizeInterpolation,
	antialias: boolean,
): Tensor {
	const shape = shapeOf(op, image);
	const [channels, height, width] = shape.slice(-3) as [number, number, number];
	checkPixels(op, shape);
	const size = target([height, width]);
	if (size[0] === height && size[1] === width) return image;
	const outputShape = [...shape.slice(0, -2), ...size];
	if (size.includes(0)) {
		throw check.invalidValue(
			op,
			"size",
			`expected one with pixels, got [${size}] for an image of [${height}, ${width}]`,
		);
	}
	if (shape.includes(0)) return image.reshape(outputShape);
	const { dtype } = image;
	return scope(() => {
		const images = batched(image, [-1, channels, height, width]);
		const ready = kernelTakes(dtype, mode, image.device)
			? images
			: images.float();
		const near = nearest[mode];
		const kernel = (antialias ? smooth : plain)[mode] as Kernel;
		const resized = near ? near(ready, size) : kernel(ready, size, false);
		const output = ready === images ? resized : backTo(dtype, resized);
		return output.reshape(outputShape);
	});
}

function kernelTakes(
	dtype: DType,
	mode: ResizeInterpolation,
	device: string,
): boolean {
	if (dtype === "float32" || dtype === "float64") return true;
	return dtype === "uint8" && (mode in nearest || device === "cpu");
}

/** From float32; bicubic and lanczos go beyond the values that there were. */
function backTo(dtype: DType, resized: Tensor): Tensor {
	if (dtype === "uint8") return resized.clamp_(0, 255).round_().to(dtype);
	return (dtype.startsWith("int") ? resized.round_() : resized).to(dtype);
}

/** One image whose channels lie side by side has strides that tell so: the kernels then need not turn it around. */
function batched(
	image: Tensor,
	shape: [number, number, number, number],
): Tensor {
	const images = image.reshape(shape);
	const [count] = images.shape;
	const strides = images.stride();
	const numel = images.numel();
	return count === 1 &&
		strides[1] === 1 &&
		strides[0] !== numel &&
		images.isContiguous({ memoryFormat: "channels_last" })
		? images.asStrided(images.shape, [numel, ...strides.slice(1)])
		: images;
}

function ratios(from: CanvasSize, to: CanvasSize, device: string): Tensor {
	return tensor([to[1] / from[1], to[0] / from[0]], {
		dtype: "float32",
		device,
	});
}

function resizePoints(points: KeyPoints, size: CanvasSize): KeyPoints {
	if (isSame(points.canvasSize, size)) return points;
	const scaled = points.mul(ratios(points.canvasSize, size, points.device));
	return wrap(scaled.to(points.dtype), points, { canvasSize: size });
}

function resizeBoxes(boxes: BoundingBoxes, size: CanvasSize): BoundingBoxes {
	const { format, canvasSize, dtype, device } = boxes;
	if (isSame(canvasSize, size)) return boxes;
	const scale = ratios(canvasSize, size, device);
	if (!isRotatedBoundingFormat(format)) {
		const scaled = boxes.mul(scale.repeat([2])).to(dtype);
		return wrap(scaled, boxes, { canvasSize: size });
	}
	const corners = convert(boxes, format, "XYXYXYXY").mul(scale.repeat([4]));
	const kept = clamp(rectangles(corners), "XYXYXYXY", size, boxes.clampingMode);
	const resized = convert(kept, "XYXYXYXY", format).to(dtype);
	return wrap(resized, boxes, { canvasSize: size });
}

function isSame(a: CanvasSize, b: CanvasSize): boolean {
	return a[0] === b[0] && a[1] === b[1];
}
