import { join } from "node:path";
import * as check from "../../check.ts";
import type { AnyModule } from "../../nn/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Hparam, SummaryWriter } from "../../utils/tensorboard/index.ts";
import type { BatchEvent, Callback, Run } from "../callback.ts";
import type { Logs } from "../history.ts";

export interface TensorBoardOptions {
	/** The distributions of parameters and of their gradients (before clipping) are written every so many epochs. Default 0: never. */
	histograms?: number | undefined;
	/** The batch's loss and the learning rate are written every so many steps of the optimizer. Default 0: never. */
	steps?: number | undefined;
	/** What the run is made with: a line in the table of runs, with the numbers of the last epoch. Default: no table. */
	hparams?: Readonly<Record<string, Hparam | null | undefined>> | undefined;
}

/**
 * Writes what TensorBoard shows: the numbers of each epoch, training's and validation's in one diagram, and the model as text.
 *
 * ```ts
 * const board = new train.TensorBoard("runs/first", { histograms: 1, hparams: { lr: 0.01 } });
 * await train.fit(model, { data, validation, loss, optimizer, epochs: 10, callbacks: [board] });
 * ```
 *
 * Then `tensorboard --logdir runs`. Folders within are runs to TensorBoard: `train`, `validation`, `steps` (by steps rather than epochs) and
 * `train/hparams`. A resumed run goes on in the same folder, and what the broken off one had written of later epochs is not shown. Parameters and gradients
 * with a NaN or an infinity in them have no histogram.
 */
export class TensorBoard implements Callback {
	readonly logDir: string;
	readonly #histograms: number;
	readonly #steps: number;
	readonly #hparams: TensorBoardOptions["hparams"];
	readonly #writers = new Map<string, SummaryWriter>();
	#purge: { epoch: number; step: number } | null = null;
	#gradientsOf = 0; // the epoch whose gradients are written

	constructor(logDir: string, options: TensorBoardOptions = {}) {
		const op = "TensorBoard";
		this.logDir = check.string(op, "logDir", logDir);
		check.options(op, options, ["histograms", "steps", "hparams"]);
		const { histograms = 0, steps = 0, hparams } = options;
		this.#histograms = check.integer(op, "histograms", histograms, { min: 0 });
		this.#steps = check.integer(op, "steps", steps, { min: 0 });
		if (hparams) check.options(op, hparams, Object.keys(hparams));
		this.#hparams = hparams;
	}

	/** The writer of a folder within `logDir`, for what else is to be shown; closed when training ends. */
	writer(folder: "train" | "validation" | "steps"): SummaryWriter {
		let writer = this.#writers.get(folder);
		if (!writer) {
			const { epoch = 1, step = 0 } = this.#purge ?? {};
			const next = folder === "steps" ? step + 1 : epoch;
			const purgeStep = next > 1 ? next : null; // where nothing was done there is nothing to forget
			writer = new SummaryWriter(join(this.logDir, folder), { purgeStep });
			this.#writers.set(folder, writer);
		}
		return writer;
	}

	onTrainBegin(): void {
		this.#purge = null;
		this.#gradientsOf = 0;
	}

	/** Only now it is known for certain where training begins. */
	onEpochBegin(run: Run): void {
		if (this.#purge) return;
		this.#purge = { epoch: run.epoch, step: run.step };
		this.writer("train").addGraph(run.model);
	}

	onGradients(run: Run): void {
		if (!this.#isDue(run) || this.#gradientsOf === run.epoch) return;
		this.#gradientsOf = run.epoch;
		this.#distributions(run, "gradients", ({ grad }) => grad);
	}

	onBatchEnd(run: Run, { loss }: BatchEvent): void {
		const { step, logs } = run;
		if (this.#steps === 0 || step % this.#steps > 0 || run.isAccumulating)
			return;
		const writer = this.writer("steps");
		writer.addScalar("loss", loss, step);
		if (logs.lr !== undefined) writer.addScalar("lr", logs.lr, step);
	}

	onEpochEnd(run: Run, logs: Logs): void {
		for (const [name, value] of Object.entries(logs)) {
			if (name === "epoch" || value === undefined) continue;
			const [, of] = /^val([A-Z].*)$/.exec(name) ?? [];
			const tag = of ? of.charAt(0).toLowerCase() + of.slice(1) : name;
			this.writer(of ? "validation" : "train").addScalar(tag, value, run.epoch);
		}
		if (this.#isDue(run)) this.#distributions(run, "parameters", (p) => p);
	}

	#isDue({ epoch }: Run): boolean {
		return this.#histograms > 0 && epoch % this.#histograms === 0;
	}

	#distributions(
		{ model, epoch }: Run,
		title: string,
		of: (parameter: Tensor) => Tensor | null | undefined,
	): void {
		for (const [name, parameter] of (model as AnyModule).namedParameters()) {
			const values = of(parameter);
			if (!values || values.numel() === 0 || !hasNumbers(values)) continue;
			this.writer("train").addHistogram(`${title}/${name}`, values, epoch);
		}
	}

	onTrainEnd(run: Run, error: unknown): void {
		try {
			const last = run.history.epochs.at(-1);
			if (this.#hparams && error === null && last) this.#addHparams(last);
		} finally {
			for (const writer of this.#writers.values()) writer.close();
			this.#writers.clear();
		}
	}

	#addHparams(last: Logs): void {
		const numbers = Object.entries(last).flatMap(([name, value]) =>
			value === undefined || /^(epoch|lr|seconds)$/.test(name)
				? []
				: [[`hparam/${name}`, value] as const],
		);
		this.writer("train").addHparams(
			this.#hparams ?? {},
			Object.fromEntries(numbers),
			{
				runName: "hparams",
				globalStep: last.epoch,
			},
		);
	}
}

/** Whether all of them are finite. */
function hasNumbers(values: Tensor): boolean {
	return Boolean(values.detach().isfinite().all().item());
}
