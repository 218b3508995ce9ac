import * as check from "../../check.ts";
import type { TensorOptions } from "../../tensor/creation.ts";
import {
	type CanvasSize,
	canvasSizeOf,
	TVTensor,
	type TVTensorData,
} from "./tvTensor.ts";

/**
 * What the numbers of a box are, in pixels from the upper left corner:
 *
 * - "XYXY": left, top, right, bottom
 * - "XYWH": left, top, width, height
 * - "CXCYWH": the centre, width, height
 * - "XYWHR", "CXCYWHR": likewise, and degrees by which the box is rotated counter-clockwise
 * - "XYXYXYXY": the four corners of a rotated box, clockwise from its own upper left one
 */
export type BoundingBoxFormat =
	| "XYXY"
	| "XYWH"
	| "CXCYWH"
	| "XYWHR"
	| "CXCYWHR"
	| "XYXYXYXY";

/**
 * How transforms treat what reaches beyond the image. "hard": cut off at the image's edge; "soft": likewise, but rotated boxes keep as much
 * of their shape as they can; null: left as it is.
 */
export type ClampingMode = "soft" | "hard" | null;

/** @internal Formats, with how many numbers a box has. */
export const boxLengths: { readonly [Format in BoundingBoxFormat]: number } = {
	XYXY: 4,
	XYWH: 4,
	CXCYWH: 4,
	XYWHR: 5,
	CXCYWHR: 5,
	XYXYXYXY: 8,
};

export const boundingBoxFormats = Object.keys(
	boxLengths,
) as readonly BoundingBoxFormat[];

/** Whether boxes of this format may be rotated. */
export function isRotatedBoundingFormat(format: BoundingBoxFormat): boolean {
	return boxLengths[format] > 4;
}

export interface BoundingBoxesOptions extends TensorOptions {
	format: BoundingBoxFormat;
	/** Of the image that they lie in. */
	canvasSize: CanvasSize;
	/** Default: "soft". */
	clampingMode?: ClampingMode;
}

/**
 * Boxes around the objects in an image: [N, 4], [N, 5] or [N, 8], by their format; [K] is one box. Rotated ones are floating point.
 *
 * ```ts
 * const boxes = new BoundingBoxes([[10, 20, 50, 60]], { format: "XYXY", canvasSize: [100, 80] });
 * ```
 */
export class BoundingBoxes extends TVTensor {
	declare protected readonly kind: "boxes";
	readonly format: BoundingBoxFormat;
	readonly canvasSize: CanvasSize;
	readonly clampingMode: ClampingMode;

	/** @throws TorchError for an unknown format, and for data that is not [N, 4], [N, 5] or [N, 8] as the format has it */
	constructor(data: TVTensorData, options: BoundingBoxesOptions) {
		const op = "BoundingBoxes";
		check.options(op, options, [
			"format",
			"canvasSize",
			"clampingMode",
			"dtype",
			"device",
			"requiresGrad",
		]);
		const { format, canvasSize, clampingMode = "soft", ...rest } = options;
		check.oneOf(op, "format", format, boundingBoxFormats);
		const size = canvasSizeOf(op, canvasSize);
		checkClampingMode(op, clampingMode);
		super(data, rest);
		if (this.ndim === 1) this.unsqueeze_(0);
		const { shape } = this;
		if (shape.length !== 2 || shape[1] !== boxLengths[format]) {
			throw check.invalidValue(
				op,
				"data",
				`expected [N, ${boxLengths[format]}] for format "${format}", got [${shape.join(", ")}]`,
			);
		}
		if (isRotatedBoundingFormat(format) && !this.isFloatingPoint()) {
			throw check.invalidValue(
				op,
				"data",
				`expected floating point numbers for format "${format}", got ${this.dtype}`,
			);
		}
		this.format = format;
		this.canvasSize = size;
		this.clampingMode = clampingMode;
	}
}

/** @internal */
export function checkClampingMode(
	op: string,
	mode: ClampingMode | undefined,
): void {
	if (mode !== null) check.oneOf(op, "clampingMode", mode, ["soft", "hard"]);
}
