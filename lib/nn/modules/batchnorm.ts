import * as check from "../../check.ts";
import { empty, ones, zeros } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import { ones_, zeros_ } from "../init/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Buffer, Parameter } from "../parameter.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	settings,
} from "../settings.ts";
import type { StateDict } from "../stateDict.ts";

export interface BatchNormModuleOptions extends FactoryOptions {
	/** Added to the variance. Default 1e-5. */
	eps?: number | undefined;
	/** The share of each batch in the running statistics; null averages over all batches. Default 0.1. */
	momentum?: number | null | undefined;
	/** Whether a scale and a shift per channel are learnt. Default true. */
	affine?: boolean | undefined;
	/** Whether running statistics are kept, and used in evaluation. Default true. */
	trackRunningStats?: boolean | undefined;
	/** With `affine`, whether there is a shift. Default true. */
	bias?: boolean | undefined;
}

/** What batch and instance normalisation share: a scale, a shift and running statistics per channel. */
export abstract class ChannelNorm extends Module<[input: Tensor], Tensor> {
	numFeatures: number;
	readonly eps: number;
	readonly momentum: number | null;
	affine: boolean;
	trackRunningStats: boolean;
	weight: Parameter | null; // [numFeatures]
	bias: Parameter | null; // [numFeatures]
	runningMean: Buffer | null; // [numFeatures]
	runningVar: Buffer | null; // [numFeatures]
	numBatchesTracked: Buffer | null; // []

	/** `isUsual` is the default of `affine` and `trackRunningStats`. */
	constructor(
		isUsual: boolean,
		numFeatures: number,
		options: BatchNormModuleOptions,
	) {
		super();
		const op = new.target.name;
		check.integer(op, "numFeatures", numFeatures, { min: 0 });
		const given = settings(op, options, {
			eps: real(1e-5),
			momentum: nullable(real(0), 0.1),
			affine: flag(isUsual),
			trackRunningStats: flag(isUsual),
			bias: flag(true),
			...FACTORY,
		});
		const { affine, trackRunningStats, bias, device, dtype } = given;
		const factory = { device, dtype };
		this.numFeatures = numFeatures;
		this.eps = given.eps;
		this.momentum = given.momentum;
		this.affine = affine;
		this.trackRunningStats = trackRunningStats;
		this.weight = affine ? new Parameter(empty([numFeatures], factory)) : null;
		this.bias =
			affine && bias ? new Parameter(empty([numFeatures], factory)) : null;
		this.runningMean = trackRunningStats
			? new Buffer(zeros([numFeatures], factory))
			: null;
		this.runningVar = trackRunningStats
			? new Buffer(ones([numFeatures], factory))
			: null;
		this.numBatchesTracked = trackRunningStats
			? new Buffer(zeros([], { dtype: "int64", device }))
			: null;
		this.resetParameters();
	}

	/** Makes the running mean 0 and the running variance 1. */
	resetRunningStats(): void {
		this.runningMean?.zero_();
		this.runningVar?.fill_(1);
		this.numBatchesTracked?.zero_();
	}

	/** Resets the statistics, the scale to 1 and the shift to 0. */
	resetParameters(): void {
		this.resetRunningStats();
		if (this.weight !== null) ones_(this.weight);
		if (this.bias !== null) zeros_(this.bias);
	}

	/** How many dimensions an input may have. */
	protected abstract inputDims(): readonly number[];

	protected checkDims(input: Tensor): void {
		const dims = this.inputDims();
		if (dims.includes(input.dim())) return;
		throw check.invalidValue(
			this.constructor.name,
			"input",
			`expected ${dims.join(" or ")} dimensions, got ${input.dim()}`,
		);
	}

	/** State dicts from before PyTorch 0.4.1 do not count batches. */
	protected override adoptState(state: StateDict, prefix: string): void {
		if (this.numBatchesTracked !== null)
			state[`${prefix}num_batches_tracked`] ??= this.numBatchesTracked;
	}

