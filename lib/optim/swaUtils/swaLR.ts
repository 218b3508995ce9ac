import * as check from "../../check.ts";
import { type EpochOptions, perGroup } from "../lrScheduler/arguments.ts";
import { EpochScheduler } from "../lrScheduler/epochScheduler.ts";
import { checkOptimizer } from "../lrScheduler/lrScheduler.ts";
import type { Optimizer } from "../optimizer.ts";

export interface SWALROptions extends EpochOptions {
	/** Epochs until the rate is reached. Default: 10. */
	annealEpochs?: number;
	/** Default: "cos". */
	annealStrategy?: "cos" | "linear";
}

/**
 * Goes from the present rate to a fixed one, at which weights are averaged.
 *
 * @param swaLr the rate, or one for each parameter group
 * @see torch.optim.swa_utils.SWALR
 * @example
 * const scheduler = new SWALR(optimizer, 0.05, { annealEpochs: 20 });
 */
export class SWALR extends EpochScheduler {
	protected _annealStrategy: "cos" | "linear";
	annealEpochs: number;

	constructor(
		optimizer: Optimizer,
		swaLr: number | number[],
		options: SWALROptions = {},
	) {
		const op = new.target.name;
		const {
			annealEpochs = 10,
			annealStrategy = "cos",
			lastEpoch = -1,
		} = options;
		checkOptimizer(op, optimizer);
		check.options(op, options, ["annealEpochs", "annealStrategy", "lastEpoch"]);
		const rates = perGroup(op, "swaLr", swaLr, optimizer);
		check.oneOf(op, "annealStrategy", annealStrategy, ["cos", "linear"]);
		check.integer(op, "annealEpochs", annealEpochs, { min: 0 });
		for (const [i, group] of optimizer.paramGroups.entries())
			group.swaLr = rates[i] as number;
		super(optimizer, lastEpoch);
		this._annealStrategy = annealStrategy;
		this.annealEpochs = annealEpochs;
		this.start();
	}

	override getLr(): number[] {
		const { annealEpochs } = this;
		const step =
			annealEpochs === 0
				? Math.max(1, this._stepCount - 1)
				: this._stepCount - 1;
		const before = this.#share(step - 1);
		const now = this.#share(step);
		const rates = this.rates();
		return this.optimizer.paramGroups.map(({ swaLr = 0 }, i) => {
			const rate = rates[i] as number;
			const start =
				before === 1 ? swaLr : (rate - before * swaLr) / (1 - before);
			return swaLr * now + start * (1 - now);
		});
	}

	/** How much of the way is gone after so many steps, from 0 to 1. */
	#share(step: number): number {
		const t = Math.max(0, Math.min(1, step / Math.max(1, this.annealEpochs)));
		return this._annealStrategy === "cos" ? (1 - Math.cos(Math.PI * t)) / 2 : t;
	}
}
