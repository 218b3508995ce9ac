import { noGrad } from "../autograd/index.ts";
import * as check from "../check.ts";
import { classesOf, type Labels } from "../data/labels.ts";
import { oneHot } from "../nn/functional/index.ts";
import { Buffer, Module } from "../nn/index.ts";
import { tensor } from "../tensor/creation.ts";
import { Tensor } from "../tensor/tensor.ts";
import {
	type FocalLossOptions as BinaryOptions,
	sigmoidFocalLoss,
} from "../vision/ops/losses.ts";

export interface FocalLossOptions {
	/** How much less examples count that are classified well; 0: as much as others, which is cross-entropy. Default 2. */
	gamma?: number | undefined;
	/** A factor for each class [C]: `classWeights(labels)`. Default: none. */
	weight?: Tensor | undefined;
	/** Default "mean", over all samples. */
	reduction?: "none" | "mean" | "sum" | undefined;
}

/**
 * Focal loss: cross-entropy in which examples count less that are classified well, for rare classes: -(1 - p)^γ log p. Between scores [N, C, …] that are
 * not normalised and classes [N, …], or probabilities [N, C, …].
 *
 * ```ts
 * const loss = new train.FocalLoss({ gamma: 2, weight: train.classWeights(dataset.targets) });
 * loss(model(images), labels).backward();
 * ```
 *
 * @see https://arxiv.org/abs/1708.02002
 */
export class FocalLoss extends Module<[input: Tensor, target: Tensor], Tensor> {
	readonly gamma: number;
	readonly reduction: "none" | "mean" | "sum";
	weight: Buffer | null; // [C]

	constructor(options: FocalLossOptions = {}) {
		super();
		const op = new.target.name;
		check.options(op, options, ["gamma", "weight", "reduction"]);
		const { gamma = 2, weight, reduction = "mean" } = options;
		this.gamma = check.number(op, "gamma", gamma, { min: 0 });
		this.reduction = check.oneOf(op, "reduction", reduction, [
			"none",
			"mean",
			"sum",
		]);
		if (weight !== undefined && !(weight instanceof Tensor))
			throw check.invalidType(op, "weight", "Tensor", weight);
		this.weight = weight === undefined ? null : new Buffer(weight);
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		const log = input.logSoftmax(1); // [N, C, …]
		let parts = log.mul(log.exp().rsub(1).pow(this.gamma)).neg();
		if (this.weight !== null) {
			const rest = new Array<number>(input.dim() - 2).fill(1);
			parts = parts.mul(this.weight.view([1, -1, ...rest]));
		}
		const hot =
			target.dim() === input.dim()
				? target
				: noGrad(() =>
						oneHot(target.long(), input.size(1)).movedim(-1, 1).to(log.dtype),
					);
		const losses = parts.mul(hot).sum(1); // [N, …]
		if (this.reduction === "none") return losses;
		return this.reduction === "mean" ? losses.mean() : losses.sum();
	}

	override extraRepr(): string {
		return `gamma=${this.gamma}`;
	}
}

/**
 * Focal loss of logits against targets of 0 and 1, of one shape: `vision.ops.sigmoidFocalLoss` as a module. `reduction` is "mean" by default.
 *
 * @see https://arxiv.org/abs/1708.02002
 */
export class BinaryFocalLoss extends Module<
	[input: Tensor, target: Tensor],
	Tensor
> {
	readonly #options: BinaryOptions;

	constructor(options: BinaryOptions = {}) {
		super();
		check.options(new.target.name, options, ["alpha", "gamma", "reduction"]);
		this.#options = { reduction: "mean", ...options };
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return sigmoidFocalLoss(input, target, this.#options);
	}
}

/**
 * A weight for each class, by which a rare one counts as much as a common one in all: samples / (classes · samples of the class). For the `weight` of
 * `CrossEntropyLoss`, `NLLLoss` and `FocalLoss`.
 *
 * @param labels the class of each sample, from 0
 * @param options numClasses: how many classes there are. Default: as many as the highest label says.
 * @returns float32 [numClasses]
 * @throws TorchError for labels that are no classes, and for a class without a sample, for which there is no weight
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.utils.class_weight.compute_class_weight.html
 * @example
 * const weight = train.classWeights([0, 0, 0, 1]); // [0.6667, 2]
 * const loss = new nn.CrossEntropyLoss({ weight });
 */
export function classWeights(
	labels: Labels,
	options: { numClasses?: number | undefined } = {},
): Tensor {
	const op = "classWeights";
	check.options(op, options, ["numClasses"]);
	const classes = classesOf(op, labels);
	const known = [...classes.keys()].map((label) => {
		const number = typeof label === "string" ? label : Number(label);
		return check.integer(op, "labels", number, { min: 0 });
	});
	const numClasses = check.integer(
		op,
		"numClasses",
		options.numClasses ?? Math.max(...known) + 1,
		{ min: Math.max(...known) + 1 },
	);
	const counts = new Array<number>(numClasses).fill(0);
	for (const [label, members] of classes)
		counts[Number(label)] = members.length;
	const missing = counts.indexOf(0);
	if (missing >= 0)
		throw check.invalidValue(
			op,
			"labels",
			`class ${missing} has no sample, so that there is no weight for it`,
		);
	const all = counts.reduce((sum, count) => sum + count, 0);
	return tensor(
		counts.map((count) => all / (numClasses * count)),
		{ dtype: "float32" },
	);
}
