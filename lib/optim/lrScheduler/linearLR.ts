import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import type { EpochOptions } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";

export interface LinearLROptions extends EpochOptions {
	/** Above 0 and at most 1. Default: 1/3. */
	startFactor?: number;
	/** From 0 to 1. Default: 1. */
	endFactor?: number;
	/** Default: 5. */
	totalIters?: number;
}

/**
 * Multiplies the rate of every parameter group by a factor that goes in a line from `startFactor` to `endFactor` at epoch `totalIters`.
 *
 * @see torch.optim.lr_scheduler.LinearLR
 * @example
 * const warmUp = new LinearLR(optimizer, { startFactor: 0.01, totalIters: 10 });
 */
export class LinearLR extends EpochScheduler {
	startFactor: number;
	endFactor: number;
	totalIters: number;

	constructor(optimizer: Optimizer, options: LinearLROptions = {}) {
		const {
			startFactor = 1 / 3,
			endFactor = 1,
			totalIters = 5,
			lastEpoch = -1,
		} = options;
		super(optimizer, lastEpoch);
		const { op } = this;
		check.options(op, options, [
			"startFactor",
			"endFactor",
			"totalIters",
			"lastEpoch",
		]);
		check.number(op, "startFactor", startFactor, { max: 1 });
		if (startFactor <= 0)
			throw check.invalidValue(
				op,
				"startFactor",
				`expected a number above 0, got ${startFactor}`,
			);
		this.startFactor = startFactor;
		this.endFactor = check.number(op, "endFactor", endFactor, {
			min: 0,
			max: 1,
		});
		this.totalIters = check.integer(op, "totalIters", totalIters);
		this.start();
	}

	override getLr(): number[] {
		const { lastEpoch, startFactor, totalIters } = this;
		const now = this.rates();
		if (lastEpoch === 0) return now.map((lr) => lr * startFactor);
		if (this.isInitial || lastEpoch > totalIters) return now;
		const rise = this.endFactor - startFactor;
		return now.map(
			(lr) =>
				lr * (1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise)),
		);
	}

	protected override closedFormLr(): number[] {
		const { startFactor, totalIters } = this;
		const rise = this.endFactor - startFactor;
		const epoch = Math.min(totalIters, this.lastEpoch);
		return this.baseLrs.map(
			(lr) => lr * (startFactor + (rise * epoch) / totalIters),
		);
	}
}
