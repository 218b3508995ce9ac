/** Losses for classes: one of several, several at once, and sequences of them. */
import * as check from "../../../check.ts";
import { broadcastTensors } from "../../../composed/index.ts";
import * as generated from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { as, checkTensor, type Optional, optional } from "../../arguments.ts";
import { logsigmoid } from "../activation.ts";
import {
	checkChunkOptions,
	chunkedLinearCrossEntropy,
	type LinearCrossEntropyOptions,
} from "./chunkedLinearCrossEntropy.ts";
import {
	checkSameShape,
	mean,
	noTensor,
	type Reduction,
	type ReductionOption,
	reduced,
	reductionIndex,
} from "./reduction.ts";

export interface NllLossOptions extends ReductionOption {
	/** A factor per class, [C]. */
	weight?: Tensor | null | undefined;
	/** Targets of this class count for nothing. Default -100. */
	ignoreIndex?: number | undefined;
}

const nllLossDefaults = {
	weight: noTensor,
	ignoreIndex: -100,
	reduction: mean,
};

/** -input[target], where `input` [N, C, …] holds log-probabilities and `target` [N, …] classes. */
export function nllLoss(
	input: Tensor,
	target: Tensor,
	...rest: Optional<
		typeof nllLossDefaults,
		["weight", "ignoreIndex", "reduction"]
	>
): Tensor {
	const { weight, ignoreIndex, reduction } = optional(
		"nllLoss",
		nllLossDefaults,
		rest,
	);
	const index = reductionIndex("nllLoss", reduction);
	return as("nllLoss", () =>
		generated.nllLossNd(input, target, weight, index, ignoreIndex),
	);
}

