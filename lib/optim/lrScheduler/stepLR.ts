import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import type { EpochOptions } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";

export interface StepLROptions extends EpochOptions {
	/** Default: 0.1. */
	gamma?: number;
}

/**
 * Multiplies the rate of every parameter group by `gamma` every `stepSize` epochs.
 *
 * @see torch.optim.lr_scheduler.StepLR
 * @example
 * const scheduler = new StepLR(optimizer, 30, { gamma: 0.1 });
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   trainOneEpoch();
 *   scheduler.step();
 * }
 */
export class StepLR extends EpochScheduler {
	stepSize: number;
	gamma: number;

	constructor(
		optimizer: Optimizer,
		stepSize: number,
		options: StepLROptions = {},
	) {
		const { gamma = 0.1, lastEpoch = -1 } = options;
		super(optimizer, lastEpoch);
		check.options(this.op, options, ["gamma", "lastEpoch"]);
		this.stepSize = check.integer(this.op, "stepSize", stepSize, { min: 1 });
		this.gamma = check.number(this.op, "gamma", gamma);
		this.start();
	}

	override getLr(): number[] {
		const now = this.rates();
		if (this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0)
			return now;
		return now.map((lr) => lr * this.gamma);
	}

	protected override closedFormLr(): number[] {
		const drops = Math.floor(this.lastEpoch / this.stepSize);
		return this.baseLrs.map((lr) => lr * this.gamma ** drops);
	}
}
