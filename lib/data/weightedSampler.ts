import * as check from "../check.ts";
import { multinomial } from "../generated/functions.ts";
import type { Generator } from "../generator.ts";
import { isTensor } from "../handle.ts";
import { tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Sampler } from "./sampler.ts";

export interface WeightedRandomSamplerOptions {
	/** An index may come again: true. */
	replacement?: boolean;
	/** Draws the order. Default: the default generator. */
	generator?: Generator | undefined;
}

/**
 * Indices 0 … weights.length - 1, drawn with these weights, which need not sum up to 1.
 *
 * ```ts
 * [...new WeightedRandomSampler([0.1, 0.9, 0.4, 0.7], 5)]; // perhaps [1, 1, 3, 1, 2]
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.WeightedRandomSampler
 */
export class WeightedRandomSampler implements Sampler {
	/** float64 [N] */
	readonly weights: Tensor;
	readonly numSamples: number;
	readonly replacement: boolean;
	readonly generator: Generator | undefined;

	/** @throws TorchError for weights that are no list of numbers, and for more samples without replacement than there are */
	constructor(
		weights: readonly number[] | Float32Array | Float64Array | Tensor,
		numSamples: number,
		options: WeightedRandomSamplerOptions = {},
	) {
		const op = "WeightedRandomSampler";
		check.options(op, options, ["replacement", "generator"]);
		check.integer(op, "numSamples", numSamples, { min: 1 });
		const { replacement = true, generator } = options;
		check.boolean(op, "replacement", replacement);
		this.weights = isTensor(weights)
			? (weights as Tensor).to("float64")
			: tensor(weights, { dtype: "float64" });
		if (this.weights.dim() !== 1) {
			throw check.invalidValue(
				op,
				"weights",
				`expected one dimension, got [${this.weights.shape}]`,
			);
		}
		if (!replacement && numSamples > this.weights.numel()) {
			throw check.invalidValue(
				op,
				"numSamples",
				`expected at most ${this.weights.numel()} without replacement, got ${numSamples}`,
			);
		}
		this.numSamples = numSamples;
		this.replacement = replacement;
		this.generator = generator;
	}

	get length(): number {
		return this.numSamples;
	}

	*[Symbol.iterator](): IterableIterator<number> {
		const { weights, numSamples, replacement, generator = null } = this;
		const drawn = multinomial(weights, numSamples, replacement, { generator });
		yield* drawn.tolist() as number[];
	}
}