export interface CrossEntropyOptions extends NllLossOptions {
	/** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
	labelSmoothing?: number | undefined;
}

const crossEntropyDefaults = { ...nllLossDefaults, labelSmoothing: 0 };

/**
 * Cross entropy between `input` [N, C, …], unnormalised scores, and `target`: classes [N, …], or probabilities shaped like `input`.
 */
export function crossEntropy(
	input: Tensor,
	target: Tensor,
	...rest: Optional<
		typeof crossEntropyDefaults,
		["weight", "ignoreIndex", "reduction", "labelSmoothing"]
	>
): Tensor {
	const { weight, ignoreIndex, reduction, labelSmoothing } = optional(
		"crossEntropy",
		crossEntropyDefaults,
		rest,
	);
	const index = reductionIndex("crossEntropy", reduction);
	return as("crossEntropy", () =>
		generated.crossEntropyLoss(
			input,
			target,
			weight,
			index,
			ignoreIndex,
			labelSmoothing,
		),
	);
}

export interface LinearCrossEntropyFunctionOptions extends ReductionOption {
	/** Added to the scores: shaped like `linearWeight` without its last dimension. */
	linearBias?: Tensor | null | undefined;
	/** A factor per class, [C]. */
	weight?: Tensor | null | undefined;
	/** Targets of this class count for nothing. Default -100, for targets that are classes. */
	ignoreIndex?: number | null | undefined;
	/** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
	labelSmoothing?: number | undefined;
	/**
	 * Computes the scores of a part of the samples at a time, and the gradients along with them, for targets that are classes, without
	 * `labelSmoothing`: less memory where there are many classes. Default null: all at once.
	 */
	options?: LinearCrossEntropyOptions | null | undefined;
}

/**
 * `crossEntropy` of the scores that a linear layer gives: `input` [N, in] or [in], `linearWeight` [C, in] or [C, …, in], `target` [N, …]
 * classes or [N, C, …] probabilities.
 */
export function linearCrossEntropy(
	input: Tensor,
	linearWeight: Tensor,
	target: Tensor,
	options: LinearCrossEntropyFunctionOptions = {},
): Tensor {
	const op = "linearCrossEntropy";
	checkTensor(op, "input", input);
	checkTensor(op, "linearWeight", linearWeight);
	checkTensor(op, "target", target);
	const {
		linearBias,
		weight,
		reduction,
		ignoreIndex,
		labelSmoothing,
		options: chunks,
	} = optional(op, linearCrossEntropyDefaults, [options]);
	if (chunks !== null) checkChunkOptions(op, "options", chunks);
	if (input.dim() !== 1 && input.dim() !== 2)
		throw check.invalidValue(
			op,
			"input",
			`expected 1 or 2 dimensions, got ${input.dim()}`,
		);
	const [classes = 0, ...places] = linearWeight.shape;
	const inFeatures = places.pop();
	if (inFeatures !== input.shape.at(-1))
		throw check.invalidValue(
			op,
			"linearWeight",
			`expected shape [classes, …, ${input.shape.at(-1)}], got [${linearWeight.shape.join(", ")}]`,
		);
	const batch = input.shape.slice(0, -1);
	if (places.length > 0 && batch.length === 0)
		throw check.invalidValue(
			op,
			"input",
			"expected a batch, since linearWeight has more than 2 dimensions",
		);
	const shape = [...batch, classes, ...places];
	const isProbabilities = target.shape.join() === shape.join();
	if (isProbabilities && ignoreIndex !== null)
		throw check.invalidValue(
			op,
			"ignoreIndex",
			"expected none, since the target holds probabilities",
		);
	const index = reductionIndex(op, reduction);
	if (chunks !== null) {
		if (
			places.length === 0 &&
			labelSmoothing === 0 &&
			target.dtype === "int64"
		) {
			const isOne = batch.length === 0;
			const loss = chunkedLinearCrossEntropy(
				op,
				isOne ? input.unsqueeze(0) : input,
				linearWeight,
				linearBias,
				isOne ? target.unsqueeze(0) : target,
				weight,
				reduction,
				ignoreIndex ?? -100,
				chunks,
			);
			return isOne && reduction === "none" ? loss.squeeze(0) : loss;
		}
		process.emitWarning(
			`${op}: options are not used: they need targets that are classes (int64), one score for each class, and no labelSmoothing`,
		);
	}
	const scores = generated
		.linear(
			input,
			linearWeight.reshape([-1, inFeatures ?? 0]),
			linearBias?.reshape([-1]) ?? null,
		)
		.reshape(shape);
	return as(op, () =>
		generated.crossEntropyLoss(
			scores,
			target,
			weight,
			index,
			ignoreIndex ?? -100,
			labelSmoothing,
		),
	);
}

const linearCrossEntropyDefaults = {
	linearBias: noTensor,
	weight: noTensor,
	reduction: mean,
	ignoreIndex: null as number | null,
	labelSmoothing: 0,
	options: null as LinearCrossEntropyOptions | null,
};

export interface BceOptions extends ReductionOption {
	/** A factor per element, broadcast to `input`. */
	weight?: Tensor | null | undefined;
}

const bceDefaults = { weight: noTensor, reduction: mean };

/** Binary cross entropy between probabilities `input` and `target`, both 0 to 1. */
export function binaryCrossEntropy(
	input: Tensor,
	target: Tensor,
	...rest: Optional<typeof bceDefaults, ["weight", "reduction"]>
): Tensor {
	const op = "binaryCrossEntropy";
	const { weight, reduction } = optional(op, bceDefaults, rest);
	checkSameShape(op, "target", target, input);
	const index = reductionIndex(op, reduction);
	const factors =
		weight === null ? null : (broadcastTensors(weight, target)[0] as Tensor);
	return generated.binaryCrossEntropy(input, target, factors, index);
}

export interface BceWithLogitsOptions extends BceOptions {
	/** A factor for positive targets, broadcast to `input`: above 1 favours recall. */
	posWeight?: Tensor | null | undefined;
}

const bceWithLogitsDefaults = { ...bceDefaults, posWeight: noTensor };

/** Binary cross entropy between sigmoid(input) and `target` (0 to 1), computed without overflow. */
export function binaryCrossEntropyWithLogits(
	input: Tensor,
	target: Tensor,
	...rest: Optional<
		typeof bceWithLogitsDefaults,
		["weight", "reduction", "posWeight"]
	>
): Tensor {
	const op = "binaryCrossEntropyWithLogits";
	const { weight, reduction, posWeight } = optional(
		op,
		bceWithLogitsDefaults,
		rest,
	);
	checkSameShape(op, "target", target, input);
	return generated.binaryCrossEntropyWithLogits(
		input,
		target,
		weight,
		posWeight,
		reductionIndex(op, reduction),
	);
}

/** `binaryCrossEntropyWithLogits` averaged over the classes [..., C] of each sample. */
export function multilabelSoftMarginLoss(
	input: Tensor,
	target: Tensor,
	...rest: Optional<typeof bceDefaults, ["weight", "reduction"]>
): Tensor {
	const op = "multilabelSoftMarginLoss";
	checkTensor(op, "input", input);
	checkTensor(op, "target", target);
	const { weight, reduction } = optional(op, bceDefaults, rest);
	const losses = target
		.mul(logsigmoid(input))
		.add(target.rsub(1).mul(logsigmoid(input.neg())))
		.neg();
	const weighted = weight === null ? losses : losses.mul(weight);
	const last = input.dim() - 1;
	return reduced(op, weighted.sum(last).div(input.size(last)), reduction);
}

const ctcDefaults = { blank: 0, reduction: mean, zeroInfinity: false };

/**
 * Connectionist temporal classification: `logProbs` [T, N, C] or [T, C], `targets` [N, S] or all after one another, the lengths of both
 * for each sample. `zeroInfinity` makes the loss 0 where no alignment exists: https://www.cs.toronto.edu/~graves/icml_2006.pdf
 */
export function ctcLoss(
	logProbs: Tensor,
	targets: Tensor,
	inputLengths: Tensor | readonly number[],
	targetLengths: Tensor | readonly number[],
	...rest: Optional<typeof ctcDefaults, ["blank", "reduction", "zeroInfinity"]>
): Tensor {
	const { blank, reduction, zeroInfinity } = optional(
		"ctcLoss",
		ctcDefaults,
		rest,
	);
	const index = reductionIndex("ctcLoss", reduction as Reduction);
	return generated.ctcLoss(
		logProbs,
		targets,
		inputLengths as Tensor,
		targetLengths as Tensor,
		blank,
		index,
		zeroInfinity,
	);
}
