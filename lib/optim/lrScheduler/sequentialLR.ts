import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import { type EpochOptions, passed } from "./arguments.ts";
import { Composed, type StepScheduler } from "./composed.ts";
import { setRate } from "./lrScheduler.ts";

/**
 * One scheduler after the other: the next one begins at each of the epochs `milestones`.
 *
 * @param milestones in order, one fewer than there are schedulers
 * @see torch.optim.lr_scheduler.SequentialLR
 * @example
 * const warmUp = new LinearLR(optimizer, { totalIters: 5 });
 * const cosine = new CosineAnnealingLR(optimizer, 95);
 * const scheduler = new SequentialLR(optimizer, [warmUp, cosine], [5]);
 */
export class SequentialLR extends Composed {
	protected _milestones: number[];

	constructor(
		optimizer: Optimizer,
		schedulers: readonly StepScheduler[],
		milestones: readonly number[],
		options: EpochOptions = {},
	) {
		const op = new.target.name;
		check.options(op, options, ["lastEpoch"]);
		const { lastEpoch = -1 } = options;
		check.integer(op, "lastEpoch", lastEpoch, { min: -1 });
		super(
			Composed.checked(op, schedulers, optimizer),
			schedulers,
			lastEpoch + 1,
		);
		for (const [i, epoch] of check
			.array(op, "milestones", milestones)
			.entries())
			check.integer(op, `milestones[${i}]`, epoch);
		if (milestones.length !== schedulers.length - 1)
			throw check.invalidValue(
				op,
				"milestones",
				`expected one fewer than there are schedulers (${schedulers.length}), got ${milestones.length}`,
			);
		this._milestones = [...milestones];
		this.start();
	}

	/** @internal Each scheduler has gone one epoch when it was made: only the first one is to have done so. */
	override start(): void {
		for (const group of this.optimizer.paramGroups)
			if (group.initialLr !== undefined) setRate(group, group.initialLr);
		this.undo();
		const first = this.#schedulerAt(0);
		first.start();
		this._lastLr = first.getLastLr();
	}

	/** Goes on to the next epoch. */
	step(): void {
		this.update(this.lastEpoch + 1);
	}

	/** @internal */
	override update(epoch: number = this.lastEpoch + 1): void {
		this.lastEpoch = epoch;
		const scheduler = this.#schedulerAt(epoch);
		const isNew = this._milestones.includes(epoch) && epoch > 0;
		if (isNew) scheduler.update(0);
		else scheduler.step();
		this._lastLr = scheduler.getLastLr();
	}

	#schedulerAt(epoch: number): StepScheduler {
		return this._schedulers[passed(this._milestones, epoch)] as StepScheduler;
	}
}
