import * as check from "../check.ts";
import { choice, flag, settings } from "../nn/settings.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Metric, noData, nothingYet, reals, sameShape } from "./metric.ts";

/** A mean over all elements. */
abstract class MeanMetric extends Metric {
	protected sum = 0;
	protected count = 0;

	/** What is averaged, float64. */
	protected abstract error(preds: Tensor, target: Tensor): Tensor;

	override update(preds: Tensor, target: Tensor): void {
		const a = reals(this.op, "preds", preds);
		const b = reals(this.op, "target", target);
		sameShape(this.op, ["preds", a], ["target", b]);
		this.sum += this.error(a, b).sum().item() as number;
		this.count += a.numel();
	}

	override compute(): number {
		if (this.count === 0) throw nothingYet(this.op);
		return this.sum / this.count;
	}

	override reset(): void {
		this.sum = 0;
		this.count = 0;
	}
}

/** The mean of squared errors, or with `squared: false` its root. Predictions and targets are floats of one shape. */
export class MeanSquaredError extends MeanMetric {
	readonly #squared: boolean;

	constructor(options: { squared?: boolean | undefined } = {}) {
		super();
		this.#squared = settings("MeanSquaredError", options, {
			squared: flag(true),
		}).squared;
	}

	protected override error(preds: Tensor, target: Tensor): Tensor {
		return preds.sub(target).square();
	}

	override compute(): number {
		const mean = super.compute();
		return this.#squared ? mean : Math.sqrt(mean);
	}
}

/** The mean of absolute errors. */
export class MeanAbsoluteError extends MeanMetric {
	protected override error(preds: Tensor, target: Tensor): Tensor {
		return preds.sub(target).abs();
	}
}

/** How several outputs' numbers count: their mean, their mean by variance, or each by itself. */
export type MultiOutput = "uniformAverage" | "varianceWeighted" | "rawValues";

export interface R2Options<M extends MultiOutput = MultiOutput> {
	/** Default "uniformAverage". */
	multioutput?: M | undefined;
}

/**
 * The share of the targets' variance that is explained: 1 - Σ(y - ŷ)² / Σ(y - ȳ)². Predictions and targets are [N] or [N, outputs].
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html
 */
export class R2Score<M extends MultiOutput = "uniformAverage"> extends Metric<
	[preds: Tensor, target: Tensor],
	M extends "rawValues" ? number[] : number
> {
	readonly #multioutput: MultiOutput;
	protected count = 0;
	protected mean: Tensor | null = null; // float64 [outputs]
	protected squares: Tensor | null = null; // of the targets' distances from their mean
	protected residuals: Tensor | null = null;

	constructor(options: R2Options<M> = {}) {
		super();
		this.#multioutput = settings("R2Score", options, {
			multioutput: choice<MultiOutput>("uniformAverage", [
				"uniformAverage",
				"varianceWeighted",
				"rawValues",
			]),
		}).multioutput;
	}

	override update(preds: Tensor, target: Tensor): void {
		const a = reals(this.op, "preds", preds);
		const b = reals(this.op, "target", target);
		sameShape(this.op, ["preds", a], ["target", b]);
		if (b.dim() !== 1 && b.dim() !== 2)
			throw check.invalidValue(
				this.op,
				"target",
				`expected [N] or [N, outputs], got [${b.shape.join(", ")}]`,
			);
		const outputs = b.dim() === 1 ? 1 : b.size(1);
		if (this.mean !== null && this.mean.numel() !== outputs)
			throw check.invalidValue(
				this.op,
				"target",
				`expected ${this.mean.numel()} outputs, as before, got ${outputs}`,
			);
		const y = b.reshape([-1, outputs]);
		const count = y.size(0);
		if (count === 0) return;
		const residuals = y
			.sub(a.reshape([-1, outputs]))
			.square()
			.sum(0);
		const mean = y.mean(0);
		const squares = y.sub(mean).square().sum(0);
		const all = this.count + count;
		if (this.mean === null) {
			this.mean = mean;
			this.squares = squares;
			this.residuals = residuals;
		} else {
			// Chan's update: sums of squares themselves would lose digits.
			const apart = mean.sub(this.mean);
			this.squares = (this.squares as Tensor)
				.add(squares)
				.add(apart.square().mul((this.count * count) / all));
			this.mean = this.mean.add(apart.mul(count / all));
			this.residuals = (this.residuals as Tensor).add(residuals);
		}
		for (const kept of [this.mean, this.squares, this.residuals])
			keep(kept as Tensor);
		this.count = all;
	}

	override compute(): M extends "rawValues" ? number[] : number {
		return this.#computed() as M extends "rawValues" ? number[] : number;
	}

	#computed(): number | number[] {
		if (this.squares === null || this.residuals === null)
			throw nothingYet(this.op);
		if (this.count < 2)
			throw noData(this.op, "one sample has no variance: two are needed");
		const squares = this.squares.toArray() as number[];
		const residuals = this.residuals.toArray() as number[];
		const scores = squares.map((square, i) => {
			const residual = residuals[i] as number;
			return square === 0 ? (residual === 0 ? 1 : 0) : 1 - residual / square;
		});
		if (this.#multioutput === "rawValues") return scores;
		const weights =
			this.#multioutput === "varianceWeighted" &&
			squares.some((square) => square > 0)
				? squares
				: squares.map(() => 1);
		const total = weights.reduce((sum, weight) => sum + weight, 0);
		return scores.reduce(
			(sum, score, i) => sum + (score * (weights[i] as number)) / total,
			0,
		);
	}

	override reset(): void {
		this.count = 0;
		this.mean = null;
		this.squares = null;
		this.residuals = null;
	}
}
