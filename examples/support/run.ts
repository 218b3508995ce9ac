import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import {
	cuda,
	Generator,
	io,
	manualSeed,
	type nn,
	type optim,
	plot,
	type Tensor,
	TorchError,
} from "torch-node";
import {
	checkpointIn,
	defaults,
	parseOptions,
	type Settings,
} from "./options.ts";
import { Progress, percent, thousands } from "./progress.ts";
import type { Score } from "./score.ts";

export { Score } from "./score.ts";

/** What is trained: all that changes with the epochs. */
interface Trained {
	model: nn.Module;
	optimizer: optim.Optimizer;
	scheduler: optim.lrScheduler.LRScheduler;
}

/** One epoch's results, as they are plotted and kept in the checkpoint. */
interface EpochResult {
	trainLoss: number;
	trainAccuracy: number;
	testLoss: number;
	testAccuracy: number;
}

interface Checkpoint {
	settings: Settings;
	history: EpochResult[];
	model: nn.StateDict;
	optimizer: optim.OptimizerStateDict;
	scheduler: optim.lrScheduler.SchedulerState;
	/** The states of the random number generators, by device. */
	random: Record<string, Tensor>;
}

/**
 * A training run: its settings, its folder and its checkpoint.
 *
 * The checkpoint is written after every epoch, with the states of model, optimiser, scheduler and random numbers: a resumed run gives the
 * numbers of one that was never interrupted.
 */
export class Run {
	readonly settings: Settings;
	readonly device: string;
	readonly folder: string;
	readonly #resumed: Checkpoint | null;
	readonly #history: EpochResult[];
	#trained: Trained | null = null;
	#progress: Progress | null = null;

	constructor({ given, device, out, resume } = parseOptions()) {
		process.on("uncaughtException", (error) => {
			this.#progress?.end();
			fail(error);
		});
		if (device !== "cpu" && !cuda.isAvailable())
			throw new TorchError(
				`--device ${device}: this LibTorch finds no GPU (npx torch-node doctor says why)`,
				{ code: "ERR_NO_DEVICE" },
			);
		this.device = device;
		const file = resume === "" ? checkpointIn(out ?? folderOf(given)) : resume;
		this.#resumed = file === null ? null : open(file);
		const saved = this.#resumed?.settings;
		if (saved && given.dataset && given.dataset !== saved.dataset)
			throw new TorchError(
				`${file} was trained on ${saved.dataset}, not on ${given.dataset}`,
				{ code: "ERR_INVALID_ARG_VALUE" },
			);
		const dataset = saved?.dataset ?? given.dataset ?? "digits";
		this.settings = {
			images: null,
			...defaults[dataset],
			...saved,
			...given,
			dataset,
		};
		this.folder = out ?? (file === null ? folderOf(given) : dirname(file));
		this.#history = this.#resumed?.history ?? [];
		manualSeed(this.settings.seed);
	}

	/** Epochs done. */
	get epoch(): number {
		return this.#history.length;
	}

