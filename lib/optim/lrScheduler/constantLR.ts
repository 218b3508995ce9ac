import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import type { EpochOptions } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";

export interface ConstantLROptions extends EpochOptions {
	/** From 0 to 1. Default: 1/3. */
	factor?: number;
	/** Default: 5. */
	totalIters?: number;
}

/**
 * Multiplies the rate of every parameter group by `factor` until the epoch `totalIters`.
 *
 * @see torch.optim.lr_scheduler.ConstantLR
 * @example
 * const scheduler = new ConstantLR(optimizer, { factor: 0.5, totalIters: 4 });
 */
export class ConstantLR extends EpochScheduler {
	factor: number;
	totalIters: number;

	constructor(optimizer: Optimizer, options: ConstantLROptions = {}) {
		const { factor = 1 / 3, totalIters = 5, lastEpoch = -1 } = options;
		super(optimizer, lastEpoch);
		const { op } = this;
		check.options(op, options, ["factor", "totalIters", "lastEpoch"]);
		this.factor = check.number(op, "factor", factor, { min: 0, max: 1 });
		this.totalIters = check.integer(op, "totalIters", totalIters);
		this.start();
	}

	override getLr(): number[] {
		const now = this.rates();
		if (this.lastEpoch === 0) return now.map((lr) => lr * this.factor);
		if (this.lastEpoch !== this.totalIters) return now;
		return now.map((lr) => lr * (1 / this.factor));
	}

	protected override closedFormLr(): number[] {
		const isOver = this.lastEpoch >= this.totalIters;
		const factor = this.factor + (isOver ? 1 - this.factor : 0);
		return this.baseLrs.map((lr) => lr * factor);
	}
}
