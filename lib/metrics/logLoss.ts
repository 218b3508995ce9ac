import * as check from "../check.ts";
import { flag, settings } from "../nn/settings.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { labels, Metric, nothingYet, sameShape, values } from "./metric.ts";
import { checkClasses } from "./predictions.ts";

export interface LogLossOptions {
	/** Whether predictions are logits, not probabilities. Default false. */
	fromLogits?: boolean | undefined;
}

/**
 * The mean of -log of the probability of the right class: cross-entropy. Predictions are probabilities of classes [N, C, …], which sum up
 * to 1, or of class 1 (the target's shape).
 *
 * Probabilities are cut to [ε, 1 - ε], ε being the precision of their dtype.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html
 */
export class LogLoss extends Metric {
	readonly #fromLogits: boolean;
	protected sum = 0;
	protected count = 0;

	constructor(options: LogLossOptions = {}) {
		super();
		this.#fromLogits = settings("LogLoss", options, {
			fromLogits: flag(false),
		}).fromLogits;
	}

	override update(preds: Tensor, target: Tensor): void {
		const wanted = labels(this.op, "target", target);
		const given = values(this.op, "preds", preds);
		if (!given.isFloatingPoint())
			throw check.invalidType(
				this.op,
				"preds",
				"floating point numbers",
				preds.dtype,
			);
		const right =
			given.dim() === wanted.dim() + 1
				? this.#ofClasses(given, wanted)
				: this.#ofOne(given, wanted);
		this.sum -= right.sum().item() as number;
		this.count += wanted.numel();
	}

	/** log p of the right class, float64. */
	#ofClasses(given: Tensor, target: Tensor): Tensor {
		const classes = given.size(1);
		checkClasses(this.op, "target", target, classes);
		sameShape(
			this.op,
			["preds without their classes", given.select(1, 0)],
			["target", target],
		);
		const index = target.unsqueeze(1);
		if (this.#fromLogits)
			return given.to("float64").logSoftmax(1).gather(1, index);
		checkProbabilities(this.op, given);
		const total = given.sum(1);
		if (total.sub(1).abs().gt(1e-3).any().item())
			throw check.invalidValue(
				this.op,
				"preds",
				"expected probabilities that sum up to 1; fromLogits: true takes logits",
			);
		const clipped = clip(given);
		return clipped.div(total.to("float64").unsqueeze(1)).gather(1, index).log();
	}

	#ofOne(given: Tensor, target: Tensor): Tensor {
		sameShape(this.op, ["preds", given], ["target", target]);
		checkClasses(this.op, "target", target, 2);
		const isOne = target.to("float64");
		if (this.#fromLogits) {
			const sign = isOne.mul(2).sub(1);
			return given.to("float64").mul(sign).neg().exp().log1p().neg();
		}
		checkProbabilities(this.op, given);
		const clipped = clip(given);
		const right = clipped
			.mul(isOne)
			.add(clipped.neg().add(1).mul(isOne.neg().add(1)));
		return right.log();
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

const EPSILON: Readonly<Record<string, number>> = {
	float64: 2 ** -52,
	float32: 2 ** -23,
	float16: 2 ** -10,
	bfloat16: 2 ** -7,
};

function clip(p: Tensor): Tensor {
	const eps = EPSILON[p.dtype] ?? 2 ** -23;
	return p.to("float64").clamp(eps, 1 - eps);
}

export function checkProbabilities(op: string, p: Tensor): void {
	if (p.numel() === 0) return;
	const least = p.min().item() as number;
	const most = p.max().item() as number;
	if (least < 0 || most > 1)
		throw check.invalidValue(
			op,
			"preds",
			`expected probabilities from 0 to 1, got ${least < 0 ? least : most}`,
		);
}
