import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import { LRScheduler, setRate } from "./lrScheduler.ts";

/**
 * Schedulers whose rates follow from the epoch. A subclass sets its fields, calls `start` at the end of its constructor, and
 * says in `getLr` which rates come next.
 */
export abstract class EpochScheduler extends LRScheduler {
	/** The rate of each group at epoch 0. */
	baseLrs: number[];
	protected _stepCount = 0;
	#isInitial = false;

	/** @param lastEpoch -1 to begin, else the epoch from which the optimizer goes on; its groups then have `initialLr`. */
	constructor(optimizer: Optimizer, lastEpoch: number) {
		super(optimizer, lastEpoch);
		check.integer(this.op, "lastEpoch", lastEpoch, { min: -1 });
		const present = this.rates();
		this.baseLrs = optimizer.paramGroups.map((group, i) => {
			if (lastEpoch === -1) group.initialLr ??= present[i] as number;
			if (group.initialLr === undefined)
				throw check.invalidValue(
					this.op,
					"lastEpoch",
					`param 'initialLr' is not specified in paramGroups[${i}] when resuming scheduler with lastEpoch >= 0`,
				);
			return group.initialLr;
		});
	}

	/** @internal */
	override start(): void {
		this._stepCount = 0;
		this.#isInitial = true;
		this.step();
		this.#isInitial = false;
	}

	/** Whether the rates being computed are those that `start` sets. */
	protected get isInitial(): boolean {
		return this.#isInitial;
	}

	/** The rate of each group for `lastEpoch`, given that those of the epoch before are set. */
	abstract getLr(): number[];

	/** The rate of each group for any `lastEpoch`, if there is a formula for it. */
	protected closedFormLr?(): number[];

	/**
	 * Goes on to the next epoch: sets each group's rate. Call it after the epoch's `optimizer.step()`.
	 *
	 * @param epoch goes to that epoch instead (deprecated in PyTorch).
	 */
	step(epoch?: number): void {
		if (this._stepCount === 1 && this.optimizer.stepCount === 0)
			process.emitWarning(
				"Detected call of `lrScheduler.step()` before `optimizer.step()`: the first value of the schedule is skipped. " +
					"Call them in the opposite order.",
			);
		this._stepCount += 1;
		this.update(epoch);
	}

	/** @internal */
	override update(epoch?: number): void {
		const next = epoch ?? this.lastEpoch + 1;
		this.lastEpoch = next;
		const rates =
			epoch !== undefined && this.closedFormLr
				? this.closedFormLr()
				: this.getLr();
		this.setRates(next, rates);
	}

	/** Sets the rates for an epoch. */
	protected setRates(epoch: number, rates: readonly number[]): void {
		this.lastEpoch = epoch;
		for (const [i, group] of this.optimizer.paramGroups.entries())
			setRate(group, rates[i] as number);
		this._lastLr = this.rates();
	}
}
