import * as check from "../../check.ts";
import type { Storable } from "../../io/index.ts";
import * as lrScheduler from "../../optim/lrScheduler/index.ts";
import type { Callback, Run } from "../callback.ts";
import type { Logs } from "../history.ts";
import { Monitor, type MonitorOptions } from "./monitor.ts";

export interface ReduceLROnPlateauOptions
	extends Pick<MonitorOptions, "monitor" | "mode">,
		Omit<lrScheduler.ReduceLROnPlateauOptions, "mode"> {}

/**
 * Multiplies the learning rate by `factor` when a number has not become better for `patience` epochs: `optim.lrScheduler.ReduceLROnPlateau` for any number
 * of the epoch.
 *
 * ```ts
 * new train.ReduceLROnPlateau({ monitor: "valAccuracy", mode: "max", patience: 3 });
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 */
export class ReduceLROnPlateau implements Callback {
	readonly #monitor: Monitor;
	readonly #options: lrScheduler.ReduceLROnPlateauOptions;
	#scheduler: lrScheduler.ReduceLROnPlateau | null = null;

	constructor(options: ReduceLROnPlateauOptions = {}) {
		const op = "ReduceLROnPlateau";
		check.options(op, options, [
			"monitor",
			"mode",
			"factor",
			"patience",
			"threshold",
			"thresholdMode",
			"cooldown",
			"minLr",
			"eps",
		]);
		const { monitor, mode, ...rest } = options;
		this.#monitor = new Monitor(op, { monitor, mode });
		this.#options = { ...rest, mode: mode ?? "min" };
	}

	onTrainBegin(run: Run): void {
		this.#monitor.begin(run);
		this.#scheduler = new lrScheduler.ReduceLROnPlateau(
			run.optimizer,
			this.#options,
		);
	}

	onEpochEnd(_run: Run, logs: Logs): void {
		this.#scheduler?.step(this.#monitor.valueIn(logs));
	}

	stateDict(): Storable {
		return this.#scheduler?.stateDict() ?? null;
	}

	loadStateDict(state: Storable): void {
		if (state !== null)
			this.#scheduler?.loadStateDict(state as lrScheduler.SchedulerState);
	}
}
