import type { Optimizer } from "../optimizer.ts";
import { Composed, type StepScheduler } from "./composed.ts";
import type { SchedulerValue } from "./lrScheduler.ts";

/**
 * Several schedulers at once: each step is one of all of them, in order.
 *
 * @param schedulers schedulers of one optimizer, in their chainable forms
 * @see torch.optim.lr_scheduler.ChainedScheduler
 * @example
 * const warmUp = new ConstantLR(optimizer, { factor: 0.1, totalIters: 20 });
 * const scheduler = new ChainedScheduler([warmUp, new ExponentialLR(optimizer, 0.9)]);
 */
export class ChainedScheduler extends Composed {
	constructor(schedulers: readonly StepScheduler[], optimizer?: Optimizer) {
		super(
			Composed.checked(new.target.name, schedulers, optimizer),
			schedulers,
			0,
		);
	}

	/** Goes on to the next epoch in all schedulers. */
	step(): void {
		for (const scheduler of this._schedulers) scheduler.step();
		this._lastLr = this.rates();
	}

	/** @internal */
	override start(): void {
		this.step();
	}

	/** @internal */
	override update(epoch?: number): void {
		for (const scheduler of this._schedulers) scheduler.update(epoch);
		this._lastLr = this.rates();
	}

	/** A chain counts no epochs of its own. */
	protected override saved(
		name: string,
		value: unknown,
	): SchedulerValue | undefined {
		return name === "lastEpoch" ? undefined : super.saved(name, value);
	}
}
