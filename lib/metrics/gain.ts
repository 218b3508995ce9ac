import * as check from "../check.ts";
import { arange } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { noData } from "./metric.ts";
import { from, ScoreMetric } from "./scores.ts";

/** What acting on the highest scores gains; float64, a point for each number of samples, from 0 on. */
export interface Gain {
	/** The share of samples acted on. */
	fraction: Tensor;
	/** The share of positives among them, of all positives. */
	gain: Tensor;
}

/** The samples by falling score: their share, and that of all positives. */
function gained(op: string, scores: Tensor, target: Tensor): Gain {
	const count = target.numel();
	const positives = Number(target.sum().item());
	if (positives === 0) throw noData(op, "there is no positive target");
	const order = scores.sort({ stable: true, dim: 0, descending: true })[1];
	const hits = target.indexSelect(0, order).to("float64").cumsum(0);
	return {
		fraction: from(0, arange(1, count + 1, { dtype: "float64" }).div(count)),
		gain: from(0, hits.div(positives)),
	};
}

/** Curves of class 1's scores. */
abstract class GainMetric<Result> extends ScoreMetric<Result> {
	protected gained(): Gain {
		const parts = this.oneVsRest();
		const { scores, target } = parts.at(-1) as (typeof parts)[number];
		if (parts.length > 2)
			throw check.invalidValue(
				this.op,
				"preds",
				`expected scores of class 1, or of two classes, got ${parts.length} classes`,
			);
		return gained(this.op, scores, target);
	}
}

/**
 * Cumulative gain: which share of the positives is among each share of samples of the highest scores. Scores are of class 1, or of two
 * classes.
 */
export class CumulativeGain extends GainMetric<Gain> {
	override compute(): Gain {
		return this.gained();
	}
}

/** Gain by chance: how many times as many positives. */
export interface Lift {
	/** The share of samples acted on. */
	fraction: Tensor;
	lift: Tensor;
}

/**
 * How many times more positives are among each share of samples of the highest scores than among as many taken by chance.
 *
 * ```ts
 * const lift = new metrics.LiftCurve();
 * lift.update(torch.tensor([0.9, 0.8, 0.3, 0.1]), torch.tensor([1, 0, 0, 0]));
 * lift.compute().lift.tolist(); // [4, 2, 1.3333, 1]
 * ```
 */
export class LiftCurve extends GainMetric<Lift> {
	override compute(): Lift {
		const { fraction, gain } = this.gained();
		const from1 = fraction.slice(0, 1);
		return { fraction: from1, lift: gain.slice(0, 1).div(from1) };
	}
}
