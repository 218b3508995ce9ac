import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import type { Callback, Run } from "../callback.ts";
import { loadTrainStateAsync } from "../state.ts";
import { Interrupts } from "./interrupts.ts";
import { saveRun } from "./saving.ts";

export interface BackupAndRestoreOptions {
	/** Saves every so many batches, too. Default: after each epoch only. */
	every?: number | undefined;
	/**
	 * Whether Ctrl-C (SIGINT) and SIGTERM save after the batch under way, or after the validation, and end the process with status 130 or 143.
	 * A second one ends it at once. What else listens to these signals does so again when training has ended. Default false.
	 */
	interrupt?: boolean | undefined;
}

/**
 * Saves training to a file as it goes, and goes on from there when the program is started again, whatever ended it: the result is the one that
 * training without an interruption gives. When training is done the file is deleted.
 *
 * Saved are the model, the optimizer, the scheduler, the history, random numbers, where the loaders are, what metrics have counted, and callbacks. Data
 * that are no `DataLoader` are gone past up to where training was.
 *
 * ```ts
 * await train.fit(model, {
 *   ...options,
 *   callbacks: [new train.BackupAndRestore("runs/mnist/backup.pt", { every: 500, interrupt: true })],
 * });
 * ```
 *
 * @see https://keras.io/api/callbacks/backup_and_restore/
 */
export class BackupAndRestore implements Callback {
	readonly order = 2;
	readonly path: string;
	readonly #every: number | null;
	readonly #interrupts: Interrupts | null;
	/** Batches since the last save. */
	#batches = 0;

	constructor(path: string, options: BackupAndRestoreOptions = {}) {
		const op = "BackupAndRestore";
		this.path = check.string(op, "path", path);
		check.options(op, options, ["every", "interrupt"]);
		const { every, interrupt = false } = options;
		if (every !== undefined) check.integer(op, "every", every, { min: 1 });
		check.boolean(op, "interrupt", interrupt);
		this.#every = every ?? null;
		this.#interrupts = interrupt ? new Interrupts() : null;
	}

	async onTrainBegin(run: Run): Promise<void> {
		this.#batches = 0;
		if (existsSync(this.path)) {
			const state = await loadTrainStateAsync(this.path);
			run.loadStateDict(state);
			if (state.stopped !== null) run.stop(state.stopped); // it was done but for its end
		}
		this.#interrupts?.listen();
	}

	async onBatchEnd(run: Run): Promise<void> {
		this.#batches += 1;
		const isDue =
			(this.#every !== null && this.#batches >= this.#every) ||
			this.#interrupts?.signal != null;
		// Gradients that wait for others are not saved
		if (!isDue || run.isAccumulating) return;
		await this.#save(run);
	}

	async onEpochEnd(run: Run): Promise<void> {
		await this.#save(run);
	}

	async #save(run: Run): Promise<void> {
		await saveRun("BackupAndRestore", run, this.path);
		this.#batches = 0;
		const signal = this.#interrupts?.signal ?? null;
		if (signal !== null)
			throw new TorchError(`${signal}: training is saved in ${this.path}`, {
				code: "ERR_INTERRUPTED",
				op: "BackupAndRestore",
			});
	}

	async onTrainEnd(_run: Run, error: unknown): Promise<void> {
		const exit = this.#interrupts?.restore() ?? null;
		if ((error as TorchError | null)?.code === "ERR_INTERRUPTED" && exit) {
			process.stderr.write(
				`${(error as Error).message}. The same program goes on from there.\n`,
			);
			exit();
		}
		if (error === null) await rm(this.path, { force: true });
	}
}
