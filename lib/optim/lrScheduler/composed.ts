import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import {
	LRScheduler,
	type SchedulerState,
	type SchedulerValue,
} from "./lrScheduler.ts";
import { ReduceLROnPlateau } from "./reduceLROnPlateau.ts";

/** A scheduler whose step needs no metric. */
export type StepScheduler = LRScheduler & { step(): void };

/** Schedulers made of others of the same optimizer. */
export abstract class Composed extends LRScheduler {
	protected readonly _schedulers: readonly StepScheduler[];

	constructor(
		optimizer: Optimizer,
		schedulers: readonly StepScheduler[],
		lastEpoch: number,
	) {
		super(optimizer, lastEpoch);
		this._schedulers = schedulers;
	}

	/** Throws unless all are schedulers of one optimizer; returns that. */
	protected static checked(
		op: string,
		schedulers: readonly StepScheduler[],
		optimizer?: Optimizer,
	): Optimizer {
		const list = check.array(op, "schedulers", schedulers);
		if (list.length === 0)
			throw check.invalidValue(
				op,
				"schedulers",
				"expects at least one scheduler, but got no scheduler",
			);
		const expected = optimizer ?? list[0]?.optimizer;
		for (const [i, scheduler] of list.entries()) {
			const name = `schedulers[${i}]`;
			if (!(scheduler instanceof LRScheduler))
				throw check.invalidType(op, name, "LRScheduler", scheduler);
			if (scheduler instanceof ReduceLROnPlateau)
				throw check.invalidValue(
					op,
					name,
					"ReduceLROnPlateau is not supported, for its `step` takes a metric",
				);
			if (scheduler.optimizer !== expected)
				throw check.invalidValue(
					op,
					name,
					"all schedulers are expected to belong to the same optimizer",
				);
		}
		return expected as Optimizer;
	}

	/** @internal */
	override undo(): void {
		for (const scheduler of this._schedulers) scheduler.undo();
	}

	protected override saved(
		name: string,
		value: unknown,
	): SchedulerValue | undefined {
		return name === "_schedulers"
			? this._schedulers.map((scheduler) => scheduler.stateDict())
			: super.saved(name, value);
	}

	protected override restored(name: string, value: SchedulerValue): unknown {
		if (name !== "_schedulers") return super.restored(name, value);
		const states = value as SchedulerState[];
		if (states.length !== this._schedulers.length)
			throw check.invalidValue(
				this.op,
				"stateDict",
				`_schedulers: expected ${this._schedulers.length}, got ${states.length}`,
			);
		for (const [i, scheduler] of this._schedulers.entries())
			scheduler.loadStateDict(states[i] as SchedulerState);
		return this._schedulers;
	}
}
