import { real, settings } from "../nn/settings.ts";
import { AVERAGE, type Average, type Averaged, divided } from "./averages.ts";
import {
	CONFUSION,
	ConfusionMetric,
	type ConfusionOptions,
} from "./confusion.ts";
import { averaged, type Counts, countsOf } from "./counts.ts";

export interface AveragedOptions<A extends Average = Average>
	extends ConfusionOptions {
	/** Default: "binary" for single scores, else "macro". */
	average?: A | undefined;
	/** The result where there is nothing to divide by, such as no sample of a class. Default 0. */
	zeroDivision?: number | undefined;
}

const AVERAGED = { ...CONFUSION, average: AVERAGE, zeroDivision: real(0) };

/** A score of each class's counts, averaged. */
abstract class ClassMetric<A extends Average> extends ConfusionMetric<
	Averaged<A>
> {
	readonly #average: Average | undefined;
	protected readonly zeroDivision: number;

	constructor(op: string, options: AveragedOptions<A>) {
		const { average, zeroDivision, ...rest } = settings(op, options, AVERAGED);
		super(rest);
		this.#average = average;
		this.zeroDivision = zeroDivision;
	}

	protected abstract score(counts: Counts): number;

	override compute(): Averaged<A> {
		const counts = countsOf(this.matrix());
		const average = this.#average ?? (this.isBinary ? "binary" : "macro");
		return averaged(this.op, counts, average, (count) =>
			this.score(count),
		) as Averaged<A>;
	}
}

/**
 * Of what was taken for a class, the share that is of it: tp / (tp + fp).
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_score.html
 */
export class Precision<A extends Average = "macro"> extends ClassMetric<A> {
	constructor(options: AveragedOptions<A> = {}) {
		super("Precision", options);
	}

	protected override score({ tp, fp }: Counts): number {
		return divided(tp, tp + fp, this.zeroDivision);
	}
}

/**
 * Of what is of a class, the share that was found: tp / (tp + fn).
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.recall_score.html
 */
export class Recall<A extends Average = "macro"> extends ClassMetric<A> {
	constructor(options: AveragedOptions<A> = {}) {
		super("Recall", options);
	}

	protected override score({ tp, fn }: Counts): number {
		return divided(tp, tp + fn, this.zeroDivision);
	}
}

/** Of what is not of a class, the share that was not taken for it: tn / (tn + fp). */
export class Specificity<A extends Average = "macro"> extends ClassMetric<A> {
	constructor(options: AveragedOptions<A> = {}) {
		super("Specificity", options);
	}

	protected override score({ tn, fp }: Counts): number {
		return divided(tn, tn + fp, this.zeroDivision);
	}
}

/**
 * The harmonic mean of precision and recall, recall counting `beta` times as much.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.fbeta_score.html
 * @example
 * const f2 = new metrics.FBetaScore(2, { average: "none" });
 * f2.update(torch.tensor([0, 1, 1]), torch.tensor([0, 1, 0]));
 * f2.compute(); // [0.5556, 0.8333]
 */
export class FBetaScore<A extends Average = "macro"> extends ClassMetric<A> {
	readonly beta: number;

	constructor(beta: number, options: AveragedOptions<A> = {}) {
		super("FBetaScore", options);
		real(1, { min: 0 }).check("FBetaScore", "beta", beta);
		this.beta = beta;
	}

	protected override score({ tp, fp, fn }: Counts): number {
		const square = this.beta ** 2;
		return divided(
			(1 + square) * tp,
			(1 + square) * tp + square * fn + fp,
			this.zeroDivision,
		);
	}
}

/** `FBetaScore` with beta 1. */
export class F1Score<A extends Average = "macro"> extends FBetaScore<A> {
	constructor(options: AveragedOptions<A> = {}) {
		super(1, options);
	}
}

/**
 * Intersection over union of each class, for segmentation: tp / (tp + fp + fn).
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.jaccard_score.html
 */
export class JaccardIndex<A extends Average = "macro"> extends ClassMetric<A> {
	constructor(options: AveragedOptions<A> = {}) {
		super("JaccardIndex", options);
	}

	protected override score({ tp, fp, fn }: Counts): number {
		return divided(tp, tp + fp + fn, this.zeroDivision);
	}
}

/** Twice the intersection by the sum of both, for segmentation: 2 tp / (2 tp + fp + fn), which is F1. */
export class DiceScore<A extends Average = "macro"> extends ClassMetric<A> {
	constructor(options: AveragedOptions<A> = {}) {
		super("DiceScore", options);
	}

	protected override score({ tp, fp, fn }: Counts): number {
		return divided(2 * tp, 2 * tp + fp + fn, this.zeroDivision);
	}
}
