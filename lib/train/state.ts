import { TorchError } from "../errors.ts";
import { Generator } from "../generator.ts";
import { load, loadAsync, type Storable } from "../io/index.ts";
import type { StateDict } from "../nn/index.ts";
import type { OptimizerStateDict } from "../optim/index.ts";
import type { SchedulerState } from "../optim/lrScheduler/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { CommonLogs } from "./history.ts";
import type { LoaderState } from "./loaders.ts";

/** All that changes with training: with it training goes on as if it had never been interrupted. `io.save` writes it. */
export interface TrainState {
	/** Of this form. */
	trainState: 1;
	/** Epochs that are finished. */
	epoch: number;
	/** Batches of the next epoch that are done. */
	batch: number;
	/** Steps of the optimizer. */
	step: number;
	model: StateDict;
	/** What validation was done with, where that was another model: an average of this one. */
	evaluated: StateDict | null;
	optimizer: OptimizerStateDict;
	scheduler: SchedulerState | null;
	/** The states of the random number generators, by device. */
	random: Record<string, Tensor>;
	/** Of training data and of validation data. */
	loaders: [LoaderState | null, LoaderState | null];
	/** Of the epoch under way: sums of losses and of metrics, and its seconds. */
	running: {
		sum: number;
		count: number;
		seconds: number;
		metrics: Record<string, Storable>;
	};
	/** Why training ended before its last epoch, where it did. */
	stopped: string | null;
	history: (CommonLogs & { [name: string]: number })[];
	callbacks: Record<string, Storable>;
}

/** What a file holds that a callback saved. @throws TorchError where it is something else */
export function loadTrainState(path: string): TrainState {
	return checkedState(load<unknown>(path, { mmap: false }), path);
}

/** {@link loadTrainState} that lets others run meanwhile. */
export async function loadTrainStateAsync(path: string): Promise<TrainState> {
	return checkedState(await loadAsync<unknown>(path, { mmap: false }), path);
}

export function checkedState(value: unknown, from: string): TrainState {
	if ((value as Partial<TrainState> | null)?.trainState === 1)
		return value as TrainState;
	throw new TorchError(`${from}: expected the state of a training run`, {
		code: "ERR_INVALID_FILE",
		op: "fit",
		argument: "resume",
	});
}

/** The states of the generators that operators draw from, by device. */
export function randomState(device: string | null): Record<string, Tensor> {
	return Object.fromEntries(
		[...new Set(["cpu", device ?? "cpu"])].map((name) => [
			name,
			Generator.default(name).getState(),
		]),
	);
}

export function restoreRandom(
	state: Readonly<Record<string, Tensor>>,
	device: string | null,
): void {
	for (const [name, random] of Object.entries(state))
		if (name === "cpu" || name === device)
			Generator.default(name).setState(random);
}
