import type { Tensor } from "../../tensor/tensor.ts";
import { resizeInput } from "./functional/resize.ts";
import {
	checkResize,
	checkResizeSize,
	type ResizeInterpolation,
	type ResizeOptions,
	type ResizeSize,
} from "./functional/resizeArguments.ts";
import { GeometricTransform } from "./transform.ts";

/**
 * Resizes to `size`: [height, width], or the length of the shorter side (null: as `maxSize` has it).
 *
 * ```ts
 * new Resize(256)(image);
 * new Resize([224, 224], { interpolation: "bicubic" })(image);
 * new Resize(800, { maxSize: 1333 })(image); // the longer side at most 1333
 * ```
 *
 * Options: `interpolation` ("bilinear"; masks take nearest neighbours), `maxSize` (none), `antialias` (true).
 */
export class Resize extends GeometricTransform {
	readonly size: ResizeSize;
	readonly interpolation: ResizeInterpolation;
	readonly maxSize: number | null;
	readonly antialias: boolean;

	constructor(size: ResizeSize, options: ResizeOptions = {}) {
		super();
		checkResize("Resize", options);
		checkResizeSize("Resize", size, options.maxSize);
		this.size = size;
		this.interpolation = options.interpolation ?? "bilinear";
		this.maxSize = options.maxSize ?? null;
		this.antialias = options.antialias ?? true;
	}

	protected override apply(input: Tensor): Tensor {
		return resizeInput("Resize", input, this.size, this);
	}
}