	override extraRepr(): string {
		return (
			`${this.numFeatures}, eps=${python(this.eps)}, momentum=${python(this.momentum)}, affine=${python(this.affine)}, ` +
			`bias=${python(this.bias !== null)}, track_running_stats=${python(this.trackRunningStats)}`
		);
	}
}

export abstract class BatchNorm extends ChannelNorm {
	constructor(numFeatures: number, options: BatchNormModuleOptions = {}) {
		super(true, numFeatures, options);
	}

	override forward(input: Tensor): Tensor {
		this.checkDims(input);
		const { training, trackRunningStats, runningMean, runningVar } = this;
		let momentum = this.momentum ?? 0;
		if (training && trackRunningStats && this.numBatchesTracked !== null) {
			this.numBatchesTracked.add_(1);
			if (this.momentum === null)
				momentum = 1 / Number(this.numBatchesTracked.item());
		}
		// Without running statistics the batch's own are used in evaluation too; statistics that are not tracked must not be changed.
		const byBatch = training || (runningMean === null && runningVar === null);
		const isUsed = !training || trackRunningStats;
		return F.batchNorm(
			input,
			isUsed ? runningMean : null,
			isUsed ? runningVar : null,
			this.weight,
			this.bias,
			byBatch,
			momentum,
			this.eps,
		);
	}
}

/** Normalises each feature of [N, C], or each channel of [N, C, L], over all other dimensions. */
export class BatchNorm1d extends BatchNorm {
	protected override inputDims(): readonly number[] {
		return [2, 3];
	}
}

/**
 * Normalises each channel of images [N, C, H, W] over all other dimensions: in training by the batch's statistics, in evaluation
 * by the running ones.
 */
export class BatchNorm2d extends BatchNorm {
	protected override inputDims(): readonly number[] {
		return [4];
	}
}

/** Normalises each channel of volumes [N, C, D, H, W] over all other dimensions. */
export class BatchNorm3d extends BatchNorm {
	protected override inputDims(): readonly number[] {
		return [5];
	}
}

/** As `BatchNormModuleOptions`, but `affine` and `trackRunningStats` are false by default. */
export type InstanceNormModuleOptions = BatchNormModuleOptions;

abstract class InstanceNorm extends ChannelNorm {
	constructor(numFeatures: number, options: InstanceNormModuleOptions = {}) {
		super(false, numFeatures, options);
	}

	override forward(input: Tensor): Tensor {
		this.checkDims(input);
		const [, batched] = this.inputDims() as [number, number];
		const isBatched = input.dim() === batched;
		const channels = input.size(isBatched ? 1 : 0);
		if (this.affine && channels !== this.numFeatures)
			throw check.invalidValue(
				this.constructor.name,
				"input",
				`expected ${this.numFeatures} channels, got ${channels}`,
			);
		if (isBatched) return this.normalized(input);
		return this.normalized(input.unsqueeze(0)).squeeze(0);
	}

	private normalized(input: Tensor): Tensor {
		return F.instanceNorm(
			input,
			this.runningMean,
			this.runningVar,
			this.weight,
			this.bias,
			this.training || !this.trackRunningStats,
			this.momentum ?? 0,
			this.eps,
		);
	}
}

/** Normalises each channel of each sample of [N, C, L] or [C, L] over its length. */
export class InstanceNorm1d extends InstanceNorm {
	protected override inputDims(): readonly number[] {
		return [2, 3];
	}
}

/** Normalises each channel of each image of [N, C, H, W] or [C, H, W]: https://arxiv.org/abs/1607.08022 */
export class InstanceNorm2d extends InstanceNorm {
	protected override inputDims(): readonly number[] {
		return [3, 4];
	}
}

/** Normalises each channel of each volume of [N, C, D, H, W] or [C, D, H, W]. */
export class InstanceNorm3d extends InstanceNorm {
	protected override inputDims(): readonly number[] {
		return [4, 5];
	}
}
