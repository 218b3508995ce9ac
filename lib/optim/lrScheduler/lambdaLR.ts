import * as check from "../../check.ts";
import type { Optimizer } from "../optimizer.ts";
import { type EpochOptions, functionPerGroup } from "./arguments.ts";
import { EpochScheduler } from "./epochScheduler.ts";
import type { SchedulerValue } from "./lrScheduler.ts";

type Factor = (epoch: number) => number;

/** Schedulers by functions, which state dicts do not hold. */
abstract class ByFunction extends EpochScheduler {
	protected readonly lrLambdas: Factor[];

	constructor(
		optimizer: Optimizer,
		lrLambda: Factor | readonly Factor[],
		options: EpochOptions = {},
	) {
		super(optimizer, options.lastEpoch ?? -1);
		check.options(this.op, options, ["lastEpoch"]);
		this.lrLambdas = functionPerGroup(this.op, "lrLambda", lrLambda, optimizer);
		this.start();
	}

	protected override saved(
		name: string,
		value: unknown,
	): SchedulerValue | undefined {
		return name === "lrLambdas"
			? this.lrLambdas.map(() => null)
			: super.saved(name, value);
	}

	protected override restored(name: string, value: SchedulerValue): unknown {
		return name === "lrLambdas" ? this.lrLambdas : super.restored(name, value);
	}
}

/**
 * The rate of a group is its first one times a function of the epoch.
 *
 * @param lrLambda the function, or one for each parameter group
 * @see torch.optim.lr_scheduler.LambdaLR
 * @example
 * const scheduler = new LambdaLR(optimizer, (epoch) => 0.95 ** epoch);
 */
export class LambdaLR extends ByFunction {
	override getLr(): number[] {
		return this.baseLrs.map(
			(lr, i) => lr * (this.lrLambdas[i] as Factor)(this.lastEpoch),
		);
	}
}

/**
 * The rate of a group is the one before times a function of the epoch.
 *
 * @param lrLambda the function, or one for each parameter group
 * @see torch.optim.lr_scheduler.MultiplicativeLR
 * @example
 * const scheduler = new MultiplicativeLR(optimizer, () => 0.95);
 */
export class MultiplicativeLR extends ByFunction {
	override getLr(): number[] {
		const now = this.rates();
		if (this.isInitial) return now;
		return now.map(
			(lr, i) => lr * (this.lrLambdas[i] as Factor)(this.lastEpoch),
		);
	}
}
