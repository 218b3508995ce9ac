import type { Tensor } from "../../tensor/tensor.ts";
import { TensorCache } from "./functional/cache.ts";
import { shapeOf } from "./functional/image.ts";
import {
	checkNormalize,
	column,
	type NormalizeOptions,
	normalizeBy,
	normalizedFloats,
} from "./functional/normalize.ts";
import { oneByOne } from "./inBatch.ts";
import { Transform } from "./transform.ts";

/**
 * (image - mean) / std, channel by channel, for floating point images.
 *
 * `mean` and `std` have one value, or one for each channel.
 */
export class Normalize extends Transform {
	readonly mean: readonly number[];
	readonly std: readonly number[];
	readonly inplace: boolean;
	readonly #columns = new TensorCache(8);

	constructor(
		mean: readonly number[],
		std: readonly number[],
		options: NormalizeOptions = {},
	) {
		super();
		this.mean = mean;
		this.std = std;
		this.inplace = checkNormalize("Normalize", mean, std, options);
	}

	/** @internal */
	override get [oneByOne](): boolean {
		return true;
	}

	protected override apply(image: Tensor): Tensor {
		shapeOf("Normalize", image);
		const { mean: means, std: deviations, inplace } = this;
		const whole = inplace ? null : normalizedFloats(image, means, deviations);
		if (whole) return whole;
		const place = `${image.dtype} ${image.device}`;
		const mean = this.#columns.get(`mean ${place}`, () => column(means, image));
		const std = this.#columns.get(`std ${place}`, () =>
			column(deviations, image),
		);
		return normalizeBy(image, mean, std, inplace);
	}
}
