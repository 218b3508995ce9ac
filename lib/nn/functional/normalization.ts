import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkTensor, type Optional, optional } from "../arguments.ts";

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
	...rest: Optional<
		{
			weight: Tensor | null;
			bias: Tensor | null;
			training: boolean;
			momentum: number;
			eps: number;
		},
		["weight", "bias", "training", "momentum", "eps"]
	>
): Tensor {
	checkTensor("batchNorm", "input", input);
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
	throw tooFew("batchNorm", "per channel when training", input);
}

function tooFew(op: string, where: string, { shape }: Tensor): Error {
	const what = `expected more than 1 value ${where}, got shape [${shape.join(", ")}]`;
	return check.invalidValue(op, "input", what);
}

type AffineArguments = Optional<
	{ weight: Tensor | null; bias: Tensor | null; eps: number },
	["weight", "bias", "eps"]
>;

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
	...rest: AffineArguments
): Tensor {
	const { weight, bias, eps } = optional("layerNorm", affineDefaults, rest);
	return generated.layerNorm(input, normalizedShape, weight, bias, eps);
}

const affineDefaults = {
	weight: null as Tensor | null,
	bias: null as Tensor | null,
	eps: 1e-5,
};

/**
 * Normalises each of `numGroups` groups of channels (dimension 1) of each sample. `weight` and `bias` are per channel, `eps` is 1e-5 by
 * default: https://arxiv.org/abs/1803.08494
 */
export function groupNorm(
	input: Tensor,
	numGroups: number,
	...rest: AffineArguments
): Tensor {
	checkTensor("groupNorm", "input", input);
	const { weight, bias, eps } = optional("groupNorm", affineDefaults, rest);
	const { shape } = input;
	if (shape.length < 2)
		throw check.invalidValue(
			"groupNorm",
			"input",
			`expected 2 or more dimensions, got ${shape.length}`,
		);
	const [batch = 1, channels = 1, ...places] = shape;
	const groups = Math.floor((batch * channels) / numGroups);
	if (places.reduce((product, size) => product * size, groups) === 1)
		throw tooFew("groupNorm", "per group", input);
	return generated.groupNorm(input, numGroups, weight, bias, eps);
}

/** Divides by the root of the mean square over the last dimensions, `normalizedShape`. `eps` is by default the dtype's smallest step at 1. */
export function rmsNorm(
	input: Tensor,
	normalizedShape: readonly number[],
	...rest: Optional<
		{ weight: Tensor | null; eps: number | null },
		["weight", "eps"]
	>
): Tensor {
	const { weight, eps } = optional("rmsNorm", rmsDefaults, rest);
	return generated.rmsNorm(input, normalizedShape, weight, eps);
}

const rmsDefaults = {
	weight: null as Tensor | null,
	eps: null as number | null,
};

/**
 * Normalises each channel of each sample over its places: by their own statistics (with `useInputStats`, the default), which are then
 * blended into `runningMean` and `runningVar` where these are given, or by these two.
 */
export function instanceNorm(
	input: Tensor,
	...rest: Optional<
		typeof instanceDefaults,
		[
			"runningMean",
			"runningVar",
			"weight",
			"bias",
			"useInputStats",
			"momentum",
			"eps",
		]
	>
): Tensor {
	checkTensor("instanceNorm", "input", input);
	const {
		runningMean,
		runningVar,
		weight,
		bias,
		useInputStats,
		momentum,
		eps,
	} = optional("instanceNorm", instanceDefaults, rest);
	const places = input.shape.slice(2);
	if (
		useInputStats &&
		places.reduce((product, size) => product * size, 1) === 1
	)
		throw tooFew("instanceNorm", "per channel", input);
	return generated.instanceNorm(
		input,
		weight,
		bias,
		runningMean,
		runningVar,
		useInputStats,
		momentum,
		eps,
		true,
	);
}

const instanceDefaults = {
	runningMean: null as Tensor | null,
	runningVar: null as Tensor | null,
	weight: null as Tensor | null,
	bias: null as Tensor | null,
	useInputStats: true,
	momentum: 0.1,
	eps: 1e-5,
};

/** x / (k + α · the mean square of `size` neighbouring channels)^β. Defaults: α 1e-4, β 0.75, k 1. */
export function localResponseNorm(
	input: Tensor,
	size: number,
	...rest: Optional<
		{ alpha: number; beta: number; k: number },
		["alpha", "beta", "k"]
	>
): Tensor {
	checkTensor("localResponseNorm", "input", input);
	const { alpha, beta, k } = optional("localResponseNorm", localDefaults, rest);
	const { shape } = input;
	const [batch = 0, channels = 0, first = 0] = shape;
	if (shape.length < 3)
		throw check.invalidValue(
			"localResponseNorm",
			"input",
			`expected 3 or more dimensions, got ${shape.length}`,
		);
	if (input.numel() === 0) return input;
	const before = Math.floor(size / 2);
	const after = Math.floor((size - 1) / 2);
	const squares = input.mul(input);
	const means =
		shape.length === 3
			? generated
					.avgPool2d(
						generated.pad(squares.unsqueeze(1), [0, 0, before, after]),
						[size, 1],
						1,
					)
					.squeeze(1)
			: generated
					.avgPool3d(
						generated.pad(squares.view([batch, 1, channels, first, -1]), [
							...[0, 0, 0, 0],
							...[before, after],
						]),
						[size, 1, 1],
						1,
					)
					.squeeze(1)
					.view(shape);
	return input.div(means.mul(alpha).add(k).pow(beta));
}

const localDefaults = { alpha: 1e-4, beta: 0.75, k: 1 };

/** Divides by the p-norm along `dim`, or by `eps` where that is smaller. Defaults: p 2, dim 1, eps 1e-12. */
export function normalize(
	input: Tensor,
	...rest: Optional<
		{ p: number; dim: number; eps: number },
		["p", "dim", "eps"]
	>
): Tensor {
	checkTensor("normalize", "input", input);
	const { p, dim, eps } = optional("normalize", normalizeDefaults, rest);
	const length = input.norm(p, [dim], true).clampMin(eps);
	return input.div(length.expandAs(input));
}

const normalizeDefaults = { p: 2, dim: 1, eps: 1e-12 };
