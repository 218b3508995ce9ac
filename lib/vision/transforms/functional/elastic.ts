import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { aminmax, cat, linspace, stack } from "../../../generated/functions.ts";
import { tensor } from "../../../tensor/creation.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import {
	type BoundingBoxes,
	isRotatedBoundingFormat,
} from "../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../tvTensors/keyPoints.ts";
import type { CanvasSize } from "../../tvTensors/tvTensor.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { cornersOf } from "./affinePoints.ts";
import { clamp } from "./boxes/clamp.ts";
import { convert } from "./boxes/convert.ts";
import { type Float, sampleGrid } from "./grid.ts";
import { checkFill, type Fill, type Interpolation, sizeOf } from "./image.ts";
import { byKind } from "./kinds.ts";

export interface ElasticOptions {
	/** "bilinear" (default) or "nearest". */
	interpolation?: Interpolation;
	/** What is put where there is no image: null. */
	fill?: Fill;
}

const defaults: ElasticOptions = { interpolation: "bilinear", fill: null };

/**
 * Moves each pixel of an image [..., C, H, W] (or of a mask; boxes and key points too) by its own displacement.
 *
 * @param displacement [1, H, W, 2]: along x and y, 2 being the whole width or height
 * @param args `interpolation`, `fill`
 */
export function elastic<T extends Tensor>(
	input: T,
	displacement: Tensor,
	...args: Optional<ElasticOptions, ["interpolation", "fill"]>
): T {
	const op = "elastic";
	const options = optional(op, defaults, args);
	checkElastic(op, options);
	if (!(displacement instanceof Tensor)) {
		throw check.invalidType(op, "displacement", "Tensor", displacement);
	}
	return elasticInput(op, input, displacement, options);
}

/** @internal */
export function checkElastic(op: string, options: ElasticOptions): void {
	check.options(op, options, ["interpolation", "fill"]);
	const { interpolation = "bilinear", fill = null } = options;
	check.oneOf(op, "interpolation", interpolation, ["nearest", "bilinear"]);
	checkFill(op, fill);
}

/** @internal `elastic` with checked options. */
export function elasticInput<T extends Tensor>(
	op: string,
	input: T,
	displacement: Tensor,
	{ interpolation = "bilinear", fill = null }: ElasticOptions,
): T {
	const sample = (image: Tensor, mode: Interpolation): Tensor => {
		const size = sizeOf(op, image);
		const canvas = [size.height, size.width] as const;
		checkDisplacement(op, displacement, canvas);
		return sampleGrid(op, image, size, mode, fill, (dtype, device) =>
			identityGrid(canvas, dtype, device).add(
				displacement.to({ dtype, device }),
			),
		);
	};
	return byKind(op, input, {
		image: (image) => sample(image, interpolation),
		mask: (mask) => sample(mask, "nearest"),
		boxes: (boxes) => elasticBoxes(op, boxes, displacement),
		keyPoints: (points) => elasticPoints(op, points, displacement),
	});
}

function checkDisplacement(
	op: string,
	displacement: Tensor,
	[height, width]: CanvasSize,
): void {
	const { shape } = displacement;
	const expected = [1, height, width, 2];
	if (shape.length === 4 && shape.every((n, i) => n === expected[i])) return;
	throw check.invalidValue(
		op,
		"displacement",
		`expected a tensor [${expected.join(", ")}], got one of shape [${shape.join(", ")}]`,
	);
}

/** Where each pixel is, from -1 to 1: (1, H, W, 2). */
function identityGrid(
	[height, width]: CanvasSize,
	dtype: Float,
	device: string,
): Tensor {
	const line = (size: number): Tensor =>
		linspace((1 - size) / size, (size - 1) / size, size, {
			dtype,
			device: device as "cpu",
		});
	const shape = [1, height, width];
	const x = line(width).expand(shape);
	const y = line(height).unsqueeze(1).expand(shape);
	return stack([x, y], -1);
}

/** Where points (N, 2) go: by the displacement of the pixel that they lie in, taken back. An approximation, as it is torchvision's. */
function movePoints(
	points: Tensor,
	canvasSize: CanvasSize,
	displacement: Tensor,
): Tensor {
	const { device } = points;
	const dtype = points.dtype === "float64" ? "float64" : "float32";
	const [height, width] = canvasSize;
	const moved = identityGrid(canvasSize, dtype, device).sub(
		displacement.to({ dtype, device }),
	);
	const [x, y] = points.to("int64").unbind(1) as [Tensor, Tensor];
	const at = y
		.clamp(0, height - 1)
		.mul(width)
		.add(x.clamp(0, width - 1));
	const size = tensor([width, height], { dtype, device });
	return moved
		.view([-1, 2])
		.indexSelect(0, at)
		.add(1)
		.mul(size.mul(0.5))
		.sub(0.5);
}

function elasticPoints(
	op: string,
	points: KeyPoints,
	displacement: Tensor,
): KeyPoints {
	const { canvasSize, shape, dtype } = points;
	checkDisplacement(op, displacement, canvasSize);
	const flat = points.reshape([-1, 2]);
	const moved = movePoints(flat, canvasSize, displacement);
	return wrap(moved.to(dtype).reshape(shape), points);
}

function elasticBoxes(
	op: string,
	boxes: BoundingBoxes,
	displacement: Tensor,
): BoundingBoxes {
	const { format, canvasSize, clampingMode, dtype } = boxes;
	checkDisplacement(op, displacement, canvasSize);
	const rotated = isRotatedBoundingFormat(format);
	const within = rotated ? "CXCYWHR" : "XYXY";
	const converted = convert(boxes, format, within);
	const points = rotated ? converted.slice(1, 0, 2) : cornersOf(converted);
	const whole = points.isFloatingPoint() ? points.ceil() : points;
	const moved = movePoints(whole, canvasSize, displacement);
	const output = rotated
		? cat([moved, converted.slice(1, 2)], 1)
		: cat(aminmax(moved.reshape([-1, 4, 2]), { dim: 1 }), 1);
	const kept = clamp(output.to(dtype), within, canvasSize, clampingMode);
	return wrap(convert(kept, within, format), boxes);
}
