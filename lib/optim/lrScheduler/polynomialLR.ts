import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import type { EpochOptions } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";

export interface PolynomialLROptions extends EpochOptions {
	/** Default: 5. */
	totalIters?: number;
	/** Default: 1, a line. */
	power?: number;
}

/**
 * Lowers the rate of every parameter group to 0 at epoch `totalIters`, as (1 - epoch / totalIters)^power.
 *
 * @see torch.optim.lr_scheduler.PolynomialLR
 * @example
 * const scheduler = new PolynomialLR(optimizer, { totalIters: 100, power: 2 });
 */
export class PolynomialLR extends EpochScheduler {
	totalIters: number;
	power: number;

	constructor(optimizer: Optimizer, options: PolynomialLROptions = {}) {
		const { totalIters = 5, power = 1, lastEpoch = -1 } = options;
		super(optimizer, lastEpoch);
		const { op } = this;
		check.options(op, options, ["totalIters", "power", "lastEpoch"]);
		this.totalIters = check.integer(op, "totalIters", totalIters);
		this.power = check.number(op, "power", power);
		this.start();
	}

	override getLr(): number[] {
		const { lastEpoch, totalIters, power } = this;
		const now = this.rates();
		if (this.isInitial || lastEpoch > totalIters) return now;
		const left = (epoch: number) => 1 - epoch / totalIters;
		const factor = (left(lastEpoch) / left(lastEpoch - 1)) ** power;
		return now.map((lr) => lr * factor);
	}

	protected override closedFormLr(): number[] {
		const { totalIters, power } = this;
		const left = 1 - Math.min(totalIters, this.lastEpoch) / totalIters;
		return this.baseLrs.map((lr) => lr * left ** power);
	}
}
