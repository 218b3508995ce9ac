import * as check from "../check.ts";
import { zeros } from "../generated/functions.ts";
import { choice, nullable, real, settings, whole } from "../nn/settings.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Metric, nothingYet } from "./metric.ts";
import { checkClasses, classify } from "./predictions.ts";

export interface ConfusionOptions {
	/** How many classes there are. Default null: as many as are seen. */
	numClasses?: number | null | undefined;
	/** From which score on single scores are class 1. Default 0.5. */
	threshold?: number | undefined;
	/** A target that does not count. Default null: all do. */
	ignoreIndex?: number | null | undefined;
}

export const CONFUSION = {
	numClasses: nullable(whole(2, { min: 1 })),
	threshold: real(0.5),
	ignoreIndex: nullable(whole(0)),
};

/**
 * Counts of samples by class and predicted class: what all that follows from them shares.
 *
 * Predictions are labels (integers), scores of classes [N, C, …], or scores of class 1 (floats of the target's shape).
 */
export abstract class ConfusionMetric<Result> extends Metric<
	[preds: Tensor, target: Tensor],
	Result
> {
	readonly #numClasses: number | null;
	readonly #threshold: number;
	readonly #ignoreIndex: number | null;
	protected counted: Tensor | null = null; // int64 [C, C], row by target
	protected sawOneScore = false;

	/** `options` are this metric's own checked ones too. */
	constructor(options: ConfusionOptions) {
		super();
		this.#numClasses = options.numClasses ?? null;
		this.#threshold = options.threshold ?? 0.5;
		this.#ignoreIndex = options.ignoreIndex ?? null;
	}

	override update(preds: Tensor, target: Tensor): void {
		const given = classify(this.op, preds, target, {
			threshold: this.#threshold,
			ignoreIndex: this.#ignoreIndex,
		});
		const { classes } = given;
		const fixed = this.#numClasses;
		if (fixed !== null && classes !== null && classes !== fixed)
			throw check.invalidValue(
				this.op,
				"preds",
				`expected scores of ${fixed} classes, got ${classes}`,
			);
		if (fixed !== null) {
			checkClasses(this.op, "target", given.target, fixed);
			checkClasses(this.op, "preds", given.preds, fixed);
		}
		if (given.target.numel() === 0) return;
		this.sawOneScore = given.isBinary;
		const seen =
			1 +
			Math.max(
				Number(given.target.max().item()),
				Number(given.preds.max().item()),
			);
		const size = fixed ?? Math.max(seen, classes ?? 0, this.#size);
		const counts = given.target
			.mul(size)
			.add(given.preds)
			.bincount({ minlength: size * size })
			.reshape([size, size]);
		const before = this.#grown(size);
		this.counted = keep(before === null ? counts : before.add(counts));
	}

	get #size(): number {
		return this.counted?.size(0) ?? 0;
	}

	/** The counts so far with as many classes as `size`. */
	#grown(size: number): Tensor | null {
		if (this.counted === null || this.#size === size) return this.counted;
		const larger = zeros([size, size], { dtype: "int64" });
		larger.slice(0, 0, this.#size).slice(1, 0, this.#size).copy_(this.counted);
		return larger;
	}

	/** int64 [C, C], row by target. */
	protected matrix(): Tensor {
		if (this.counted === null) throw nothingYet(this.op);
		return this.counted;
	}

	/** Whether predictions were single scores. */
	protected get isBinary(): boolean {
		return this.sawOneScore;
	}

	override reset(): void {
		this.counted = null;
	}
}

/** What the counts are divided by. */
export type Normalize = "true" | "pred" | "all";

/**
 * How often each class (row) was taken for each (column): a tensor [C, C], int64, or float64 where `normalize` divides by rows ("true"),
 * columns ("pred") or the whole ("all").
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.confusion_matrix.html
 * @example
 * const matrix = new metrics.ConfusionMatrix();
 * matrix.update(torch.tensor([0, 1, 1]), torch.tensor([0, 1, 0]));
 * matrix.compute().tolist(); // [[1, 1], [0, 1]]
 */
export class ConfusionMatrix extends ConfusionMetric<Tensor> {
	readonly #normalize: Normalize | null;

	constructor(
		options: ConfusionOptions & {
			normalize?: Normalize | null | undefined;
		} = {},
	) {
		const { normalize, ...rest } = settings("ConfusionMatrix", options, {
			...CONFUSION,
			normalize: nullable(choice<Normalize>("true", ["true", "pred", "all"])),
		});
		super(rest);
		this.#normalize = normalize;
	}

	override compute(): Tensor {
		const counts = this.matrix();
		if (this.#normalize === null) return counts.clone();
		const floats = counts.to("float64");
		const total =
			this.#normalize === "all"
				? floats.sum()
				: floats.sum(this.#normalize === "true" ? 1 : 0, true);
		return floats.div(total.clamp({ min: 1 })); // of a class without samples all shares are 0
	}
}
