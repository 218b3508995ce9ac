import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { type AnyModule, Module } from "../nn/index.ts";
import { type Hyper, hyperValue } from "../optim/hyper.ts";
import type { Optimizer } from "../optim/index.ts";
import { ReduceLROnPlateau } from "../optim/lrScheduler/index.ts";
import { manualSeed } from "../random.ts";
import { heldScope } from "../tensor/scope.ts";
import { type Batches, batchesOf, lengthOf, sizeOf } from "./batches.ts";
import type { BatchEvent, Run } from "./callback.ts";
import { measure } from "./evaluate.ts";
import { Events } from "./events.ts";
import { type CommonLogs, History, type Logs } from "./history.ts";
import { Learner } from "./learner.ts";
import { loaderState, restoreLoader } from "./loaders.ts";
import { Mean } from "./mean.ts";
import { Measures } from "./measures.ts";
import { modesOf } from "./modes.ts";
import { type AnyFitOptions, intervalOf } from "./options.ts";
import {
	checkedState,
	loadTrainStateAsync,
	randomState,
	restoreRandom,
	type TrainState,
} from "./state.ts";

const op = "fit";

type AnyLogs = CommonLogs & { [name: string]: number };

/** A training from its first batch to its last. */
export class Training implements Run {
	readonly model: Module<unknown[], unknown>;
	evaluated: AnyModule;
	readonly optimizer: Optimizer;
	readonly scheduler: NonNullable<AnyFitOptions["scheduler"]> | null;
	readonly epochs: number;
	readonly history = new History<string>();
	epoch = 0;
	batch = 0;
	step = 0;
	readonly #options: AnyFitOptions;
	readonly #events: Events;
	readonly #measures: Measures;
	readonly #learner: Learner;
	readonly #schedulesSteps: boolean;
	#mean = new Mean();
	#lr: Hyper;
	/** The epoch's seconds before it was resumed, and when it began or was resumed. */
	#secondsBefore = 0;
	#began = 0;
	#stopped: string | null = null;
	#resumed: TrainState | null = null;
	#hasBegun = false;

	constructor(model: Module<unknown[], unknown>, options: AnyFitOptions) {
		this.model = model;
		this.evaluated = model as unknown as AnyModule;
		this.#options = options;
		this.optimizer = options.optimizer;
		this.scheduler = options.scheduler ?? null;
		this.epochs = options.epochs ?? 1;
		this.#events = new Events(op, options.callbacks ?? []);
		this.#measures = new Measures(op, options.metrics ?? {});
		this.#learner = new Learner(model, options);
		this.#schedulesSteps = intervalOf(options) === "step";
		this.#lr = this.#rate();
	}

