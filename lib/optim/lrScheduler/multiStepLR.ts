import { types } from "node:util";
import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import { type EpochOptions, passed } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";
import type { SchedulerValue } from "./lrScheduler.ts";

export interface MultiStepLROptions extends EpochOptions {
	/** Default: 0.1. */
	gamma?: number;
}

/**
 * Multiplies the rate of every parameter group by `gamma` at each of the epochs `milestones`; at one that is there twice, twice.
 *
 * @see torch.optim.lr_scheduler.MultiStepLR
 * @example
 * const scheduler = new MultiStepLR(optimizer, [30, 80], { gamma: 0.1 });
 */
export class MultiStepLR extends EpochScheduler {
	/** How often each milestone is there. */
	milestones: Map<number, number> = new Map();
	gamma: number;

	constructor(
		optimizer: Optimizer,
		milestones: readonly number[],
		options: MultiStepLROptions = {},
	) {
		const { gamma = 0.1, lastEpoch = -1 } = options;
		super(optimizer, lastEpoch);
		check.options(this.op, options, ["gamma", "lastEpoch"]);
		for (const [i, epoch] of check
			.array(this.op, "milestones", milestones)
			.entries()) {
			check.integer(this.op, `milestones[${i}]`, epoch);
			this.milestones.set(epoch, (this.milestones.get(epoch) ?? 0) + 1);
		}
		this.gamma = check.number(this.op, "gamma", gamma);
		this.start();
	}

	override getLr(): number[] {
		const times = this.milestones.get(this.lastEpoch);
		const now = this.rates();
		return times === undefined
			? now
			: now.map((lr) => lr * this.gamma ** times);
	}

	protected override closedFormLr(): number[] {
		const all = [...this.milestones].flatMap(([epoch, times]) =>
			new Array<number>(times).fill(epoch),
		);
		const times = passed(all, this.lastEpoch);
		return this.baseLrs.map((lr) => lr * this.gamma ** times);
	}

	/** A Map, or an object as it comes out of JSON. */
	protected override restored(name: string, value: SchedulerValue): unknown {
		if (name !== "milestones" || types.isMap(value))
			return super.restored(name, value);
		return new Map(
			Object.entries(value as { [epoch: string]: number }).map(
				([epoch, times]) => [Number(epoch), times],
			),
		);
	}
}
