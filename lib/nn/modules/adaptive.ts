import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { logSoftmax } from "../functional/index.ts";
import { Module } from "../module.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	real,
	settings,
} from "../settings.ts";
import { ModuleList, Sequential } from "./container.ts";
import { Linear } from "./linear.ts";

export interface AdaptiveLogSoftmaxOptions extends FactoryOptions {
	/** Each cluster's layer is this many times narrower than the one before. Default 4. */
	divValue?: number | undefined;
	/** Whether the head has a bias. Default false. */
	headBias?: boolean | undefined;
}

/** The log-probability of each target [N], and the loss: minus their mean. */
export interface AdaptiveLogSoftmaxOutput {
	output: Tensor;
	loss: Tensor;
}

/**
 * Softmax over very many classes, sorted by how often they occur: those up to the first of `cutoffs` are in the head, rarer ones in clusters
 * with narrower layers. https://arxiv.org/abs/1609.04309
 *
 * ```ts
 * const criterion = new nn.AdaptiveLogSoftmaxWithLoss(64, 1000, [10, 100]);
 * const { loss } = criterion(torch.randn([8, 64]), torch.randint(1000, [8]));
 * ```
 */
export class AdaptiveLogSoftmaxWithLoss extends Module<
	[input: Tensor, target: Tensor],
	AdaptiveLogSoftmaxOutput
> {
	readonly inFeatures: number;
	readonly nClasses: number;
	readonly cutoffs: readonly number[]; // with nClasses at the end
	readonly divValue: number;
	readonly headBias: boolean;
	readonly head: Linear;
	readonly tail: ModuleList<Sequential>;

	constructor(
		inFeatures: number,
		nClasses: number,
		cutoffs: readonly number[],
		options: AdaptiveLogSoftmaxOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "inFeatures", inFeatures, { min: 1 });
		check.integer(op, "nClasses", nClasses, { min: 1 });
		checkCutoffs(op, cutoffs, nClasses);
		const { divValue, headBias, ...factory } = settings(op, options, {
			divValue: real(4),
			headBias: flag(false),
			...FACTORY,
		});
		if (divValue <= 0)
			throw check.invalidValue(
				op,
				"divValue",
				`expected a number above 0, got ${divValue}`,
			);
		this.inFeatures = inFeatures;
		this.nClasses = nClasses;
		this.cutoffs = [...cutoffs, nClasses];
		this.divValue = divValue;
		this.headBias = headBias;
		const clusters = cutoffs.length;
		this.head = new Linear(inFeatures, this.shortlistSize + clusters, {
			bias: headBias,
			...factory,
		});
		const layer = { bias: false, ...factory };
		this.tail = new ModuleList(
			cutoffs.map((start, i) => {
				const hidden = Math.floor(inFeatures / divValue ** (i + 1));
				return new Sequential(
					new Linear(inFeatures, hidden, layer),
					new Linear(hidden, (this.cutoffs[i + 1] as number) - start, layer),
				);
			}),
		);
	}

	/** How many classes are in the head. */
	get shortlistSize(): number {
		return this.cutoffs[0] as number;
	}

	/** Draws all weights anew. */
	resetParameters(): void {
		for (const module of this.modules())
			if (module instanceof Linear) module.resetParameters();
	}

	override forward(input: Tensor, target: Tensor): AdaptiveLogSoftmaxOutput {
		this.checkShapes(input, target);
		if (target.dim() > 0) return this.batch(input, target);
		const { output, loss } = this.batch(
			input.unsqueeze(0),
			target.unsqueeze(0),
		);
		return { output: output.squeeze(0), loss };
	}

	private batch(input: Tensor, target: Tensor): AdaptiveLogSoftmaxOutput {
		const size = target.size(0);
		let output = input.newZeros([size]);
		let headTarget = target;
		let known = 0;
		for (const [cluster, end] of this.cutoffs.entries()) {
			const start = cluster === 0 ? 0 : (this.cutoffs[cluster - 1] as number);
			const isHere = target.ge(start).logicalAnd(target.lt(end));
			const rows = isHere.nonzero().squeeze(1);
			known += rows.numel();
			if (cluster === 0 || rows.numel() === 0) continue;
			const scores = this.cluster(cluster - 1, input.indexSelect(0, rows));
			const own = target.indexSelect(0, rows).sub(start).unsqueeze(1);
			output = output.indexCopy(0, rows, scores.gather(1, own).squeeze(1));
			headTarget = headTarget.indexFill(
				0,
				rows,
				this.shortlistSize + cluster - 1,
			);
		}
		if (known !== size)
			throw check.invalidValue(
				this.constructor.name,
				"target",
				`expected classes from 0 to ${this.nClasses - 1}, got from ${target.min().item()} to ${target.max().item()}`,
			);
		const head = logSoftmax(this.head(input), 1);
		output = output.add(head.gather(1, headTarget.unsqueeze(1)).squeeze(1));
		return { output, loss: output.neg().mean() };
	}

	/** Log-probabilities of the classes of a cluster, given the cluster. */
	private cluster(i: number, input: Tensor): Tensor {
		return logSoftmax(this.tail.at(i)(input), 1);
	}

	/** Log-probabilities of all classes: [N, nClasses]. */
	logProb(input: Tensor): Tensor {
		return this.fromHead(input, this.head(input));
	}

	private fromHead(input: Tensor, headOutput: Tensor): Tensor {
		const head = logSoftmax(headOutput, 1);
		const { shortlistSize } = this;
		const clusters = [...this.tail].map((_, i) =>
			this.cluster(i, input).add(head.narrow(1, shortlistSize + i, 1)),
		);
		return cat([head.narrow(1, 0, shortlistSize), ...clusters], 1);
	}

	/** The most probable class of each sample: [N]. */
	predict(input: Tensor): Tensor {
		const headOutput = this.head(input);
		const best = headOutput.argmax(1);
		const rest = best.ge(this.shortlistSize).nonzero().squeeze(1);
		if (rest.numel() === 0) return best;
		const logProb = this.fromHead(
			input.indexSelect(0, rest),
			headOutput.indexSelect(0, rest),
		);
		return best.indexCopy(0, rest, logProb.argmax(1));
	}

	private checkShapes(input: Tensor, target: Tensor): void {
		const op = this.constructor.name;
		if (target.dim() > 1)
			throw check.invalidValue(
				op,
				"target",
				`expected 0 or 1 dimensions, got ${target.dim()}`,
			);
		if (input.dim() !== target.dim() + 1)
			throw check.invalidValue(
				op,
				"input",
				`expected ${target.dim() + 1} dimensions with a target of ${target.dim()}, got ${input.dim()}`,
			);
		if (target.dim() === 1 && input.size(0) !== target.size(0))
			throw check.invalidValue(
				op,
				"target",
				`expected ${input.size(0)} targets, one for each sample, got ${target.size(0)}`,
			);
	}
}

function checkCutoffs(
	op: string,
	cutoffs: readonly number[],
	nClasses: number,
): void {
	check.array(op, "cutoffs", cutoffs);
	const isRising = cutoffs.every(
		(cutoff, i) =>
			Number.isInteger(cutoff) &&
			cutoff > (i === 0 ? 0 : (cutoffs[i - 1] as number)) &&
			cutoff < nClasses,
	);
	if (cutoffs.length === 0 || !isRising)
		throw check.invalidValue(
			op,
			"cutoffs",
			`expected integers from 1 to ${nClasses - 1}, each above the one before, got [${cutoffs.join(", ")}]`,
		);
}
