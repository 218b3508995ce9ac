import type { SingleBar } from "cli-progress";
import * as check from "../../check.ts";
import type { BatchEvent, Callback, Run } from "../callback.ts";
import type { Logs } from "../history.ts";

export interface ProgressBarOptions {
	/** Where to. Default: `process.stdout`. */
	stream?: NodeJS.WritableStream | undefined;
}

/** Milliseconds between two looks at the bar: reading the loss makes a GPU wait. */
const interval = 100;

/**
 * Shows how training goes: in a terminal a bar while an epoch runs; there and elsewhere a line with its numbers when it is done.
 *
 * ```ts
 * await train.fit(model, { ...options, callbacks: [new train.ProgressBar()] });
 * // Epoch  3/10 · loss 0.4321 · accuracy 0.8712 · lr 0.001 · valLoss 0.4017 · valAccuracy 0.8804 · 12,345 samples/s · 4.9 s
 * ```
 */
export class ProgressBar implements Callback {
	readonly #stream: NodeJS.WritableStream;
	#makeBar: ((title: string) => SingleBar) | null = null;
	#bar: SingleBar | null = null;
	#samples = 0;
	#shown = 0;
	/** Milliseconds of training, without validation, in this epoch. */
	#began = 0;
	#last = 0;

	constructor(options: ProgressBarOptions = {}) {
		check.options("ProgressBar", options, ["stream"]);
		this.#stream = options.stream ?? process.stdout;
	}

	async onTrainBegin(): Promise<void> {
		const { isTTY, columns = 80 } = this.#stream as NodeJS.WriteStream;
		if (!isTTY || process.env.CI) return;
		const { SingleBar } = await import("cli-progress");
		this.#makeBar = (title) =>
			new SingleBar({
				stream: this.#stream,
				format: `${title} {bar} {value}/{total} · loss {loss} · {rate} samples/s`,
				barCompleteChar: "█",
				barIncompleteChar: "░",
				barsize: Math.max(6, Math.min(30, columns - 60)),
				hideCursor: true,
				clearOnComplete: true,
				gracefulExit: false, // Ctrl-C is the program's business
			});
	}

	onEpochBegin(run: Run): void {
		this.#samples = 0;
		this.#began = performance.now();
		this.#last = this.#began;
		this.#shown = 0;
		if (this.#makeBar === null || Number.isNaN(run.batches)) return;
		this.#bar = this.#makeBar(titleOf(run));
		this.#bar.start(run.batches, run.batch, { loss: "–", rate: "–" });
	}

	onBatchEnd(run: Run, { size }: BatchEvent): void {
		this.#samples += size;
		const now = performance.now();
		this.#last = now;
		if (this.#bar === null || now - this.#shown < interval) return;
		this.#shown = now;
		this.#bar.update(run.batch, {
			loss: short(run.logs.loss ?? Number.NaN),
			rate: this.#rate(),
		});
	}

	onEpochEnd(run: Run, { epoch: _, seconds = 0, ...numbers }: Logs): void {
		this.#clear();
		const parts = Object.entries(numbers).map(
			([name, value]) => `${name} ${short(value ?? Number.NaN)}`,
		);
		this.#write(
			[
				titleOf(run),
				...parts,
				`${this.#rate()} samples/s`,
				`${seconds.toFixed(1)} s`,
			].join(" · "),
		);
	}

	onTrainEnd({ history }: Run): void {
		this.#clear();
		if (history.stopped !== null) this.#write(`Stopped: ${history.stopped}`);
	}

	#clear(): void {
		this.#bar?.stop();
		this.#bar = null;
	}

	#write(line: string): void {
		this.#stream.write(`${line}\n`);
	}

	#rate(): string {
		const rate = (1000 * this.#samples) / (this.#last - this.#began);
		return Number.isFinite(rate) ? Math.round(rate).toLocaleString("en") : "–";
	}
}

function titleOf({ epoch, epochs }: Run): string {
	return `Epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
}

/** Four digits that count: 0.4321, 1234, 1e-7. */
function short(value: number): string {
	return String(Number(value.toPrecision(4)));
}