	get batches(): number {
		return lengthOf(this.#options.data);
	}

	get hasValidation(): boolean {
		return this.#options.validation !== undefined;
	}

	get isAccumulating(): boolean {
		return this.#learner.waiting > 0;
	}

	get logs(): Logs {
		return { loss: this.#mean.value, lr: hyperValue(this.#lr) };
	}

	stop(reason: string): void {
		this.#stopped ??= check.string("Run.stop", "reason", reason);
	}

	async run(): Promise<History<string>> {
		const { model } = this;
		const { seed, device, loss, resume } = this.#options;
		const restoreModes = modesOf(model);
		let failed = false;
		let failure: unknown = null;
		try {
			if (seed !== undefined) manualSeed(seed);
			if (device !== undefined) {
				model.to(device);
				if (loss instanceof Module) (loss as Module).to(device);
			}
			if (resume !== undefined)
				this.loadStateDict(
					typeof resume === "string"
						? await loadTrainStateAsync(resume)
						: checkedState(resume, "resume"),
				);
			model.train();
			await this.#events.emit("onTrainBegin", this);
			this.#hasBegun = true;
			if (this.#resumed !== null)
				this.#events.loadStateDict(this.#resumed.callbacks);
			while (this.epoch < this.epochs && this.#stopped === null)
				await this.#runEpoch();
		} catch (error) {
			failed = true;
			failure = explained(error);
		}
		this.history.stopped = this.#stopped;
		const errors = await this.#events.emitAlways("onTrainEnd", this, failure);
		restoreModes();
		if (failed) errors.unshift(failure);
		for (const error of errors.slice(1))
			process.emitWarning(`fit: after ${errors[0]}, also: ${error}`);
		if (errors.length > 0) throw errors[0];
		return this.history;
	}

	async #runEpoch(): Promise<void> {
		const resumed = this.#resumed;
		this.#resumed = null;
		const { data, signal, device = null } = this.#options;
		this.epoch += 1;
		let skip = 0;
		if (resumed === null || resumed.batch === 0) {
			this.#mean = new Mean();
			this.#measures.reset();
			this.#secondsBefore = 0;
			this.batch = 0;
		}
		if (resumed?.batch === 0) restoreRandom(resumed.random, device);
		this.#began = performance.now();
		await this.#events.emit("onEpochBegin", this);
		if (resumed !== null && resumed.batch > 0) {
			restoreRandom(resumed.random, device);
			if (resumed.loaders[0] === null) skip = resumed.batch;
		}
		if (this.#stopped !== null) return;
		for await (const batch of batchesOf(data, signal)) {
			if (skip > 0) {
				skip -= 1;
				if (skip === 0 && resumed) restoreRandom(resumed.random, device);
				continue;
			}
			await this.#runBatch(batch);
			if (this.#stopped !== null) return;
		}
		if (this.batch === 0)
			throw new TorchError(
				`data: there was no batch in epoch ${this.epoch}${this.epoch > 1 ? ": it can be iterated only once" : ""}`,
				{ code: "ERR_NO_DATA", op },
			);
		if (this.#learner.waiting > 0) {
			this.#update();
			await this.#events.emit("onStep", this);
		}
		await this.#endEpoch();
	}

	async #endEpoch(): Promise<void> {
		const logs: AnyLogs = {
			epoch: this.epoch,
			loss: this.#mean.value,
			...this.#measures.compute(),
			lr: hyperValue(this.#lr),
			seconds: 0,
		};
		const { validation } = this.#options;
		if (validation !== undefined)
			Object.assign(logs, await this.#validate(validation));
		logs.seconds = this.#seconds();
		this.history.epochs.push(logs);
		this.batch = 0;
		this.#mean = new Mean();
		this.#measures.reset();
		if (!this.#schedulesSteps) this.#schedule(logs);
		await this.#events.emit("onEpochEnd", this, logs);
	}

	async #validate(validation: Batches<unknown>): Promise<Logs> {
		await this.#events.emit("onValidationBegin", this);
		const logs = await measure(
			this.evaluated as unknown as Module<unknown[], unknown>,
			this.#measures,
			{ ...this.#options, data: validation, names: "validation" },
		);
		await this.#events.emit("onValidationEnd", this, logs);
		return logs;
	}

	async #runBatch(batch: unknown): Promise<void> {
		const events = this.#events;
		if (events.has("onBatchBegin")) await events.emit("onBatchBegin", this);
		const { result, release } = heldScope(() => this.#learner.learn(batch));
		try {
			const { output, loss, items, target } = result;
			const size = sizeOf(items);
			this.batch += 1;
			const event: BatchEvent = {
				batch: this.batch,
				size,
				loss,
				output,
				items,
			};
			const isLast = this.batch === this.batches;
			if (this.#learner.isFull || isLast) {
				if (events.has("onGradients"))
					await events.emit("onGradients", this, event);
				if (this.#stopped !== null) return;
				this.#update();
				if (events.has("onStep")) await events.emit("onStep", this);
			}
			this.#mean.add(loss, size);
			this.#measures.update(output, target);
			if (events.has("onBatchEnd"))
				await events.emit("onBatchEnd", this, event);
		} finally {
			release();
		}
	}

	#update(): void {
		this.#learner.update();
		this.step += 1;
		this.#lr = this.#rate();
		if (this.#schedulesSteps) this.#schedule(this.logs);
	}

	#rate(): Hyper {
		return this.optimizer.paramGroups[0]?.lr ?? Number.NaN;
	}

	#schedule(logs: Logs): void {
		const { scheduler } = this;
		if (scheduler instanceof ReduceLROnPlateau)
			scheduler.step(logs.valLoss ?? (logs.loss as number));
		else scheduler?.step();
	}

	#seconds(): number {
		return this.#secondsBefore + (performance.now() - this.#began) / 1000;
	}

	stateDict(): TrainState {
		const { data, validation, device = null } = this.#options;
		const isWithin = this.batch > 0;
		const isSame = (this.evaluated as unknown) === this.model;
		return {
			trainState: 1,
			epoch: this.history.length,
			batch: this.batch,
			step: this.step,
			model: this.model.stateDict(),
			evaluated: isSame ? null : this.evaluated.stateDict(),
			optimizer: this.optimizer.stateDict(),
			scheduler: this.scheduler?.stateDict() ?? null,
			random: randomState(device),
			loaders: [loaderState(data), loaderState(validation ?? null)],
			running: {
				...this.#mean.state(),
				seconds: isWithin ? this.#seconds() : 0,
				metrics: isWithin ? this.#measures.stateDict() : {},
			},
			stopped: this.#stopped,
			history: this.history.epochs.map((logs) => ({ ...logs })) as AnyLogs[],
			callbacks: this.#events.stateDict(),
		};
	}

	loadStateDict(state: TrainState): void {
		if (this.#hasBegun)
			throw new TorchError("training has begun: only in onTrainBegin", {
				code: "ERR_INVALID_STATE",
				op: "Run.loadStateDict",
			});
		const { data, validation } = this.#options;
		this.model.loadStateDict(state.model);
		this.optimizer.loadStateDict(state.optimizer);
		if (state.scheduler !== null)
			this.scheduler?.loadStateDict(state.scheduler);
		restoreLoader(data, state.loaders[0]);
		restoreLoader(validation ?? null, state.loaders[1]);
		this.history.epochs.splice(0, Infinity, ...state.history);
		this.epoch = state.epoch;
		this.batch = state.batch;
		this.step = state.step;
		this.#mean = new Mean();
		this.#mean.load(state.running);
		this.#measures.reset();
		this.#measures.loadStateDict(state.running.metrics);
		this.#secondsBefore = state.running.seconds;
		this.#lr = this.#rate();
		this.#resumed = state;
	}
}

/** What `fit` freed, somebody wanted to keep. */
function explained(error: unknown): unknown {
	if (!(error instanceof TorchError) || error.code !== "ERR_DISPOSED")
		return error;
	return new TorchError(
		`${error.message}. (fit frees the tensors that a step makes: what a module, a hook or a callback holds on to is to be given to torch.keep)`,
		{ code: error.code, cause: error },
	);
}
