/** Losses for numbers and distributions. */

import { noGrad } from "../../../autograd/index.ts";
import * as check from "../../../check.ts";
import * as generated from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { checkTensor, type Optional, optional } from "../../arguments.ts";
import {
	broadcast,
	checkSameShape,
	mean,
	noTensor,
	type Reduction,
	type ReductionOption,
	reduced,
	reductionIndex,
} from "./reduction.ts";

export interface WeightedLossOptions extends ReductionOption {
	/** A factor per element, shaped like `input`; "mean" then divides by the sum of the weights. */
	weight?: Tensor | null | undefined;
}

const weightedDefaults = { reduction: mean, weight: noTensor };
type WeightedArguments = Optional<
	typeof weightedDefaults,
	["reduction", "weight"]
>;

/** (input - target)² of each element. */
export function mseLoss(
	input: Tensor,
	target: Tensor,
	...rest: WeightedArguments
): Tensor {
	const { reduction, weight } = optional("mseLoss", weightedDefaults, rest);
	const index = reductionIndex("mseLoss", reduction);
	const [a, b] = broadcast("mseLoss", input, target);
	if (weight === null) return generated.mseLoss(a, b, index);
	checkSameShape("mseLoss", "weight", weight, input);
	const losses = a.sub(b).pow(2).mul(weight);
	return reduced("mseLoss", losses, reduction, weight.sum());
}

/** |input - target| of each element. */
export function l1Loss(
	input: Tensor,
	target: Tensor,
	...rest: WeightedArguments
): Tensor {
	const { reduction, weight } = optional("l1Loss", weightedDefaults, rest);
	const index = reductionIndex("l1Loss", reduction);
	const [a, b] = broadcast("l1Loss", input, target);
	if (weight === null) return generated.l1Loss(a, b, index);
	checkSameShape("l1Loss", "weight", weight, input);
	const losses = a.sub(b).abs().mul(weight);
	return reduced("l1Loss", losses, reduction, weight.sum());
}

const smoothDefaults = { reduction: mean, beta: 1 };

/** d² / 2β of differences d below `beta` (default 1), |d| - β/2 of larger ones. */
export function smoothL1Loss(
	input: Tensor,
	target: Tensor,
	...rest: Optional<typeof smoothDefaults, ["reduction", "beta"]>
): Tensor {
	const { reduction, beta } = optional("smoothL1Loss", smoothDefaults, rest);
	const index = reductionIndex("smoothL1Loss", reduction);
	const [a, b] = broadcast("smoothL1Loss", input, target);
	return beta === 0
		? generated.l1Loss(a, b, index)
		: generated.smoothL1Loss(a, b, index, beta);
}

const huberDefaults = { reduction: mean, delta: 1, weight: noTensor };

/** d² / 2 of differences d below `delta` (default 1), δ (|d| - δ/2) of larger ones; `weight` is a factor per element. */
export function huberLoss(
	input: Tensor,
	target: Tensor,
	...rest: Optional<typeof huberDefaults, ["reduction", "delta", "weight"]>
): Tensor {
	const { reduction, delta, weight } = optional(
		"huberLoss",
		huberDefaults,
		rest,
	);
	const index = reductionIndex("huberLoss", reduction);
	const [a, b] = broadcast("huberLoss", input, target);
	if (weight === null) return generated.huberLoss(a, b, index, delta);
	checkSameShape("huberLoss", "weight", weight, input);
	const none = reductionIndex("huberLoss", "none");
	const losses = generated.huberLoss(a, b, none, delta).mul(weight);
	return reduced("huberLoss", losses, reduction);
}

/** As `Reduction`; "batchmean" divides the sum by the batch's size, which is the divergence's definition. */
export type KlDivReduction = Reduction | "batchmean";

export const KL_DIV_REDUCTIONS: readonly KlDivReduction[] = [
	"none",
	"batchmean",
	"mean",
	"sum",
];

const klDivDefaults = { reduction: "mean" as KlDivReduction, logTarget: false };

/** target (log target - input): the Kullback-Leibler divergence; `input` holds log-probabilities, `target` too with `logTarget`. */
export function klDiv(
	input: Tensor,
	target: Tensor,
	...rest: Optional<typeof klDivDefaults, ["reduction", "logTarget"]>
): Tensor {
	const { reduction, logTarget } = optional("klDiv", klDivDefaults, rest);
	check.oneOf("klDiv", "reduction", reduction, KL_DIV_REDUCTIONS);
	const byBatch = reduction === "batchmean";
	const index = reductionIndex("klDiv", byBatch ? "sum" : reduction);
	const result = generated.klDiv(input, target, index, { logTarget });
	return byBatch && input.dim() > 0 ? result.div(input.size(0)) : result;
}

const poissonDefaults = {
	logInput: true,
	full: false,
	eps: 1e-8,
	reduction: mean,
};

/**
 * e^input - target · input, for targets that are Poisson distributed; without `logInput` (default true) input - target · log(input +
 * eps). `full` adds Stirling's approximation of log(target!).
 */
export function poissonNllLoss(
	input: Tensor,
	target: Tensor,
	...rest: Optional<
		typeof poissonDefaults,
		["logInput", "full", "eps", "reduction"]
	>
): Tensor {
	const { logInput, full, eps, reduction } = optional(
		"poissonNllLoss",
		poissonDefaults,
		rest,
	);
	const index = reductionIndex("poissonNllLoss", reduction);
	return generated.poissonNllLoss(input, target, logInput, full, eps, index);
}

const gaussianDefaults = { full: false, eps: 1e-6, reduction: mean };

/**
 * (log var + (input - target)² / var) / 2, for targets that are normally distributed with expectation `input` and variance `var`, at
 * least `eps`. `var` is shaped like `input`, or its last dimension is 1 or missing, or it is a number. `full` adds log(2π) / 2.
 */
export function gaussianNllLoss(
	input: Tensor,
	target: Tensor,
	variance: Tensor | number,
	...rest: Optional<typeof gaussianDefaults, ["full", "eps", "reduction"]>
): Tensor {
	const op = "gaussianNllLoss";
	checkTensor(op, "input", input);
	checkTensor(op, "target", target);
	const { full, eps, reduction } = optional(op, gaussianDefaults, rest);
	const spread = variances(op, input, variance).clone();
	noGrad(() => spread.clampMin_(eps));
	const losses = spread
		.log()
		.add(input.sub(target).pow(2).div(spread))
		.mul(0.5);
	const all = full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses;
	return reduced(op, all, reduction);
}

function variances(op: string, input: Tensor, given: Tensor | number): Tensor {
	const isNegative =
		typeof given === "number" ? given < 0 : given.lt(0).any().item();
	if (isNegative)
		throw check.invalidValue(op, "var", "expected no negative variances");
	if (typeof given === "number") return generated.fullLike(input, given);
	const [own, wanted] = [given.shape, input.shape];
	if (own.join() === wanted.slice(0, -1).join()) return given.unsqueeze(-1);
	const differing = own.filter((size, i) => size !== wanted[i]);
	if (
		own.length === wanted.length &&
		(differing.length === 0 || (differing.length === 1 && differing[0] === 1))
	)
		return given;
	throw check.invalidValue(
		op,
		"var",
		`expected the input's shape [${wanted.join(", ")}], the last dimension 1 or missing, got [${own.join(", ")}]`,
	);
}
