import { choice, settings } from "../nn/settings.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Averaged, mean } from "./averages.ts";
import { area, cumulated, from, oneClass, ScoreMetric } from "./scores.ts";

/** A receiver operating characteristic, from (0, 0) to (1, 1); float64, a point for each threshold. */
export interface RocCurve {
	/** The share of negatives that are taken for positives. */
	fpr: Tensor;
	/** The share of positives that are found. */
	tpr: Tensor;
	/** Falling, after infinity. */
	thresholds: Tensor;
}

function curve(
	op: string,
	scores: Tensor,
	target: Tensor,
	which: string,
): RocCurve {
	const { thresholds, tps, fps, positives, negatives } = cumulated(
		scores,
		target,
	);
	if (positives === 0 || negatives === 0) throw oneClass(op, which);
	return {
		fpr: from(0, fps.div(negatives)),
		tpr: from(0, tps.div(positives)),
		thresholds: from(Number.POSITIVE_INFINITY, thresholds),
	};
}

/**
 * The receiver operating characteristic: one curve for single scores, else a list of each class against the rest.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.roc_curve.html (drop_intermediate=False)
 */
export class ROC extends ScoreMetric<RocCurve[]> {
	override compute(): RocCurve[] {
		const parts = this.oneVsRest();
		return parts.map(({ scores, target }, i) =>
			curve("ROC", scores, target, parts.length > 1 ? ` for class ${i}` : ""),
		);
	}
}

/** How each class's number counts; see `Average`. */
export type CurveAverage = "micro" | "macro" | "weighted" | "none";

export const CURVE_AVERAGE = choice<CurveAverage>("macro", [
	"micro",
	"macro",
	"weighted",
	"none",
]);

export interface CurveOptions<A extends CurveAverage = CurveAverage> {
	/** Of several classes' numbers. Default "macro". */
	average?: A | undefined;
}

/** A number of each class's curve, averaged. */
export abstract class CurveMetric<A extends CurveAverage> extends ScoreMetric<
	Averaged<A>
> {
	readonly #average: CurveAverage;

	constructor(op: string, options: CurveOptions<A>) {
		super();
		this.#average = settings(op, options, { average: CURVE_AVERAGE }).average;
	}

	/** `which`: said of the class in errors. */
	protected abstract score(
		scores: Tensor,
		target: Tensor,
		which: string,
	): number;

	override compute(): Averaged<A> {
		return this.#computed() as Averaged<A>;
	}

	#computed(): number | number[] {
		if (this.#average === "micro") {
			const { scores, target } = this.pooled();
			return this.score(scores, target, "");
		}
		const parts = this.oneVsRest();
		const numbers = parts.map(({ scores, target }, i) =>
			this.score(scores, target, parts.length > 1 ? ` for class ${i}` : ""),
		);
		if (parts.length === 1) return numbers[0] as number;
		if (this.#average === "none") return numbers;
		if (this.#average === "macro") return mean(numbers);
		const supports = parts.map(({ target }) => Number(target.sum().item()));
		return mean(numbers, supports);
	}
}

/**
 * The area under the receiver operating characteristic: how likely a positive has a higher score than a negative. Several classes: each
 * against the rest, averaged.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.roc_auc_score.html
 * @example
 * const auc = new metrics.AUROC();
 * auc.update(torch.tensor([0.1, 0.4, 0.35, 0.8]), torch.tensor([0, 0, 1, 1]));
 * auc.compute(); // 0.75
 */
export class AUROC<A extends CurveAverage = "macro"> extends CurveMetric<A> {
	constructor(options: CurveOptions<A> = {}) {
		super("AUROC", options);
	}

	protected override score(
		scores: Tensor,
		target: Tensor,
		which: string,
	): number {
		const { fpr, tpr } = curve("AUROC", scores, target, which);
		return area(fpr, tpr);
	}
}
