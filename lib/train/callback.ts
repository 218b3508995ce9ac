import type { Storable } from "../io/index.ts";
import type { AnyModule } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import type { LRScheduler } from "../optim/lrScheduler/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { History, Logs } from "./history.ts";
import type { TrainState } from "./state.ts";

type Awaitable<T> = T | Promise<T>;

/** The training under way, as callbacks see it. */
export interface Run {
	readonly model: AnyModule;
	/** What validation is done with: `model`, unless a callback puts another one here, such as an average of it. */
	evaluated: AnyModule;
	readonly optimizer: Optimizer;
	readonly scheduler: LRScheduler | null;
	/** How many epochs are asked for. */
	readonly epochs: number;
	/** The epoch under way, from 1; 0 before the first one. */
	readonly epoch: number;
	/** Batches of the epoch under way that are done. */
	readonly batch: number;
	/** Batches in an epoch; NaN where the data do not say. */
	readonly batches: number;
	/** Steps of the optimizer since training began, resumed ones included. */
	readonly step: number;
	/** Whether gradients of batches are there that the optimizer has not used yet: only with `gradAccumulation`. */
	readonly isAccumulating: boolean;
	/** Whether there is validation data. */
	readonly hasValidation: boolean;
	/** The epochs that are finished. */
	readonly history: History<string>;
	/** Numbers of the epoch under way, up to the last batch: `loss` and `lr`. */
	readonly logs: Logs;
	/** Ends training after the present batch, with the rest of its epoch left out, or epoch. The history says why. */
	stop(reason: string): void;
	/** All that changes with training: what `resume` takes. The model's and the optimizer's tensors are not copied. */
	stateDict(): TrainState;
	/** Puts training where `stateDict` found it. Only in `onTrainBegin`. @throws TorchError where the state does not fit */
	loadStateDict(state: TrainState): void;
}

/** A batch that was learnt from. Its tensors are freed afterwards: clone what is to be kept. */
export interface BatchEvent {
	/** Within the epoch, from 1. */
	readonly batch: number;
	/** Samples in it. */
	readonly size: number;
	/** What the loss function gave. */
	readonly loss: Tensor;
	/** What the model gave. */
	readonly output: unknown;
	/** What the model was given, and should have given: `[...inputs, target]`, on the device of training, mixed if `mix` is given. */
	readonly items: readonly unknown[];
}

/**
 * What is called while a model trains. All are optional, and may be asynchronous: training waits. Those of one event are called in the order in
 * which they were given to `fit`. What one throws ends training, and is what `fit` throws; `onTrainEnd` is called all the same.
 *
 * ```ts
 * await train.fit(model, {
 *   ...options,
 *   callbacks: [{ onEpochEnd: (run, { loss }) => console.log(run.epoch, loss) }],
 * });
 * ```
 */
export interface Callback {
	/** Callbacks with a higher number are called after all others: those that save what the others have done. Default 0. */
	readonly order?: number;
	/** Before the first batch. */
	onTrainBegin?(run: Run): Awaitable<void>;
	/** After the last one; also where training ends by an error or `signal`, which is `error` then, and null otherwise. All are called, even if one throws. */
	onTrainEnd?(run: Run, error: unknown): Awaitable<void>;
	onEpochBegin?(run: Run): Awaitable<void>;
	/** After the epoch's validation and the scheduler's step. */
	onEpochEnd?(run: Run, logs: Logs): Awaitable<void>;
	/** Before a batch. */
	onBatchBegin?(run: Run): Awaitable<void>;
	/**
	 * Gradients are there, and not clipped yet; the optimizer's step comes next, unless training is stopped here. Not with LBFGS, nor for a last group of batches that is smaller
	 * than `gradAccumulation` where the data do not say how many batches they have.
	 */
	onGradients?(run: Run, event: BatchEvent): Awaitable<void>;
	/** After each step of the optimizer. */
	onStep?(run: Run): Awaitable<void>;
	/** After a batch, and the optimizer's step if there was one. */
	onBatchEnd?(run: Run, event: BatchEvent): Awaitable<void>;
	onValidationBegin?(run: Run): Awaitable<void>;
	/** With what validation gave: "valLoss", …. */
	onValidationEnd?(run: Run, logs: Logs): Awaitable<void>;
	/** What is to be saved with the state of training, under `stateName` or the class's name. */
	stateDict?(): Storable;
	/** Takes over what `stateDict` gave. */
	loadStateDict?(state: Storable): void;
	/** The name of its state. Default: its class's. */
	readonly stateName?: string;
}

export type EventName = keyof Callback & `on${string}`;

export const eventNames: readonly EventName[] = [
	"onTrainBegin",
	"onTrainEnd",
	"onEpochBegin",
	"onEpochEnd",
	"onBatchBegin",
	"onGradients",
	"onStep",
	"onBatchEnd",
	"onValidationBegin",
	"onValidationEnd",
];
