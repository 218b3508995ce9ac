import * as check from "../check.ts";
import { cat, zeros } from "../generated/functions.ts";
import { oneHot } from "../nn/functional/index.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
	labels,
	Metric,
	noData,
	nothingYet,
	reals,
	sameShape,
} from "./metric.ts";
import { checkClasses } from "./predictions.ts";

/**
 * Scores and targets of all samples, which curves over all thresholds need.
 *
 * Scores are of class 1 (floats of the target's shape), or of classes [N, C, …]; whether logits or probabilities does not matter, since
 * only their order does.
 */
export abstract class ScoreMetric<Result> extends Metric<
	[preds: Tensor, target: Tensor],
	Result
> {
	protected scores: Tensor[] = []; // float64 [n] or [n, C] each
	protected targets: Tensor[] = []; // int64 [n] each

	override update(preds: Tensor, target: Tensor): void {
		const wanted = labels(this.op, "target", target);
		let scores = reals(this.op, "preds", preds);
		if (scores.dim() === wanted.dim() + 1) {
			const classes = scores.size(1);
			scores = scores.movedim(1, -1);
			sameShape(
				this.op,
				["preds without their classes", scores.select(-1, 0)],
				["target", wanted],
			);
			scores = scores.reshape([-1, classes]);
			checkClasses(this.op, "target", wanted, classes);
		} else {
			sameShape(this.op, ["preds", scores], ["target", wanted]);
			scores = scores.flatten();
			checkClasses(this.op, "target", wanted, 2);
		}
		const kind = (x: Tensor) =>
			x.dim() === 1 ? "single scores" : `scores of ${x.size(1)} classes`;
		const [before] = this.scores;
		if (before !== undefined && kind(before) !== kind(scores))
			throw check.invalidValue(
				this.op,
				"preds",
				`expected ${kind(before)}, as before, got ${kind(scores)}`,
			);
		if (wanted.numel() === 0) return;
		// Copies: a batch's memory may be used again.
		this.scores.push(keep(scores.clone()));
		this.targets.push(keep(wanted.flatten().clone()));
	}

	/** Scores, float64 [N] or [N, C], and targets, int64 [N]. */
	protected samples(): { scores: Tensor; target: Tensor } {
		if (this.scores.length === 0) throw nothingYet(this.op);
		return { scores: cat(this.scores), target: cat(this.targets) };
	}

	/** Each class against the rest; a single one for single scores. */
	protected oneVsRest(): { scores: Tensor; target: Tensor }[] {
		const { scores, target } = this.samples();
		if (scores.dim() === 1) return [{ scores, target }];
		return scores.unbind(1).map((column, i) => ({
			scores: column,
			target: target.eq(i).to("int64"),
		}));
	}

	/** All decisions of all classes as if they were of one. */
	protected pooled(): { scores: Tensor; target: Tensor } {
		const { scores, target } = this.samples();
		return scores.dim() === 1
			? { scores, target }
			: {
					scores: scores.flatten(),
					target: oneHot(target, scores.size(1)).flatten(),
				};
	}

	override reset(): void {
		this.scores = [];
		this.targets = [];
	}
}

/** How many are right and wrong among those from each threshold on, by falling threshold. */
export interface Cumulated {
	/** float64 [thresholds], without repetitions. */
	thresholds: Tensor;
	tps: Tensor;
	fps: Tensor;
	positives: number;
	negatives: number;
}

export function cumulated(scores: Tensor, target: Tensor): Cumulated {
	const [sorted, order] = scores.sort({
		stable: true,
		dim: 0,
		descending: true,
	});
	const hits = target.indexSelect(0, order).to("float64").cumsum(0);
	// The last one of each run of equal scores.
	const isLast = cat([
		sorted.slice(0, 1).ne(sorted.slice(0, 0, -1)),
		zeros([1], { dtype: "bool" }).logicalNot(),
	]);
	const places = isLast.nonzero().squeeze(1);
	const tps = hits.indexSelect(0, places);
	const fps = places.add(1).sub(tps);
	const positives = Number(target.sum().item());
	return {
		thresholds: sorted.indexSelect(0, places),
		tps,
		fps: fps.to("float64"),
		positives,
		negatives: target.numel() - positives,
	};
}

/** A curve's beginning, then `rest`. */
export function from(start: number, rest: Tensor): Tensor {
	return cat([zeros([1], { dtype: "float64" }).add(start), rest]);
}

/** The area under a curve through points, by trapezes. */
export function area(x: Tensor, y: Tensor): number {
	const width = x.slice(0, 1).sub(x.slice(0, 0, -1));
	const height = y
		.slice(0, 1)
		.add(y.slice(0, 0, -1))
		.div(2);
	return width.mul(height).sum().item() as number;
}

export function oneClass(op: string, which: string): Error {
	return noData(op, `the targets are of one class only${which}`);
}
