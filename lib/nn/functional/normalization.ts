import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";

/** A learnt scale and shift per channel, and how the running statistics are used and kept. */
export interface BatchNormOptions {
	weight?: Tensor | null | undefined;
	bias?: Tensor | null | undefined;
	/** Whether to normalise by the batch's own statistics. Default false. */
	training?: boolean | undefined;
	/** The share of the batch in the running statistics. Default 0.1. */
	momentum?: number | undefined;
	/** Added to the variance. Default 1e-5. */
	eps?: number | undefined;
}

/**
 * Normalises each channel (dimension 1) over all other dimensions: by the batch's statistics in training, which are then blended
 * into `runningMean` and `runningVar`; else by these two.
 */
export function batchNorm(
	input: Tensor,
	runningMean: Tensor | null,
	runningVar: Tensor | null,
	weight?: Tensor | null,
	bias?: Tensor | null,
	training?: boolean,
	momentum?: number,
	eps?: number,
): Tensor;
export function batchNorm(
	input: Tensor,
	runningMean: Tensor | null,
	runningVar: Tensor | null,
	options: BatchNormOptions,
): Tensor;
export function batchNorm(
	input: Tensor,
	runningMean: Tensor | null,
	runningVar: Tensor | null,
	...rest: unknown[]
): Tensor {
	const { weight, bias, training, momentum, eps } = optional(
		"batchNorm",
		batchNormDefaults,
		rest,
	);
	if (training) checkBatch(input);
	if (eps < 0 || (training && eps === 0)) {
		const wanted = training
			? "a number above 0 in training"
			: "a number of at least 0";
		throw check.invalidValue(
			"batchNorm",
			"eps",
			`expected ${wanted}, got ${eps}`,
		);
	}
	return generated.batchNorm(
		input,
		weight,
		bias,
		runningMean,
		runningVar,
		training,
		momentum,
		eps,
		true,
	);
}

const batchNormDefaults = {
	weight: null as Tensor | null,
	bias: null as Tensor | null,
	training: false,
	momentum: 0.1,
	eps: 1e-5,
};

function checkBatch(input: Tensor): void {
	const [batch = 1, , ...rest] = input.shape;
	if (rest.reduce((product, size) => product * size, batch) !== 1) return;
	const what = `expected more than 1 value per channel when training, got shape [${input.shape.join(", ")}]`;
	throw check.invalidValue("batchNorm", "input", what);
}

/** A learnt scale and shift of the normalised shape, and what is added to the variance (default 1e-5). */
export interface LayerNormOptions {
	weight?: Tensor | null | undefined;
	bias?: Tensor | null | undefined;
	eps?: number | undefined;
}

/** Normalises over the last dimensions, which are `normalizedShape`. */
export function layerNorm(
	input: Tensor,
	normalizedShape: readonly number[],
	weight?: Tensor | null,
	bias?: Tensor | null,
	eps?: number,
): Tensor;
export function layerNorm(
	input: Tensor,
	normalizedShape: readonly number[],
	options: LayerNormOptions,
): Tensor;
export function layerNorm(
	input: Tensor,
	normalizedShape: readonly number[],
	...rest: unknown[]
): Tensor {
	const { weight, bias, eps } = optional("layerNorm", layerNormDefaults, rest);
	return generated.layerNorm(input, normalizedShape, weight, bias, eps);
}

const layerNormDefaults = {
	weight: null as Tensor | null,
	bias: null as Tensor | null,
	eps: 1e-5,
};
