import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import type { EpochOptions } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";

/**
 * Multiplies the rate of every parameter group by `gamma` at every epoch.
 *
 * @see torch.optim.lr_scheduler.ExponentialLR
 * @example
 * const scheduler = new ExponentialLR(optimizer, 0.9);
 */
export class ExponentialLR extends EpochScheduler {
	gamma: number;

	constructor(optimizer: Optimizer, gamma: number, options: EpochOptions = {}) {
		super(optimizer, options.lastEpoch ?? -1);
		check.options(this.op, options, ["lastEpoch"]);
		this.gamma = check.number(this.op, "gamma", gamma);
		this.start();
	}

	override getLr(): number[] {
		const now = this.rates();
		return this.isInitial ? now : now.map((lr) => lr * this.gamma);
	}

	protected override closedFormLr(): number[] {
		return this.baseLrs.map((lr) => lr * this.gamma ** this.lastEpoch);
	}
}
