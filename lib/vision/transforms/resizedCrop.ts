import * as check from "../../check.ts";
import { tensor } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkPair } from "./functional/affine.ts";
import type { Part } from "./functional/crop.ts";
import type { ImageSize } from "./functional/image.ts";
import { isPlain, resizeParts } from "./functional/native.ts";
import { canResample, resampleBatch } from "./functional/resample.ts";
import {
	checkResize,
	type ResizeInterpolation,
	type ResizeOptions,
} from "./functional/resizeArguments.ts";
import { resizedCropInput } from "./functional/resizedCrop.ts";
import { roundHalfEven } from "./functional/rounding.ts";
import { oneByOne } from "./inBatch.ts";
import {
	type CropSize,
	checkOrder,
	heightAndWidth,
	type Range,
} from "./parameters.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

const op = "RandomResizedCrop";

export interface RandomResizedCropOptions
	extends Omit<ResizeOptions, "maxSize"> {
	/** The crop's share of the image's area, from … to: [0.08, 1]. */
	scale?: Range;
	/** The crop's width divided by its height, from … to: [3 / 4, 4 / 3]. */
	ratio?: Range;
}

/**
 * Crops a part of random size, shape and place, and resizes it to `size` (a number, or [height, width]): how ImageNet is trained.
 *
 * ```ts
 * new RandomResizedCrop(224)(image);
 * ```
 *
 * Options: `scale` ([0.08, 1]), `ratio` ([3 / 4, 4 / 3]), `interpolation` ("bilinear"), `antialias` (true).
 */
export class RandomResizedCrop extends GeometricTransform<Part> {
	readonly size: readonly [height: number, width: number];
	readonly scale: Range;
	readonly ratio: Range;
	readonly interpolation: ResizeInterpolation;
	readonly antialias: boolean;
	/** Of `ratio`, in float32 as torchvision draws from them. */
	readonly #logRatio: Range;

	constructor(size: CropSize, options: RandomResizedCropOptions = {}) {
		super();
		check.options(op, options, [
			"scale",
			"ratio",
			"interpolation",
			"antialias",
		]);
		const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3], ...resizing } = options;
		checkRange("scale", scale);
		checkRange("ratio", ratio);
		checkResize(op, resizing);
		this.size = heightAndWidth(op, size);
		this.scale = scale;
		this.ratio = ratio;
		this.interpolation = resizing.interpolation ?? "bilinear";
		this.antialias = resizing.antialias ?? true;
		this.#logRatio = scope(() =>
			tensor(ratio, { dtype: "float32" }).log().tolist(),
		) as [number, number];
	}

	/** @internal */
	override get [oneByOne](): boolean {
		return true;
	}

	protected override draw(random: Random, inputs: readonly Tensor[]): Part {
		const image = sizeOfInputs(op, inputs);
		const area = image.height * image.width;
		for (let trial = 0; trial < 10; trial++) {
			const target = area * random.uniform(...this.scale);
			const ratio = random.exponentOf(random.uniform(...this.#logRatio));
			const width = roundHalfEven(Math.sqrt(target * ratio));
			const height = roundHalfEven(Math.sqrt(target / ratio));
			const fits = width <= image.width && height <= image.height;
			if (fits && width > 0 && height > 0) {
				const top = random.integer(image.height - height + 1);
				const left = random.integer(image.width - width + 1);
				return { top, left, height, width };
			}
		}
		return this.#middle(image);
	}

	/** The largest part of an allowed shape, in the middle. */
	#middle(image: ImageSize): Part {
		const [low, high] = this.ratio;
		let { height, width } = image;
		if (width / height < low) height = roundHalfEven(width / low);
		else if (width / height > high) width = roundHalfEven(height * high);
		const top = Math.floor((image.height - height) / 2);
		const left = Math.floor((image.width - width) / 2);
		return { top, left, height, width };
	}

	protected override apply(input: Tensor, part: Part): Tensor {
		const { interpolation, antialias } = this;
		const options = { interpolation, antialias };
		return resizedCropInput(op, input, part, this.size, options);
	}

	protected override applyToBatch(
		images: Tensor,
		parts: readonly Part[],
	): Tensor {
		const { interpolation, antialias } = this;
		if (!antialias || !canResample(interpolation)) {
			return super.applyToBatch(images, parts);
		}
		if (isPlain(images)) {
			return resizeParts(images, parts, this.size, interpolation);
		}
		const own = images.isFloatingPoint() || images.dtype === "uint8";
		// on the CPU its own kernel is several times faster, one image at a time
		return images.device === "cpu" || !own
			? super.applyToBatch(images, parts)
			: resampleBatch(images, parts, this.size, interpolation);
	}
}

function checkRange(name: string, range: Range): void {
	checkPair(op, name, range);
	checkOrder(op, name, range);
	if (range[0] > 0) return;
	throw check.invalidValue(
		op,
		name,
		`expected numbers above 0, got [${range.join(", ")}]`,
	);
}
