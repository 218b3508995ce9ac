import * as check from "../../check.ts";
import { tensor } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	BoundingBoxes,
	isRotatedBoundingFormat,
} from "../tvTensors/boundingBoxes.ts";
import { isImage, wrap } from "../tvTensors/wrap.ts";
import { columnsOf } from "./functional/boxes/columns.ts";
import { convert } from "./functional/boxes/convert.ts";
import { cropInput, type Part } from "./functional/crop.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

const op = "RandomIoUCrop";
const { fround } = Math;

export interface RandomIoUCropOptions {
	/** The crop's sides as shares of the image's, from `minScale` (0.3) … */
	minScale?: number;
	/** … to `maxScale` (1). */
	maxScale?: number;
	/** Width divided by height is at least this (0.5) … */
	minAspectRatio?: number;
	/** … and at most this (2). */
	maxAspectRatio?: number;
	/** How much of the crop one box at least has to cover (intersection over union): one of these is drawn. 1: the image stays. */
	samplerOptions?: readonly number[];
	/** Crops that are tried before another of `samplerOptions` is drawn: 40. */
	trials?: number;
}

/** What is cut out, and which boxes have their centres there; null: the image stays. */
type Parameters = { part: Part; within: Tensor } | null;

/**
 * Crops at random such that a box is covered well enough, as SSD is trained. Boxes with centres outside become zeros: `SanitizeBoundingBoxes`
 * removes them. A sample needs an image and boxes, and may have masks.
 *
 * Options: `minScale` (0.3), `maxScale` (1), `minAspectRatio` (0.5), `maxAspectRatio` (2), `samplerOptions` ([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1]), `trials` (40).
 */
export class RandomIoUCrop extends GeometricTransform<Parameters> {
	readonly minScale: number;
	readonly maxScale: number;
	readonly minAspectRatio: number;
	readonly maxAspectRatio: number;
	readonly samplerOptions: readonly number[];
	readonly trials: number;

	constructor(options: RandomIoUCropOptions = {}) {
		super();
		const {
			minScale = 0.3,
			maxScale = 1,
			minAspectRatio = 0.5,
			maxAspectRatio = 2,
			samplerOptions = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1],
			trials = 40,
			...rest
		} = options;
		check.options(op, rest, []);
		check.number(op, "minScale", minScale, { min: 0, max: 1 });
		check.number(op, "maxScale", maxScale, { min: minScale, max: 1 });
		check.number(op, "minAspectRatio", minAspectRatio, { min: 0 });
		check.number(op, "maxAspectRatio", maxAspectRatio, { min: minAspectRatio });
		check.integer(op, "trials", trials, { min: 1 });
		for (const overlap of check.array(op, "samplerOptions", samplerOptions)) {
			check.number(op, "samplerOptions", overlap, { min: 0 });
		}
		if (samplerOptions.length === 0) {
			throw check.invalidValue(
				op,
				"samplerOptions",
				"expected one or more, got none",
			);
		}
		this.minScale = minScale;
		this.maxScale = maxScale;
		this.minAspectRatio = minAspectRatio;
		this.maxAspectRatio = maxAspectRatio;
		this.samplerOptions = samplerOptions;
		this.trials = trials;
	}

	protected override draw(
		random: Random,
		inputs: readonly Tensor[],
	): Parameters {
		const boxes = inputs.find((input) => input instanceof BoundingBoxes);
		if (!boxes || !inputs.some(isImage)) {
			throw check.invalidValue(
				op,
				"sample",
				"expected an Image and BoundingBoxes in it",
			);
		}
		if (isRotatedBoundingFormat(boxes.format)) {
			throw check.invalidValue(
				op,
				"sample",
				`expected boxes that are not rotated, got format "${boxes.format}"`,
			);
		}
		sizeOfInputs(op, inputs);
		const corners = convert(boxes, boxes.format, "XYXY");
		for (;;) {
			const overlap = this.samplerOptions[
				random.integer(this.samplerOptions.length)
			] as number;
			if (overlap >= 1) return null;
			for (let trial = 0; trial < this.trials; trial++) {
				const part = this.#drawPart(random, boxes.canvasSize);
				if (!part) continue;
				const within = centersWithin(corners, part);
				if (!within.any().item()) continue;
				if (bestOverlap(corners.index(within), part) >= fround(overlap)) {
					return { part, within };
				}
			}
		}
	}

	/** A crop; null where its shape is not allowed, or it has no area. */
	#drawPart(
		random: Random,
		[height, width]: readonly [number, number],
	): Part | null {
		const { minScale, maxScale } = this;
		// in float32, as torchvision's tensors
		const share = (): number =>
			fround(
				fround(minScale) + fround(random.unit() * fround(maxScale - minScale)),
			);
		const columns = Math.trunc(fround(width * share()));
		const rows = Math.trunc(fround(height * share()));
		const ratio = columns / rows;
		if (!(ratio >= this.minAspectRatio && ratio <= this.maxAspectRatio)) {
			return null;
		}
		const left = Math.trunc(fround((width - columns) * random.unit()));
		const top = Math.trunc(fround((height - rows) * random.unit()));
		if (columns === 0 || rows === 0) return null;
		return { top, left, height: rows, width: columns };
	}

	protected override apply(input: Tensor, parameters: Parameters): Tensor {
		if (!parameters) return input;
		const { part, within } = parameters;
		const output = cropInput(op, input, part);
		if (!(output instanceof BoundingBoxes)) return output;
		return scope(() => {
			const outside = within.logicalNot().unsqueeze(1);
			return wrap(output.maskedFill(outside, 0), output);
		});
	}
}

function centersWithin(corners: Tensor, part: Part): Tensor {
	return scope(() => {
		const [x1, y1, x2, y2] = columnsOf(corners, 4);
		const cx = x1.add(x2).mul(0.5);
		const cy = y1.add(y2).mul(0.5);
		return cx
			.gt(part.left)
			.logicalAnd(cx.lt(part.left + part.width))
			.logicalAnd(cy.gt(part.top))
			.logicalAnd(cy.lt(part.top + part.height));
	});
}

/** The largest intersection over union of a box with the crop. */
function bestOverlap(corners: Tensor, part: Part): number {
	return scope(() => {
		const floats = corners.isFloatingPoint() ? corners : corners.float();
		const { dtype, device } = floats;
		const right = part.left + part.width;
		const bottom = part.top + part.height;
		const [start, end] = [floats.slice(1, 0, 2), floats.slice(1, 2)];
		const from = tensor([part.left, part.top], { dtype, device });
		const to = tensor([right, bottom], { dtype, device });
		const both = end.minimum(to).sub(start.maximum(from)).clampMin(0).prod(1);
		const areas = end.sub(start).prod(1);
		const union = areas.add(part.width * part.height).sub(both);
		return both.div(union).max().item() as number;
	});
}