	/** Takes over what is to be trained, in the checkpoint's state if the run is resumed. From here on Ctrl-C keeps what is done. */
	begin(trained: Trained): void {
		this.#trained = trained;
		const resumed = this.#resumed;
		if (resumed) {
			trained.model.loadStateDict(resumed.model);
			trained.optimizer.loadStateDict(resumed.optimizer);
			trained.scheduler.loadStateDict(resumed.scheduler);
			for (const [device, state] of Object.entries(resumed.random))
				if (device === "cpu" || device === this.device)
					Generator.default(device).setState(state);
		}
		const parameters = trained.model
			.parameters()
			.reduce((sum, p) => sum + p.numel(), 0);
		const { dataset, epochs } = this.settings;
		const done = this.epoch > 0 ? `, ${this.epoch} done` : "";
		console.log(
			`CNN of ${thousands(parameters)} parameters on ${dataset}, ${this.device}: ${counted(epochs, "epoch")}${done}`,
		);
		this.#save();
		process.once("SIGINT", () => this.#interrupt());
	}

	/** Counts the next epoch's `images`. */
	progress(images: number): Progress {
		this.#progress = new Progress(this.#title(this.epoch + 1), images);
		return this.#progress;
	}

	/** Says how the epoch went, and saves. */
	endEpoch(trained: Progress, tested: Score): void {
		trained.end();
		this.#history.push({
			trainLoss: trained.loss,
			trainAccuracy: trained.accuracy,
			testLoss: tested.loss,
			testAccuracy: tested.accuracy,
		});
		console.log(
			`${this.#title(this.epoch)}: loss ${trained.loss.toFixed(4)}, accuracy ${percent(trained.accuracy)} %` +
				` · test loss ${tested.loss.toFixed(4)}, accuracy ${percent(tested.accuracy)} % · ${thousands(trained.rate)} images/s`,
		);
		this.#save();
	}

	/** Draws the training curve, and says where everything is. */
	async end(): Promise<void> {
		const last = this.#history.at(-1) as EpochResult;
		console.log(
			`Test accuracy ${percent(last.testAccuracy)} % after ${counted(this.epoch, "epoch")}`,
		);
		console.log(`Checkpoint      ${checkpointIn(this.folder)}`);
		console.log(`Training curve  ${await this.#plot()}`);
	}

	#title(epoch: number): string {
		const { epochs } = this.settings;
		return `Epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
	}

	#save(): void {
		const { model, optimizer, scheduler } = this.#trained as Trained;
		const checkpoint: Checkpoint = {
			settings: this.settings,
			history: this.#history,
			model: model.stateDict(),
			optimizer: optimizer.stateDict(),
			scheduler: scheduler.stateDict(),
			random: Object.fromEntries(
				[...new Set(["cpu", this.device])].map((device) => [
					device,
					Generator.default(device).getState(),
				]),
			),
		};
		mkdirSync(this.folder, { recursive: true });
		io.save(checkpoint, checkpointIn(this.folder));
	}

	async #plot(): Promise<string> {
		const score = percent(this.#history.at(-1)?.testAccuracy ?? 0);
		const title = `CNN on ${this.settings.dataset}: ${score} % of the test images`;
		const path = join(this.folder, "curve.svg");
		const column = (of: keyof EpochResult) =>
			this.#history.map((result) => result[of]);
		const figure = await plot.history(
			{
				loss: column("trainLoss"),
				valLoss: column("testLoss"),
				accuracy: column("trainAccuracy"),
				valAccuracy: column("testAccuracy"),
			},
			{ title },
		);
		await figure.save(path);
		return path;
	}

	/** Between two batches. The epoch under way is left: the checkpoint has those before it. */
	#interrupt(): never {
		this.#progress?.end();
		const again = `npm start -- --resume ${checkpointIn(this.folder)}`;
		console.log(
			`\nInterrupted after ${counted(this.epoch, "whole epoch")}, which the checkpoint has. To go on: ${again}`,
		);
		process.exit(130);
	}
}

const counted = (count: number, thing: string) =>
	`${count} ${thing}${count === 1 ? "" : "s"}`;

const folderOf = ({ dataset = "digits" }: Partial<Settings>) =>
	join("runs", dataset);

function open(file: string): Checkpoint {
	const checkpoint = io.load<Partial<Checkpoint>>(file);
	if (checkpoint.settings && checkpoint.history)
		return checkpoint as Checkpoint;
	throw new TorchError(`${file}: not a checkpoint of this example`, {
		code: "ERR_INVALID_FILE",
	});
}

export type Batches = AsyncIterable<[images: Tensor, labels: Tensor]>;

/** Batches as they come, moved to a device. */
export async function* onDevice(batches: Batches, device: string): Batches {
	for await (const [images, labels] of batches)
		yield [images.to(device), labels.to(device)];
}

/** One line for what a user can mend, the whole error for anything else. */
function fail(error: unknown): never {
	const isForUsers =
		error instanceof TorchError || (error as NodeJS.ErrnoException).syscall;
	console.error(isForUsers ? `trainCnn: ${(error as Error).message}` : error);
	process.exit(1);
}
