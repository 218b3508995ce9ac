import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkTensor } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { reductionIndex } from "../functional/loss.ts";
import { Module } from "../module.ts";
import { Buffer } from "../parameter.ts";

/** A loss is called with what a model gave and what it should have given. */
abstract class Loss extends Module<[input: Tensor, target: Tensor], Tensor> {
	readonly reduction: F.Reduction;

	constructor(op: string, options: object, known: readonly string[]) {
		super();
		check.options(op, options, ["reduction", ...known]);
		const { reduction = "mean" } = options as { reduction?: F.Reduction };
		reductionIndex(op, reduction);
		this.reduction = reduction;
	}
}

/** A factor: kept in the state dict, moved with the module, not learnt. */
function factor(
	op: string,
	name: string,
	tensor: Tensor | null | undefined,
): Buffer | null {
	if (tensor === null || tensor === undefined) return null;
	checkTensor(op, name, tensor);
	return new Buffer(tensor);
}

/** The mean squared error between input and target of one shape. */
export class MSELoss extends Loss {
	constructor(options: { reduction?: F.Reduction | undefined } = {}) {
		super(new.target.name, options, []);
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.mseLoss(input, target, this.reduction);
	}
}

/** The negative log likelihood of classes [N, …], given log-probabilities [N, C, …]: after `LogSoftmax`. */
export class NLLLoss extends Loss {
	readonly weight: Buffer | null; // [C]
	readonly ignoreIndex: number;

	constructor(options: F.NllLossOptions = {}) {
		super(new.target.name, options, ["weight", "ignoreIndex"]);
		const { weight, ignoreIndex = -100 } = options;
		check.integer(new.target.name, "ignoreIndex", ignoreIndex);
		this.weight = factor(new.target.name, "weight", weight);
		this.ignoreIndex = ignoreIndex;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.nllLoss(
			input,
			target,
			this.weight,
			this.ignoreIndex,
			this.reduction,
		);
	}
}

/**
 * The cross entropy between scores [N, C, …] that are not normalised and classes [N, …], or probabilities [N, C, …].
 *
 * ```ts
 * const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.1 });
 * criterion(model(images), labels).backward();
 * ```
 */
export class CrossEntropyLoss extends Loss {
	readonly weight: Buffer | null; // [C]
	readonly ignoreIndex: number;
	readonly labelSmoothing: number;

	constructor(options: F.CrossEntropyOptions = {}) {
		super(new.target.name, options, [
			"weight",
			"ignoreIndex",
			"labelSmoothing",
		]);
		const { weight, ignoreIndex = -100, labelSmoothing = 0 } = options;
		check.integer(new.target.name, "ignoreIndex", ignoreIndex);
		check.number(new.target.name, "labelSmoothing", labelSmoothing, {
			min: 0,
			max: 1,
		});
		this.weight = factor(new.target.name, "weight", weight);
		this.ignoreIndex = ignoreIndex;
		this.labelSmoothing = labelSmoothing;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.crossEntropy(
			input,
			target,
			this.weight,
			this.ignoreIndex,
			this.reduction,
			this.labelSmoothing,
		);
	}
}

/** The binary cross entropy between sigmoid(input) and targets from 0 to 1 of the same shape. */
export class BCEWithLogitsLoss extends Loss {
	readonly weight: Buffer | null; // broadcast to the input
	readonly posWeight: Buffer | null; // broadcast to the input

	constructor(options: F.BceWithLogitsOptions = {}) {
		super(new.target.name, options, ["weight", "posWeight"]);
		this.weight = factor(new.target.name, "weight", options.weight);
		this.posWeight = factor(new.target.name, "posWeight", options.posWeight);
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.binaryCrossEntropyWithLogits(
			input,
			target,
			this.weight,
			this.reduction,
			this.posWeight,
		);
	}
}
