/** Losses that want right answers to be ahead of wrong ones by a margin. */
import * as check from "../../../check.ts";
import * as generated from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { checkTensor, type Optional, optional } from "../../arguments.ts";
import {
	mean,
	noTensor,
	type ReductionOption,
	reduced,
	reductionIndex,
} from "./reduction.ts";

type MarginArguments = Optional<
	{ margin: number; reduction: typeof mean },
	["margin", "reduction"]
>;

/** max(0, -target (input1 - input2) + margin): `target` 1 wants `input1` higher, -1 `input2`. `margin` is 0 by default. */
export function marginRankingLoss(
	input1: Tensor,
	input2: Tensor,
	target: Tensor,
	...rest: MarginArguments
): Tensor {
	const op = "marginRankingLoss";
	checkTensor(op, "input1", input1);
	checkTensor(op, "input2", input2);
	checkTensor(op, "target", target);
	const { margin, reduction } = optional(op, noMargin, rest);
	if (input1.dim() !== input2.dim() || input1.dim() !== target.dim())
		throw check.invalidValue(
			op,
			"target",
			`expected all to have as many dimensions, got ${input1.dim()}, ${input2.dim()} and ${target.dim()}`,
		);
	const index = reductionIndex(op, reduction);
	return generated.marginRankingLoss(input1, input2, target, margin, index);
}

const noMargin = { margin: 0, reduction: mean };

/** 1 - cos(input1, input2) where `target` is 1, max(0, cos(input1, input2) - margin) where it is -1. `margin` is 0 by default. */
export function cosineEmbeddingLoss(
	input1: Tensor,
	input2: Tensor,
	target: Tensor,
	...rest: MarginArguments
): Tensor {
	const op = "cosineEmbeddingLoss";
	const { margin, reduction } = optional(op, noMargin, rest);
	const index = reductionIndex(op, reduction);
	return generated.cosineEmbeddingLoss(input1, input2, target, margin, index);
}

/** input where `target` is 1, max(0, margin - input) where it is -1. `margin` is 1 by default. */
export function hingeEmbeddingLoss(
	input: Tensor,
	target: Tensor,
	...rest: MarginArguments
): Tensor {
	const op = "hingeEmbeddingLoss";
	const { margin, reduction } = optional(
		op,
		{ margin: 1, reduction: mean },
		rest,
	);
	const index = reductionIndex(op, reduction);
	return generated.hingeEmbeddingLoss(input, target, margin, index);
}

type ReductionArguments = Optional<{ reduction: typeof mean }, ["reduction"]>;

/** log(1 + e^(-target · input)), targets being 1 or -1. */
export function softMarginLoss(
	input: Tensor,
	target: Tensor,
	...rest: ReductionArguments
): Tensor {
	const { reduction } = optional("softMarginLoss", { reduction: mean }, rest);
	const index = reductionIndex("softMarginLoss", reduction);
	return generated.softMarginLoss(input, target, index);
}

/** The hinge loss of several classes [N, C] at once; a sample's classes in `target` [N, C] end at the first -1. */
export function multilabelMarginLoss(
	input: Tensor,
	target: Tensor,
	...rest: ReductionArguments
): Tensor {
	const op = "multilabelMarginLoss";
	const { reduction } = optional(op, { reduction: mean }, rest);
	return generated.multilabelMarginLoss(
		input,
		target,
		reductionIndex(op, reduction),
	);
}

const multiMarginDefaults = {
	p: 1,
	margin: 1,
	weight: noTensor,
	reduction: mean,
};

/** Σ max(0, margin - input[target] + input[i])ᵖ / C over the other classes i; p is 1 or 2, `weight` a factor per class. */
export function multiMarginLoss(
	input: Tensor,
	target: Tensor,
	...rest: Optional<
		typeof multiMarginDefaults,
		["p", "margin", "weight", "reduction"]
	>
): Tensor {
	const op = "multiMarginLoss";
	const { p, margin, weight, reduction } = optional(
		op,
		multiMarginDefaults,
		rest,
	);
	if (p !== 1 && p !== 2)
		throw check.invalidValue(op, "p", `expected 1 or 2, got ${p}`);
	const index = reductionIndex(op, reduction);
	return generated.multiMarginLoss(input, target, p, margin, weight, index);
}

const tripletDefaults = {
	margin: 1,
	p: 2,
	eps: 1e-6,
	swap: false,
	reduction: mean,
};

/**
 * max(0, |anchor - positive| - |anchor - negative| + margin), with the p-norm. `swap` takes |positive - negative| where that is
 * smaller: http://www.bmva.org/bmvc/2016/papers/paper119/index.html
 */
export function tripletMarginLoss(
	anchor: Tensor,
	positive: Tensor,
	negative: Tensor,
	...rest: Optional<
		typeof tripletDefaults,
		["margin", "p", "eps", "swap", "reduction"]
	>
): Tensor {
	const op = "tripletMarginLoss";
	const { margin, p, eps, swap, reduction } = optional(
		op,
		tripletDefaults,
		rest,
	);
	checkMargin(op, margin);
	return generated.tripletMarginLoss(
		anchor,
		positive,
		negative,
		margin,
		p,
		eps,
		swap,
		reductionIndex(op, reduction),
	);
}

/** How far apart two tensors [N, D] are: [N]. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

export interface TripletMarginWithDistanceOptions extends ReductionOption {
	/** Default: `pairwiseDistance`. */
	distanceFunction?: DistanceFunction | null | undefined;
	/** Default 1. */
	margin?: number | undefined;
	/** Takes the distance from positive to negative where that is smaller. Default false. */
	swap?: boolean | undefined;
}

/** `tripletMarginLoss` with any distance. */
export function tripletMarginWithDistanceLoss(
	anchor: Tensor,
	positive: Tensor,
	negative: Tensor,
	options: TripletMarginWithDistanceOptions = {},
): Tensor {
	const op = "tripletMarginWithDistanceLoss";
	checkTensor(op, "anchor", anchor);
	checkTensor(op, "positive", positive);
	checkTensor(op, "negative", negative);
	const { distanceFunction, margin, swap, reduction } = optional(
		op,
		{
			distanceFunction: null as DistanceFunction | null,
			margin: 1,
			swap: false,
			reduction: mean,
		},
		[options],
	);
	checkMargin(op, margin);
	if (anchor.dim() !== positive.dim() || anchor.dim() !== negative.dim())
		throw check.invalidValue(
			op,
			"anchor",
			`expected all to have as many dimensions, got ${anchor.dim()}, ${positive.dim()} and ${negative.dim()}`,
		);
	const distance =
		distanceFunction ?? ((a, b) => generated.pairwiseDistance(a, b));
	const near = distance(anchor, positive);
	const far = distance(anchor, negative);
	const least = swap
		? generated.minimum(far, distance(positive, negative))
		: far;
	return reduced(op, near.add(margin).sub(least).clampMin(0), reduction);
}

function checkMargin(op: string, margin: number): void {
	if (!(margin > 0))
		throw check.invalidValue(
			op,
			"margin",
			`expected a number above 0, got ${margin}`,
		);
}
