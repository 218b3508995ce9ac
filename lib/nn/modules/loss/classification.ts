import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { checkChunkOptions } from "../../functional/loss/chunkedLinearCrossEntropy.ts";
import { Module } from "../../module.ts";
import { float, python } from "../../names.ts";
import type { Buffer } from "../../parameter.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	settings,
	whole,
} from "../../settings.ts";
import { Linear } from "../linear.ts";
import { buffer, factor, type Given, REDUCTION } from "./common.ts";

/** The negative log likelihood of classes [N, …], given log-probabilities [N, C, …]: after `LogSoftmax`. */
export class NLLLoss extends Module<Given, Tensor> {
	weight: Buffer | null; // [C]
	readonly ignoreIndex: number;
	readonly reduction: F.Reduction;

	constructor(options: F.NllLossOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			weight: factor,
			ignoreIndex: whole(-100),
			...REDUCTION,
		});
		this.weight = buffer(given.weight);
		this.ignoreIndex = given.ignoreIndex;
		this.reduction = given.reduction;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		const { weight, ignoreIndex, reduction } = this;
		return F.nllLoss(input, target, weight, ignoreIndex, reduction);
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
export class CrossEntropyLoss extends Module<Given, Tensor> {
	weight: Buffer | null; // [C]
	readonly ignoreIndex: number;
	readonly labelSmoothing: number;
	readonly reduction: F.Reduction;

	constructor(options: F.CrossEntropyOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			weight: factor,
			ignoreIndex: whole(-100),
			...REDUCTION,
			labelSmoothing: real(0, { min: 0, max: 1 }),
		});
		this.weight = buffer(given.weight);
		this.ignoreIndex = given.ignoreIndex;
		this.labelSmoothing = given.labelSmoothing;
		this.reduction = given.reduction;
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

export interface LinearCrossEntropyLossOptions
	extends F.ReductionOption,
		FactoryOptions {
	/** Dimensions of the scores after the classes. Default none. */
	outFeatures?: readonly number[] | undefined;
	/** Whether a bias is learnt and added to the scores. Default false. */
	bias?: boolean | undefined;
	/** A factor per class, [C]. */
	weight?: Tensor | null | undefined;
	/** Targets of this class count for nothing. Default -100, for targets that are classes. */
	ignoreIndex?: number | null | undefined;
	/** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
	labelSmoothing?: number | undefined;
	/** Computes in parts, which takes less memory where there are many classes: see `F.linearCrossEntropy`. Default null: all at once. */
	options?: F.LinearCrossEntropyOptions | null | undefined;
}

/** A linear layer and `CrossEntropyLoss` in one: inputs [N, inFeatures], targets [N, …outFeatures] or probabilities [N, C, …outFeatures]. */
export class LinearCrossEntropyLoss extends Module<Given, Tensor> {
	readonly numClasses: number;
	readonly outFeatures: readonly number[];
	readonly reduction: F.Reduction;
	weight: Buffer | null; // [numClasses]
	readonly ignoreIndex: number | null;
	readonly labelSmoothing: number;
	readonly options: F.LinearCrossEntropyOptions | null;
	readonly linear: Linear;

