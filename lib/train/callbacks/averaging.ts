import * as check from "../../check.ts";
import type { Storable } from "../../io/index.ts";
import {
	type AnyModule,
	BatchNorm1d,
	BatchNorm2d,
	BatchNorm3d,
	type Module,
	type StateDict,
} from "../../nn/index.ts";
import {
	AveragedModel,
	type AveragedModelOptions,
	getEmaMultiAvgFn,
	updateBn,
} from "../../optim/swaUtils/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Batches } from "../batches.ts";
import type { Callback, Run } from "../callback.ts";

type Any = Module<unknown[], unknown>;

export interface AveragingOptions {
	/** Whether validation is done with the average. Default true. */
	validate?: boolean | undefined;
	/** Whether the model has the average when training ends without an error. Default true; `average` has it in either case. */
	replace?: boolean | undefined;
}

/** What averages of weights share: validation with them, and what is done with them at the end. */
abstract class Averaging implements Callback {
	/** Before those who look at what validation was done with, and put the best of it into the model. */
	readonly order = -1;
	readonly #validate: boolean;
	readonly #replace: boolean;
	#average: AveragedModel<unknown[], unknown> | null = null;

	constructor(
		op: string,
		{ validate = true, replace = true }: AveragingOptions,
	) {
		this.#validate = check.boolean(op, "validate", validate);
		this.#replace = check.boolean(op, "replace", replace);
	}

	/** The averaged model; null before training. */
	get average(): AnyModule | null {
		return this.#average?.module ?? null;
	}

	protected abstract get modelOptions(): AveragedModelOptions;

	onTrainBegin({ model }: Run): void {
		this.#average = new AveragedModel(
			model as unknown as Any,
			this.modelOptions,
		);
	}

	protected take({ model }: Run): void {
		this.#average?.updateParameters(model as unknown as Any);
	}

	/** Whether anything was averaged. */
	protected get isThere(): boolean {
		return Number(this.#average?.nAveraged.item() ?? 0) > 0;
	}

	onValidationBegin(run: Run): void {
		if (this.#validate && this.average !== null && this.isThere)
			run.evaluated = this.average;
	}

	async onTrainEnd({ model }: Run, error: unknown): Promise<void> {
		if (this.#replace && error === null && this.isThere)
			model.loadStateDict(this.average?.stateDict() as StateDict);
	}

	stateDict(): Storable {
		return this.#average?.stateDict() ?? null;
	}

	loadStateDict(state: Storable): void {
		if (state !== null) this.#average?.loadStateDict(state as StateDict);
	}
}

export interface EMAOptions extends AveragingOptions {
	/** How much of the average stays at each step. Default 0.999. */
	decay?: number | undefined;
}

/**
 * An exponential moving average of the weights, and of buffers such as running statistics, over the optimizer's steps: it usually generalises
 * better than the weights themselves.
 *
 * ```ts
 * await train.fit(model, { ...options, callbacks: [new train.EMA({ decay: 0.99 })] });
 * ```
 *
 * @see torch.optim.swa_utils.get_ema_multi_avg_fn
 */
export class EMA extends Averaging {
	readonly decay: number;

	constructor(options: EMAOptions = {}) {
		const op = "EMA";
		check.options(op, options, ["decay", "validate", "replace"]);
		const { decay = 0.999, ...rest } = options;
		super(op, rest);
		this.decay = check.number(op, "decay", decay, { min: 0, max: 1 });
	}

	protected override get modelOptions(): AveragedModelOptions {
		return { multiAvgFn: getEmaMultiAvgFn(this.decay), useBuffers: true };
	}

	onStep(run: Run): void {
		this.take(run);
	}
}

export interface SWAOptions extends Omit<AveragingOptions, "validate"> {
	/** The first epoch, from 1, whose weights go into the average. Default: after three quarters of all. */
	start?: number | undefined;
	/**
	 * Batches, an input or an array that begins with one, over which running statistics are computed for the average: needed where the model has
	 * batch normalisation.
	 */
	data?: Batches<Tensor | readonly [Tensor, ...unknown[]]> | undefined;
}

/**
 * Stochastic weight averaging: the mean of the weights at the ends of epochs. With a learning rate that stays high, such as `SWALR`'s.
 *
 * ```ts
 * const scheduler = new optim.swaUtils.SWALR(optimizer, 0.05);
 * const average = new train.SWA({ start: 20, data: trainLoader });
 * await train.fit(model, { ...options, scheduler, epochs: 30, callbacks: [average] });
 * ```
 *
 * @see https://arxiv.org/abs/1803.05407
 */
export class SWA extends Averaging {
	readonly #start: number | null;
	readonly #data: SWAOptions["data"];

	constructor(options: SWAOptions = {}) {
		const op = "SWA";
		check.options(op, options, ["start", "data", "replace"]);
		const { start, data, ...rest } = options;
		// Without running statistics of its own the average cannot be validated.
		super(op, { ...rest, validate: false });
		if (start !== undefined) check.integer(op, "start", start, { min: 1 });
		this.#start = start ?? null;
		this.#data = data;
	}

	protected override get modelOptions(): AveragedModelOptions {
		return {};
	}

	override onTrainBegin(run: Run): void {
		if (this.#data === undefined && normalises(run.model))
			throw check.invalidValue(
				"SWA",
				"data",
				"expected batches, as the model has batch normalisation, whose statistics must be computed for the average",
			);
		super.onTrainBegin(run);
	}

	onEpochEnd(run: Run): void {
		const start = this.#start ?? Math.floor(0.75 * run.epochs) + 1;
		if (run.epoch >= start) this.take(run);
	}

	override async onTrainEnd(run: Run, error: unknown): Promise<void> {
		const { average } = this;
		if (error !== null || average === null || !this.isThere) return;
		if (this.#data !== undefined) await updateBn(this.#data, average);
		await super.onTrainEnd(run, error);
	}
}

function normalises(model: AnyModule): boolean {
	return (model.modules() as unknown[]).some(
		(module) =>
			module instanceof BatchNorm1d ||
			module instanceof BatchNorm2d ||
			module instanceof BatchNorm3d,
	);
}
