import { join } from "node:path";
import * as check from "../../check.ts";
import type { Storable } from "../../io/index.ts";
import type { Callback, Run } from "../callback.ts";
import type { Logs } from "../history.ts";
import { Monitor, type MonitorOptions, monitorOptions } from "./monitor.ts";
import { saveRun } from "./saving.ts";

export interface ModelCheckpointOptions extends MonitorOptions {
	/** Writes `best.pt` whenever the monitored number becomes better. Default true. */
	best?: boolean | undefined;
	/** Writes `last.pt` after each epoch. Default true. */
	last?: boolean | undefined;
	/** Writes `epoch-N.pt` every so many epochs. Default: never. */
	every?: number | undefined;
}

/**
 * Writes the state of training to files in a folder: of the best epoch, the last one, every so many. Each file appears whole or not at all; if the disk
 * is full, training ends with an error, and the old file stays.
 *
 * A file holds a `TrainState`: `resume` takes it, `io.load(path).model` is the model's state dict (with `EMA` validation is done with another one,
 * `evaluated`), and Python's `torch.load` reads it.
 *
 * ```ts
 * const checkpoints = new train.ModelCheckpoint("runs/mnist", { every: 10 });
 * await train.fit(model, { ...options, callbacks: [checkpoints] });
 * model.loadStateDict(train.loadTrainState("runs/mnist/best.pt").model);
 * // or, in another process, go on:
 * await train.fit(model, { ...options, epochs: 200, resume: "runs/mnist/last.pt" });
 * ```
 */
export class ModelCheckpoint implements Callback {
	readonly order = 1;
	readonly folder: string;
	readonly #options: { best: boolean; last: boolean; every: number | null };
	readonly #monitor: Monitor;

	constructor(folder: string, options: ModelCheckpointOptions = {}) {
		const op = "ModelCheckpoint";
		this.folder = check.string(op, "folder", folder);
		check.options(op, options, [...monitorOptions, "best", "last", "every"]);
		const { best = true, last = true, every } = options;
		check.boolean(op, "best", best);
		check.boolean(op, "last", last);
		if (every !== undefined) check.integer(op, "every", every, { min: 1 });
		this.#options = { best, last, every: every ?? null };
		this.#monitor = new Monitor(op, options);
	}

	/** The monitored number of `best.pt`; null before there is one. */
	get best(): number | null {
		return this.#monitor.best;
	}

	onTrainBegin(run: Run): void {
		this.#monitor.begin(run);
	}

	async onEpochEnd(run: Run, logs: Logs): Promise<void> {
		const { best, last, every } = this.#options;
		const names: string[] = [];
		if (best && this.#monitor.improve(this.#monitor.valueIn(logs)))
			names.push("best");
		if (last) names.push("last");
		if (every !== null && run.epoch % every === 0)
			names.push(`epoch-${run.epoch}`);
		for (const name of names)
			await saveRun("ModelCheckpoint", run, join(this.folder, `${name}.pt`));
	}

	stateDict(): Storable {
		return { best: this.#monitor.best };
	}

	loadStateDict(state: Storable): void {
		this.#monitor.best = (state as unknown as { best: number | null }).best;
	}
}
