import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import { deepcopy } from "../../nn/index.ts";
import { hyperValue } from "../../optim/hyper.ts";
import type { OptimizerStateDict } from "../../optim/index.ts";
import { setRate } from "../../optim/lrScheduler/lrScheduler.ts";
import { getRngState, setRngState } from "../../random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { BatchEvent, Callback, Run } from "../callback.ts";
import { Weights } from "./weights.ts";

export interface LRFinderOptions {
	/** The first rate. Default 1e-7. */
	startLr?: number | undefined;
	/** The last rate. Default 10. */
	endLr?: number | undefined;
	/** Steps from the first rate to the last. Default 100. */
	numSteps?: number | undefined;
	/** How much of the running mean of losses stays at each step. Default 0.9. */
	smoothing?: number | undefined;
	/** Ends when the smoothed loss is so many times the lowest one. Default 4. */
	divergence?: number | undefined;
}

/**
 * Tries learning rates, from tiny to far too large, a step of the optimizer each, and suggests one. The model, the optimizer and the random numbers are
 * afterwards as they were before.
 *
 * The rates are the first parameter group's; those of the other groups keep their proportion to it.
 *
 * ```ts
 * const finder = new train.LRFinder();
 * await train.fit(model, { data, loss, optimizer, epochs: 10, callbacks: [finder] }); // ends after numSteps, or when the loss explodes
 * optimizer.paramGroups[0].lr = finder.suggestion ?? 0.001;
 * ```
 *
 * @see Smith, Cyclical Learning Rates for Training Neural Networks, https://arxiv.org/abs/1506.01186
 */
export class LRFinder implements Callback {
	/** The rates that were tried. */
	readonly rates: number[] = [];
	/** The smoothed loss with each. */
	readonly losses: number[] = [];
	readonly #options: Required<{
		[Name in keyof LRFinderOptions]: number;
	}>;
	readonly #weights = new Weights();
	#optimizer: OptimizerStateDict | null = null;
	#random: Tensor | null = null;
	#proportions: number[] = [];
	#mean = 0;

	constructor(options: LRFinderOptions = {}) {
		const op = "LRFinder";
		check.options(op, options, [
			"startLr",
			"endLr",
			"numSteps",
			"smoothing",
			"divergence",
		]);
		const {
			startLr = 1e-7,
			endLr = 10,
			numSteps = 100,
			smoothing = 0.9,
			divergence = 4,
		} = options;
		check.number(op, "startLr", startLr, { min: Number.MIN_VALUE });
		check.number(op, "endLr", endLr, { min: startLr });
		check.integer(op, "numSteps", numSteps, { min: 2 });
		check.number(op, "smoothing", smoothing, { min: 0, max: 1 - 1e-9 });
		check.number(op, "divergence", divergence, { min: 1 });
		this.#options = { startLr, endLr, numSteps, smoothing, divergence };
	}

	/** The rate at which the loss falls fastest; null where it never falls. */
	get suggestion(): number | null {
		let steepest = 0;
		let found: number | null = null;
		for (let i = 1; i + 1 < this.rates.length; i++) {
			const slope =
				((this.losses[i + 1] as number) - (this.losses[i - 1] as number)) / 2;
			if (slope < steepest) {
				steepest = slope;
				found = this.rates[i] as number;
			}
		}
		return found;
	}

	onTrainBegin(run: Run): void {
		if (run.scheduler !== null)
			throw new TorchError("expected no scheduler: the finder sets the rate", {
				code: "ERR_INVALID_ARG_VALUE",
				op: "LRFinder",
				argument: "scheduler",
			});
		this.rates.length = 0;
		this.losses.length = 0;
		this.#mean = 0;
		this.#weights.copy(run.model);
		this.#optimizer = deepcopy(run.optimizer.stateDict());
		this.#random = getRngState();
		const rates = run.optimizer.paramGroups.map(({ lr }) => hyperValue(lr));
		const first = rates[0] || 1;
		this.#proportions = rates.map((rate) => rate / first);
	}

	onBatchBegin(run: Run): void {
		const { startLr, endLr, numSteps } = this.#options;
		const share = this.rates.length / (numSteps - 1);
		const rate = startLr * (endLr / startLr) ** share;
		for (const [i, group] of run.optimizer.paramGroups.entries())
			setRate(group, rate * (this.#proportions[i] as number));
	}

	onBatchEnd(run: Run, { loss }: BatchEvent): void {
		if (run.isAccumulating) return;
		const { smoothing, numSteps, divergence } = this.#options;
		const count = this.rates.length + 1;
		this.#mean = smoothing * this.#mean + (1 - smoothing) * Number(loss.item());
		const smoothed = this.#mean / (1 - smoothing ** count);
		if (!Number.isFinite(smoothed)) {
			run.stop("the loss is not finite any more");
			return;
		}
		this.rates.push(hyperValue(run.optimizer.paramGroups[0]?.lr ?? 0));
		this.losses.push(smoothed);
		const lowest = Math.min(...this.losses);
		if (smoothed > divergence * lowest) run.stop("the loss explodes");
		else if (count === numSteps) run.stop("all rates were tried");
	}

	onTrainEnd(run: Run): void {
		if (this.#optimizer === null) return;
		this.#weights.restore(run.model);
		this.#weights.forget();
		run.optimizer.loadStateDict(this.#optimizer);
		this.#optimizer = null;
		if (this.#random !== null) setRngState(this.#random);
	}
}
