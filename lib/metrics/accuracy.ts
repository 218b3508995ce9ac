import * as check from "../check.ts";
import { zeros } from "../generated/functions.ts";
import { choice, settings, whole } from "../nn/settings.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { divided, mean, sum } from "./averages.ts";
import { CONFUSION, type ConfusionOptions } from "./confusion.ts";
import { Metric, nothingYet } from "./metric.ts";
import { checkClasses, classify } from "./predictions.ts";

export interface AccuracyOptions<
	A extends "micro" | "macro" | "none" = "micro" | "macro" | "none",
> extends ConfusionOptions {
	/** A prediction is right if the target is among the classes of the `topK` highest scores. Default 1. */
	topK?: number | undefined;
	/** "micro": of all samples; "macro": the mean over classes, for skewed data; "none": class by class. Default "micro". */
	average?: A | undefined;
}

/**
 * The share of right predictions. With `average: "macro"` it is the balanced accuracy.
 *
 * Predictions are labels, scores of classes [N, C, …], or scores of class 1 (floats of the target's shape).
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html
 * @example
 * const top5 = new metrics.Accuracy({ topK: 5 });
 * top5.update(torch.randn([8, 100]), torch.randint(100, [8]));
 * top5.compute();
 */
export class Accuracy<
	A extends "micro" | "macro" | "none" = "micro",
> extends Metric<
	[preds: Tensor, target: Tensor],
	A extends "none" ? number[] : number
> {
	readonly #options: Required<AccuracyOptions>;
	protected right: Tensor | null = null; // int64 [C], by target
	protected all: Tensor | null = null; // int64 [C]

	constructor(options: AccuracyOptions<A> = {}) {
		super();
		this.#options = settings("Accuracy", options, {
			...CONFUSION,
			topK: whole(1, { min: 1 }),
			average: choice<"micro" | "macro" | "none">("micro", [
				"micro",
				"macro",
				"none",
			]),
		});
	}

	override update(preds: Tensor, target: Tensor): void {
		const { topK, threshold, ignoreIndex, numClasses } = this.#options;
		const given = classify(this.op, preds, target, {
			threshold: threshold as number,
			ignoreIndex: ignoreIndex as number | null,
		});
		const { scores, classes } = given;
		const k = topK as number;
		if (k > 1 && (scores === null || k > (classes as number)))
			throw check.invalidValue(
				this.op,
				"preds",
				`expected scores of ${k} or more classes, [N, C], for topK ${k}, got [${preds.shape.join(", ")}]`,
			);
		if (given.target.numel() === 0) return;
		if (numClasses !== null)
			checkClasses(this.op, "target", given.target, numClasses as number);
		const isRight =
			k === 1
				? given.preds.eq(given.target)
				: (scores as Tensor).topk(k, 1)[1].eq(given.target.unsqueeze(1)).any(1);
		const size = Math.max(
			(numClasses as number | null) ?? 0,
			classes ?? 0,
			Number(given.target.max().item()) + 1,
			this.all?.numel() ?? 0,
		);
		const count = (labels: Tensor) => labels.bincount({ minlength: size });
		this.right = keep(added(this.right, count(given.target.index(isRight))));
		this.all = keep(added(this.all, count(given.target)));
	}

	override compute(): A extends "none" ? number[] : number {
		if (this.right === null || this.all === null) throw nothingYet(this.op);
		const right = this.right.toArray().map(Number);
		const all = this.all.toArray().map(Number);
		const shares = right.map((count, i) => divided(count, all[i] as number));
		const { average } = this.#options;
		const result =
			average === "none"
				? shares
				: average === "macro"
					? mean(
							shares,
							all.map((count) => (count > 0 ? 1 : 0)),
						)
					: sum(right) / sum(all);
		return result as A extends "none" ? number[] : number;
	}

	override reset(): void {
		this.right = null;
		this.all = null;
	}
}

/** Counts by class, of which there may be more now. */
function added(before: Tensor | null, counts: Tensor): Tensor {
	if (before === null) return counts;
	const grown = zeros([counts.numel()], { dtype: "int64" });
	grown.slice(0, 0, before.numel()).copy_(before);
	return grown.add(counts);
}
