import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkPair } from "./functional/affine.ts";
import { resizeInput } from "./functional/resize.ts";
import {
	checkResize,
	type ResizeInterpolation,
	type ResizeOptions,
} from "./functional/resizeArguments.ts";
import { checkOrder, type Range } from "./parameters.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

const { fround } = Math;

/** How it is resized. */
export type RandomResizeOptions = Omit<ResizeOptions, "maxSize">;
/** What is resized to: [height, width], or the length of the shorter side. */
type Size = readonly [number] | readonly [number, number];

/** The base of transforms that draw a size. */
abstract class Resizing extends GeometricTransform<Size> {
	readonly interpolation: ResizeInterpolation;
	readonly antialias: boolean;

	constructor(options: RandomResizeOptions) {
		super();
		checkResize(new.target.name, options);
		this.interpolation = options.interpolation ?? "bilinear";
		this.antialias = options.antialias ?? true;
	}

	protected override apply(input: Tensor, size: Size): Tensor {
		const { interpolation, antialias } = this;
		const options = { interpolation, antialias };
		return resizeInput(this.constructor.name, input, size, options);
	}
}

/** Resizes the shorter side to a length drawn from `minSize` … `maxSize` - 1. Options: `interpolation` ("bilinear"), `antialias` (true). */
export class RandomResize extends Resizing {
	readonly minSize: number;
	readonly maxSize: number;

	constructor(
		minSize: number,
		maxSize: number,
		options: RandomResizeOptions = {},
	) {
		super(options);
		check.integer("RandomResize", "minSize", minSize, { min: 1 });
		check.integer("RandomResize", "maxSize", maxSize, { min: minSize + 1 });
		this.minSize = minSize;
		this.maxSize = maxSize;
	}

	protected override draw(random: Random): Size {
		return [random.integer(this.minSize, this.maxSize)];
	}
}

export interface RandomShortestSizeOptions extends RandomResizeOptions {
	/** The most that the longer side may have: none. */
	maxSize?: number | null;
}

/**
 * Resizes the shorter side to one of `minSize`, in proportion.
 *
 * ```ts
 * new RandomShortestSize([480, 512, 544], { maxSize: 1333 })(image);
 * ```
 *
 * Options: `maxSize` (none), `interpolation` ("bilinear"), `antialias` (true).
 */
export class RandomShortestSize extends Resizing {
	readonly minSize: readonly number[];
	readonly maxSize: number | null;

	constructor(
		minSize: number | readonly number[],
		{ maxSize = null, ...options }: RandomShortestSizeOptions = {},
	) {
		super(options);
		const op = "RandomShortestSize";
		const sizes = typeof minSize === "number" ? [minSize] : minSize;
		for (const size of check.array(op, "minSize", sizes)) {
			check.integer(op, "minSize", size, { min: 1 });
		}
		if (sizes.length === 0) {
			throw check.invalidValue(op, "minSize", "expected one or more, got none");
		}
		if (maxSize !== null) check.integer(op, "maxSize", maxSize, { min: 1 });
		this.minSize = sizes;
		this.maxSize = maxSize;
	}

	protected override draw(random: Random, inputs: readonly Tensor[]): Size {
		const { height, width } = sizeOfInputs("RandomShortestSize", inputs);
		const size = this.minSize[random.integer(this.minSize.length)] as number;
		let scale = size / Math.min(height, width);
		if (this.maxSize !== null) {
			scale = Math.min(scale, this.maxSize / Math.max(height, width));
		}
		return [Math.trunc(height * scale), Math.trunc(width * scale)];
	}
}

export interface ScaleJitterOptions extends RandomResizeOptions {
	/** Factors from … to: [0.1, 2]. */
	scaleRange?: Range;
}

/**
 * Resizes by a factor drawn from `scaleRange`, on top of what fits the image into `targetSize`: large scale jitter
 * ({@link https://arxiv.org/abs/2012.07177}).
 *
 * Options: `scaleRange` ([0.1, 2]), `interpolation` ("bilinear"), `antialias` (true).
 */
export class ScaleJitter extends Resizing {
	readonly targetSize: readonly [number, number];
	readonly scaleRange: Range;

	constructor(
		targetSize: readonly [number, number],
		{ scaleRange = [0.1, 2], ...options }: ScaleJitterOptions = {},
	) {
		super(options);
		checkPair("ScaleJitter", "targetSize", targetSize, { min: 1 });
		checkPair("ScaleJitter", "scaleRange", scaleRange, { min: 0 });
		checkOrder("ScaleJitter", "scaleRange", scaleRange);
		this.targetSize = targetSize;
		this.scaleRange = scaleRange;
	}

	protected override draw(random: Random, inputs: readonly Tensor[]): Size {
		const { height, width } = sizeOfInputs("ScaleJitter", inputs);
		const [low, high] = this.scaleRange;
		// in float32 where torchvision computes with tensors
		const scale = fround(
			fround(low) + fround(random.unit() * fround(high - low)),
		);
		const fit = Math.min(
			this.targetSize[1] / height,
			this.targetSize[0] / width,
		);
		const factor = fround(fround(fit) * scale);
		return [
			Math.trunc(fround(height * factor)),
			Math.trunc(fround(width * factor)),
		];
	}
}