	constructor(
		inFeatures: number,
		numClasses: number,
		options: LinearCrossEntropyLossOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "inFeatures", inFeatures, { min: 0 });
		check.integer(op, "numClasses", numClasses, { min: 0 });
		const given = settings(op, options, {
			outFeatures: {
				fallback: [] as readonly number[],
				check: (op: string, name: string, value: unknown) => {
					check.array(op, name, value as unknown[]);
					for (const [i, each] of (value as unknown[]).entries())
						check.integer(op, `${name}[${i}]`, each, { min: 0 });
				},
			},
			bias: flag(false),
			...REDUCTION,
			weight: factor,
			ignoreIndex: nullable(whole(0)),
			labelSmoothing: real(0, { min: 0, max: 1 }),
			options: {
				fallback: null as F.LinearCrossEntropyOptions | null,
				check(op: string, name: string, value: unknown) {
					if (value !== null) checkChunkOptions(op, name, value);
				},
			},
			...FACTORY,
		});
		const { weight, device, dtype } = given;
		if (weight !== null && weight.shape.join() !== String(numClasses))
			throw check.invalidValue(
				op,
				"weight",
				`expected shape [${numClasses}], got [${weight.shape.join(", ")}]`,
			);
		this.numClasses = numClasses;
		this.outFeatures = given.outFeatures;
		this.reduction = given.reduction;
		this.weight = buffer(weight);
		this.ignoreIndex = given.ignoreIndex;
		this.labelSmoothing = given.labelSmoothing;
		this.options = given.options && { ...given.options };
		const rows = given.outFeatures.reduce((a, b) => a * b, numClasses);
		const { bias } = given;
		this.linear = new Linear(inFeatures, rows, { bias, device, dtype });
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		const { numClasses, outFeatures, linear } = this;
		const places = [numClasses, ...outFeatures];
		return F.linearCrossEntropy(
			input,
			linear.weight.reshape([...places, linear.inFeatures]),
			target,
			{
				linearBias: linear.bias?.reshape(places) ?? null,
				weight: this.weight,
				reduction: this.reduction,
				ignoreIndex: this.ignoreIndex,
				labelSmoothing: this.labelSmoothing,
				options: this.options,
			},
		);
	}

	override extraRepr(): string {
		const { linear, numClasses, outFeatures, reduction, ignoreIndex } = this;
		return (
			`in_features=${linear.inFeatures}, num_classes=${numClasses}, out_features=${python(outFeatures)}, ` +
			`bias=${python(linear.bias !== null)}, reduction=${reduction}, ignore_index=${python(ignoreIndex)}, ` +
			`label_smoothing=${float(this.labelSmoothing)}, options=${this.options === null ? "None" : JSON.stringify(this.options)}`
		);
	}
}

/** The binary cross entropy between probabilities and targets from 0 to 1 of the same shape. */
export class BCELoss extends Module<Given, Tensor> {
	weight: Buffer | null; // broadcast to the input
	readonly reduction: F.Reduction;

	constructor(options: F.BceOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			weight: factor,
			...REDUCTION,
		});
		this.weight = buffer(given.weight);
		this.reduction = given.reduction;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.binaryCrossEntropy(input, target, this.weight, this.reduction);
	}
}

/** The binary cross entropy between sigmoid(input) and targets from 0 to 1 of the same shape. */
export class BCEWithLogitsLoss extends Module<Given, Tensor> {
	weight: Buffer | null; // broadcast to the input
	posWeight: Buffer | null; // broadcast to the input
	readonly reduction: F.Reduction;

	constructor(options: F.BceWithLogitsOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			weight: factor,
			...REDUCTION,
			posWeight: factor,
		});
		this.weight = buffer(given.weight);
		this.posWeight = buffer(given.posWeight);
		this.reduction = given.reduction;
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

/** `BCEWithLogitsLoss` averaged over the classes [..., C] of each sample. */
export class MultiLabelSoftMarginLoss extends Module<Given, Tensor> {
	weight: Buffer | null; // [C]
	readonly reduction: F.Reduction;

	constructor(options: F.BceOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			weight: factor,
			...REDUCTION,
		});
		this.weight = buffer(given.weight);
		this.reduction = given.reduction;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		const { weight, reduction } = this;
		return F.multilabelSoftMarginLoss(input, target, weight, reduction);
	}
}

export interface CTCLossOptions extends F.ReductionOption {
	/** The class that stands for none. Default 0. */
	blank?: number | undefined;
	/** Whether the loss is 0 where no alignment exists. Default false. */
	zeroInfinity?: boolean | undefined;
}

/** Connectionist temporal classification: log-probabilities [T, N, C] against sequences of classes, given the lengths of both. */
export class CTCLoss extends Module<
	[
		logProbs: Tensor,
		targets: Tensor,
		inputLengths: Tensor | readonly number[],
		targetLengths: Tensor | readonly number[],
	],
	Tensor
> {
	readonly blank: number;
	readonly reduction: F.Reduction;
	readonly zeroInfinity: boolean;

	constructor(options: CTCLossOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			blank: whole(0),
			...REDUCTION,
			zeroInfinity: flag(false),
		});
		this.blank = given.blank;
		this.reduction = given.reduction;
		this.zeroInfinity = given.zeroInfinity;
	}

	override forward(
		logProbs: Tensor,
		targets: Tensor,
		inputLengths: Tensor | readonly number[],
		targetLengths: Tensor | readonly number[],
	): Tensor {
		const { blank, reduction, zeroInfinity } = this;
		return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, {
			blank,
			reduction,
			zeroInfinity,
		});
	}
}
