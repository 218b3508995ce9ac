import { bucketize, linspace, zeros } from "../generated/functions.ts";
import { choice, settings, whole } from "../nn/settings.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkProbabilities } from "./logLoss.ts";
import { labels, Metric, nothingYet, sameShape, values } from "./metric.ts";
import { checkClasses } from "./predictions.ts";

export interface CalibrationOptions {
	/** Bins of equal width between 0 and 1. Default 15. */
	numBins?: number | undefined;
	/** The mean of bins' errors ("l1"), the root of the mean of their squares ("l2"), or the largest ("max"). Default "l1". */
	norm?: "l1" | "l2" | "max" | undefined;
}

/** Of the bins that have samples, float64. */
export interface CalibrationCurve {
	/** What was foretold. */
	confidence: Tensor;
	/** What came. */
	accuracy: Tensor;
	/** How many samples. */
	count: Tensor;
}

/**
 * How far probabilities are from the shares that come true, bin by bin (the expected calibration error). Predictions are probabilities of
 * classes [N, C, …], whose highest one counts, or of class 1 (the target's shape).
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/calibration_error.html
 */
export class CalibrationError extends Metric {
	readonly #bins: number;
	readonly #norm: "l1" | "l2" | "max";
	protected sums: Tensor; // float64 [3, bins + 1]: samples, sum of confidences, number of right ones; 1 itself has a bin

	constructor(options: CalibrationOptions = {}) {
		super();
		const given = settings("CalibrationError", options, {
			numBins: whole(15, { min: 1 }),
			norm: choice<"l1" | "l2" | "max">("l1", ["l1", "l2", "max"]),
		});
		this.#bins = given.numBins;
		this.#norm = given.norm;
		this.sums = this.#empty();
	}

	#empty(): Tensor {
		return keep(zeros([3, this.#bins + 1], { dtype: "float64" }));
	}

	override update(preds: Tensor, target: Tensor): void {
		const wanted = labels(this.op, "target", target);
		const given = values(this.op, "preds", preds);
		checkProbabilities(this.op, given);
		let confidence = given;
		let isRight = wanted;
		if (given.dim() === wanted.dim() + 1) {
			checkClasses(this.op, "target", wanted, given.size(1));
			const [highest, found] = given.max(1);
			confidence = highest;
			sameShape(
				this.op,
				["preds without their classes", highest],
				["target", wanted],
			);
			isRight = found.eq(wanted);
		} else {
			sameShape(this.op, ["preds", given], ["target", wanted]);
			checkClasses(this.op, "target", wanted, 2);
		}
		const flat = confidence.flatten();
		// Edges in the dtype of the predictions, as torchmetrics has them: what lies on one falls the same way.
		const edges = linspace(0, 1, this.#bins + 1, { dtype: flat.dtype });
		const bin = bucketize(flat, edges, { right: true }).sub(1);
		const ones = flat.to("float64").mul(0).add(1);
		const parts = [ones, flat.to("float64"), isRight.flatten().to("float64")];
		for (const [i, part] of parts.entries())
			this.sums.select(0, i).indexAdd_(0, bin, part);
	}

	/** Bin by bin: what a reliability diagram shows. */
	curve(): CalibrationCurve {
		const [count, confidence, right] = this.sums.unbind(0) as [
			Tensor,
			Tensor,
			Tensor,
		];
		const isThere = count.gt(0);
		const there = count.index(isThere);
		if (there.numel() === 0) throw nothingYet(this.op);
		return {
			confidence: confidence.index(isThere).div(there),
			accuracy: right.index(isThere).div(there),
			count: there,
		};
	}

	override compute(): number {
		const { confidence, accuracy, count } = this.curve();
		const error = accuracy.sub(confidence).abs();
		if (this.#norm === "max") return error.max().item() as number;
		const share = count.div(count.sum());
		if (this.#norm === "l1") return error.mul(share).sum().item() as number;
		return Math.sqrt(error.square().mul(share).sum().item() as number);
	}

	override reset(): void {
		this.sums = this.#empty();
	}
}
