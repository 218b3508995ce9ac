import * as check from "../../check.ts";
import type { TensorOptions } from "../../tensor/creation.ts";
import {
	type CanvasSize,
	canvasSizeOf,
	TVTensor,
	type TVTensorData,
} from "./tvTensor.ts";

export interface KeyPointsOptions extends TensorOptions {
	/** Of the image that they lie in. */
	canvasSize: CanvasSize;
}

/**
 * Points in an image, [..., 2]: x and y in pixels from the upper left corner. [N, 2] are points, [polygons, points, 2] polygons; a whole
 * polygon stays or goes. [2] is one point.
 *
 * ```ts
 * const points = new KeyPoints([[10, 20], [30, 5]], { canvasSize: [100, 80] });
 * ```
 */
export class KeyPoints extends TVTensor {
	declare protected readonly kind: "keyPoints";
	readonly canvasSize: CanvasSize;

	/** @throws TorchError for data that is not [..., 2] */
	constructor(data: TVTensorData, options: KeyPointsOptions) {
		const op = "KeyPoints";
		check.options(op, options, [
			"canvasSize",
			"dtype",
			"device",
			"requiresGrad",
		]);
		const { canvasSize, ...rest } = options;
		const size = canvasSizeOf(op, canvasSize);
		super(data, rest);
		if (this.ndim === 1) this.unsqueeze_(0);
		const { shape } = this;
		if (shape.at(-1) !== 2) {
			throw check.invalidValue(
				op,
				"data",
				`expected [..., 2], got [${shape.join(", ")}]`,
			);
		}
		this.canvasSize = size;
	}
}
