import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";

/** What a loss does with the losses of single elements: keeps them, averages them, or adds them up. */
export type Reduction = "none" | "mean" | "sum";

/** The reductions as LibTorch's operators number them. */
const REDUCTIONS: readonly Reduction[] = ["none", "mean", "sum"];

export function reductionIndex(op: string, reduction: Reduction): number {
	check.oneOf(op, "reduction", reduction, REDUCTIONS);
	return REDUCTIONS.indexOf(reduction);
}

export interface ReductionOption {
	/** Default "mean". */
	reduction?: Reduction | undefined;
}

export interface NllLossOptions extends ReductionOption {
	/** A factor per class, [C]. */
	weight?: Tensor | null | undefined;
	/** Targets of this class count for nothing. Default -100. */
	ignoreIndex?: number | undefined;
}

/** -input[target], where `input` [N, C, …] holds log-probabilities and `target` [N, …] classes. */
export function nllLoss(
	input: Tensor,
	target: Tensor,
	weight?: Tensor | null,
	ignoreIndex?: number,
	reduction?: Reduction,
): Tensor;
export function nllLoss(
	input: Tensor,
	target: Tensor,
	options: NllLossOptions,
): Tensor;
export function nllLoss(
	input: Tensor,
	target: Tensor,
	...rest: unknown[]
): Tensor {
	const { weight, ignoreIndex, reduction } = optional(
		"nllLoss",
		nllLossDefaults,
		rest,
	);
	return generated.nllLossNd(
		input,
		target,
		weight,
		reductionIndex("nllLoss", reduction),
		ignoreIndex,
	);
}

const nllLossDefaults = {
	weight: null as Tensor | null,
	ignoreIndex: -100,
	reduction: "mean" as Reduction,
};

export interface CrossEntropyOptions extends NllLossOptions {
	/** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
	labelSmoothing?: number | undefined;
}

/**
 * Cross entropy between `input` [N, C, …], unnormalised scores, and `target`: classes [N, …], or probabilities shaped like `input`.
 */
export function crossEntropy(
	input: Tensor,
	target: Tensor,
	weight?: Tensor | null,
	ignoreIndex?: number,
	reduction?: Reduction,
	labelSmoothing?: number,
): Tensor;
export function crossEntropy(
	input: Tensor,
	target: Tensor,
	options: CrossEntropyOptions,
): Tensor;
export function crossEntropy(
	input: Tensor,
	target: Tensor,
	...rest: unknown[]
): Tensor {
	const { weight, ignoreIndex, reduction, labelSmoothing } = optional(
		"crossEntropy",
		crossEntropyDefaults,
		rest,
	);
	return generated.crossEntropyLoss(
		input,
		target,
		weight,
		reductionIndex("crossEntropy", reduction),
		ignoreIndex,
		labelSmoothing,
	);
}

const crossEntropyDefaults = { ...nllLossDefaults, labelSmoothing: 0 };

export interface MseLossOptions extends ReductionOption {
	/** A factor per element, shaped like `input`; "mean" then divides by the sum of the weights. */
	weight?: Tensor | null | undefined;
}

/** (input - target)² of each element. */
export function mseLoss(
	input: Tensor,
	target: Tensor,
	reduction?: Reduction,
	weight?: Tensor | null,
): Tensor;
export function mseLoss(
	input: Tensor,
	target: Tensor,
	options: MseLossOptions,
): Tensor;
export function mseLoss(
	input: Tensor,
	target: Tensor,
	...rest: unknown[]
): Tensor {
	const { reduction, weight } = optional("mseLoss", mseLossDefaults, rest);
	const index = reductionIndex("mseLoss", reduction);
	if (weight === null) {
		if (isSameShape(input, target))
			return generated.mseLoss(input, target, index);
		warnOfBroadcasting(input, target);
		const [expandedInput, expandedTarget] = generated.broadcastTensors([
			input,
			target,
		]) as [Tensor, Tensor];
		return generated.mseLoss(expandedInput, expandedTarget, index);
	}
	checkSameShape("mseLoss", "weight", weight, input);
	const losses = input.sub(target).pow(2).mul(weight);
	return reduction === "none"
		? losses
		: reduction === "sum"
			? losses.sum()
			: losses.sum().div(weight.sum());
}

const mseLossDefaults = {
	reduction: "mean" as Reduction,
	weight: null as Tensor | null,
};

export interface BceWithLogitsOptions extends ReductionOption {
	/** A factor per element, broadcast to `input`. */
	weight?: Tensor | null | undefined;
	/** A factor for positive targets, broadcast to `input`: above 1 favours recall. */
	posWeight?: Tensor | null | undefined;
}

/** Binary cross entropy between sigmoid(input) and `target` (0 to 1), computed without overflow. */
export function binaryCrossEntropyWithLogits(
	input: Tensor,
	target: Tensor,
	weight?: Tensor | null,
	reduction?: Reduction,
	posWeight?: Tensor | null,
): Tensor;
export function binaryCrossEntropyWithLogits(
	input: Tensor,
	target: Tensor,
	options: BceWithLogitsOptions,
): Tensor;
export function binaryCrossEntropyWithLogits(
	input: Tensor,
	target: Tensor,
	...rest: unknown[]
): Tensor {
	const op = "binaryCrossEntropyWithLogits";
	const { weight, reduction, posWeight } = optional(op, bceDefaults, rest);
	checkSameShape(op, "target", target, input);
	return generated.binaryCrossEntropyWithLogits(
		input,
		target,
		weight,
		posWeight,
		reductionIndex(op, reduction),
	);
}

const bceDefaults = {
	weight: null as Tensor | null,
	reduction: "mean" as Reduction,
	posWeight: null as Tensor | null,
};

function checkSameShape(
	op: string,
	argument: string,
	tensor: Tensor,
	input: Tensor,
): void {
	if (isSameShape(tensor, input)) return;
	throw check.invalidValue(
		op,
		argument,
		`expected the input's shape [${input.shape.join(", ")}], got [${tensor.shape.join(", ")}]`,
	);
}

function isSameShape(a: Tensor, b: Tensor): boolean {
	return a.shape.join() === b.shape.join();
}

let hasWarned = false;

/** [N, 1] against [N] becomes [N, N], which is hardly ever meant: said once, since it would be said in every step. */
function warnOfBroadcasting(input: Tensor, target: Tensor): void {
	if (hasWarned) return;
	hasWarned = true;
	process.emitWarning(
		`mseLoss: the target's shape [${target.shape.join(", ")}] differs from the input's [${input.shape.join(", ")}]; ` +
			"broadcasting will likely lead to incorrect results. Make them the same.",
	);
}
