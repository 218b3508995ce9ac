import type { Tensor } from "../tensor/tensor.ts";
import { noData } from "./metric.ts";
import { type CurveAverage, CurveMetric, type CurveOptions } from "./roc.ts";
import { cumulated, from, ScoreMetric } from "./scores.ts";

/** Precision and recall by rising threshold, and at the end 1 and 0, which has no threshold; float64. */
export interface PrecisionRecall {
	precision: Tensor;
	recall: Tensor;
	/** One less than points. */
	thresholds: Tensor;
}

function curve(
	op: string,
	scores: Tensor,
	target: Tensor,
	which: string,
): PrecisionRecall {
	const { thresholds, tps, fps, positives } = cumulated(scores, target);
	if (positives === 0) throw noData(op, `there is no positive target${which}`);
	return {
		precision: from(1, tps.div(tps.add(fps))).flip([0]),
		recall: from(0, tps.div(positives)).flip([0]),
		thresholds: thresholds.flip([0]),
	};
}

/**
 * Precision by recall: one curve for single scores, else a list of each class against the rest.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_recall_curve.html
 */
export class PrecisionRecallCurve extends ScoreMetric<PrecisionRecall[]> {
	override compute(): PrecisionRecall[] {
		const parts = this.oneVsRest();
		return parts.map(({ scores, target }, i) =>
			curve(
				"PrecisionRecallCurve",
				scores,
				target,
				parts.length > 1 ? ` for class ${i}` : "",
			),
		);
	}
}

/**
 * The mean of precision over recall, without interpolation: for data with few positives more telling than `AUROC`.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html
 */
export class AveragePrecision<
	A extends CurveAverage = "macro",
> extends CurveMetric<A> {
	constructor(options: CurveOptions<A> = {}) {
		super("AveragePrecision", options);
	}

	protected override score(
		scores: Tensor,
		target: Tensor,
		which: string,
	): number {
		const { precision, recall } = curve(
			"AveragePrecision",
			scores,
			target,
			which,
		);
		const steps = recall.slice(0, 0, -1).sub(recall.slice(0, 1));
		return steps
			.mul(precision.slice(0, 0, -1))
			.sum()
			.item() as number;
	}
}
