/** Modules whose number of input features or channels is known with their first input. They become ordinary modules then. */
import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { zeros } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { AnyModule } from "../module.ts";
import {
	Buffer,
	isUninitialized,
	type Parameter,
	UninitializedBuffer,
	UninitializedParameter,
} from "../parameter.ts";
import { flag, settings, unchecked } from "../settings.ts";
import {
	BatchNorm1d,
	BatchNorm2d,
	BatchNorm3d,
	type BatchNormModuleOptions,
	type ChannelNorm,
	InstanceNorm1d,
	InstanceNorm2d,
	InstanceNorm3d,
} from "./batchnorm.ts";
import {
	Conv1d,
	Conv2d,
	Conv3d,
	type ConvBase,
	type ConvOptions,
	type Size1d,
	type Size2d,
	type Size3d,
} from "./conv.ts";
import {
	ConvTranspose1d,
	ConvTranspose2d,
	ConvTranspose3d,
	type ConvTransposeOptions,
} from "./convTranspose.ts";
import { Linear, type LinearOptions } from "./linear.ts";

/** Gives a tensor its shape, if it has none yet. */
function shaped(
	tensor: Parameter | Buffer | null,
	shape: readonly number[],
): void {
	if (isUninitialized(tensor)) tensor.materialize(shape);
}

function hasUninitialized(module: AnyModule): boolean {
	const own = { recurse: false };
	return (
		module.parameters(own).some(isUninitialized) ||
		module.buffers(own).some(isUninitialized)
	);
}

/** `module` as an ordinary one of class `ordinary`, shaped by `shape` if it was not yet (a state dict may have done so). */
function settled<M extends AnyModule & { resetParameters(): void }>(
	module: M,
	ordinary: { prototype: M },
	shape: () => void,
): M {
	const isNew = hasUninitialized(module);
	noGrad(shape);
	Object.setPrototypeOf(module, ordinary.prototype);
	if (isNew) module.resetParameters();
	return module;
}

/** `Linear` with as many input features as its first input has. */
export class LazyLinear extends Linear {
	constructor(outFeatures: number, options: LinearOptions = {}) {
		super(0, 0, { ...options, bias: false });
		const op = new.target.name;
		check.integer(op, "outFeatures", outFeatures, { min: 0 });
		const { bias = true, device, dtype } = options;
		check.boolean(op, "bias", bias);
		this.outFeatures = outFeatures;
		this.weight = new UninitializedParameter({ device, dtype });
		this.bias = bias ? new UninitializedParameter({ device, dtype }) : null;
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		const linear = settled<Linear>(this, Linear, () => {
			this.inFeatures = input.size(-1);
			shaped(this.weight, [this.outFeatures, this.inFeatures]);
			shaped(this.bias, [this.outFeatures]);
		});
		return linear.forward(input);
	}
}

/** Takes the weights of a convolution away until the first input; `bias` is that of the options. */
function unshaped<Size>(
	conv: ConvBase<Size, never>,
	outChannels: number,
	bias: unknown,
	{ device, dtype }: ConvOptions<Size>,
): void {
	const op = conv.constructor.name;
	check.integer(op, "outChannels", outChannels, { min: 1 });
	if (outChannels % conv.groups !== 0)
		throw check.invalidValue(
			op,
			"outChannels",
			`expected a multiple of groups (${conv.groups}), got ${outChannels}`,
		);
	conv.outChannels = outChannels;
	conv.weight = new UninitializedParameter({ device, dtype });
	conv.bias = check.boolean(op, "bias", bias)
		? new UninitializedParameter({ device, dtype })
		: null;
}

/** A lazy convolution, or a transposed one, as an ordinary one for this input. */
function settledConv<M extends ConvBase<never, never>>(
	conv: M,
	ordinary: { prototype: M },
	isTransposed: boolean,
	input: Tensor,
): M {
	const op = conv.constructor.name;
	const dims = conv.kernelSize.length;
	if (input.dim() !== dims + 1 && input.dim() !== dims + 2)
		throw check.invalidValue(
			op,
			"input",
			`expected ${dims + 1} or ${dims + 2} dimensions, got ${input.dim()}`,
		);
	return settled<M>(conv, ordinary, () => {
		const channels = input.size(-dims - 1);
		const { groups, outChannels, kernelSize } = conv;
		if (channels % groups !== 0)
			throw check.invalidValue(
				op,
				"input",
				`expected a multiple of groups (${groups}) channels, got ${channels}`,
			);
		const shape = isTransposed
			? [channels, outChannels / groups, ...kernelSize]
			: [outChannels, channels / groups, ...kernelSize];
		conv.inChannels = channels;
		shaped(conv.weight, shape);
		shaped(conv.bias, [outChannels]);
	});
}

/** `Conv1d` with as many input channels as its first input has. */
export class LazyConv1d extends Conv1d {
	constructor(
		outChannels: number,
		kernelSize: Size1d,
		{ bias = true, ...options }: ConvOptions<Size1d> = {},
	) {
		super(0, 0, kernelSize, { ...options, bias: false });
		unshaped(this, outChannels, bias, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledConv<Conv1d>(this, Conv1d, false, input).forward(input);
	}
}

/** `Conv2d` with as many input channels as its first input has. */
export class LazyConv2d extends Conv2d {
	constructor(
		outChannels: number,
		kernelSize: Size2d,
		{ bias = true, ...options }: ConvOptions<Size2d> = {},
	) {
		super(0, 0, kernelSize, { ...options, bias: false });
		unshaped(this, outChannels, bias, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledConv<Conv2d>(this, Conv2d, false, input).forward(input);
	}
}

/** `Conv3d` with as many input channels as its first input has. */
export class LazyConv3d extends Conv3d {
	constructor(
		outChannels: number,
		kernelSize: Size3d,
		{ bias = true, ...options }: ConvOptions<Size3d> = {},
	) {
		super(0, 0, kernelSize, { ...options, bias: false });
		unshaped(this, outChannels, bias, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledConv<Conv3d>(this, Conv3d, false, input).forward(input);
	}
}

/** `ConvTranspose1d` with as many input channels as its first input has. */
export class LazyConvTranspose1d extends ConvTranspose1d {
	constructor(
		outChannels: number,
		kernelSize: Size1d,
		{ bias = true, ...options }: ConvTransposeOptions<Size1d> = {},
	) {
		super(0, 0, kernelSize, { ...options, bias: false });
		unshaped(this, outChannels, bias, options);
	}

	override resetParameters(): void {}

	override forward(
		input: Tensor,
		outputSize?: readonly number[] | null,
	): Tensor {
		const conv = settledConv<ConvTranspose1d>(
			this,
			ConvTranspose1d,
			true,
			input,
		);
		return conv.forward(input, outputSize);
	}
}

/** `ConvTranspose2d` with as many input channels as its first input has. */
export class LazyConvTranspose2d extends ConvTranspose2d {
	constructor(
		outChannels: number,
		kernelSize: Size2d,
		{ bias = true, ...options }: ConvTransposeOptions<Size2d> = {},
	) {
		super(0, 0, kernelSize, { ...options, bias: false });
		unshaped(this, outChannels, bias, options);
	}

	override resetParameters(): void {}

	override forward(
		input: Tensor,
		outputSize?: readonly number[] | null,
	): Tensor {
		const conv = settledConv<ConvTranspose2d>(
			this,
			ConvTranspose2d,
			true,
			input,
		);
		return conv.forward(input, outputSize);
	}
}

/** `ConvTranspose3d` with as many input channels as its first input has. */
export class LazyConvTranspose3d extends ConvTranspose3d {
	constructor(
		outChannels: number,
		kernelSize: Size3d,
		{ bias = true, ...options }: ConvTransposeOptions<Size3d> = {},
	) {
		super(0, 0, kernelSize, { ...options, bias: false });
		unshaped(this, outChannels, bias, options);
	}

	override resetParameters(): void {}

	override forward(
		input: Tensor,
		outputSize?: readonly number[] | null,
	): Tensor {
		const conv = settledConv<ConvTranspose3d>(
			this,
			ConvTranspose3d,
			true,
			input,
		);
		return conv.forward(input, outputSize);
	}
}

/** Makes a norm made with 0 features one without features, as the options say. */
function unshapedNorm(
	norm: ChannelNorm,
	options: BatchNormModuleOptions,
): void {
	const op = norm.constructor.name;
	const { affine, trackRunningStats, bias } = settings(op, options, {
		eps: unchecked<unknown>(0),
		momentum: unchecked<unknown>(0),
		device: unchecked<unknown>(0),
		dtype: unchecked<unknown>(0),
		affine: flag(true),
		trackRunningStats: flag(true),
		bias: flag(true),
	});
	const { device, dtype } = options;
	const factory = { device, dtype };
	norm.affine = affine;
	norm.trackRunningStats = trackRunningStats;
	norm.weight = affine ? new UninitializedParameter(factory) : null;
	norm.bias = affine && bias ? new UninitializedParameter(factory) : null;
	if (!trackRunningStats) return;
	norm.runningMean = new UninitializedBuffer(factory);
	norm.runningVar = new UninitializedBuffer(factory);
	norm.numBatchesTracked = new Buffer(zeros([], { dtype: "int64", device }));
}

const NO_FEATURES = { affine: false, trackRunningStats: false };

function settledNorm<M extends ChannelNorm>(
	norm: M,
	ordinary: { prototype: M },
	input: Tensor,
): M {
	return settled<M>(norm, ordinary, () => {
		norm.numFeatures = input.size(1);
		for (const tensor of [
			norm.weight,
			norm.bias,
			norm.runningMean,
			norm.runningVar,
		])
			shaped(tensor, [norm.numFeatures]);
	});
}

/** `BatchNorm1d` with as many features as its first input has. */
export class LazyBatchNorm1d extends BatchNorm1d {
	constructor(options: BatchNormModuleOptions = {}) {
		super(0, { ...options, ...NO_FEATURES });
		unshapedNorm(this, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledNorm<BatchNorm1d>(this, BatchNorm1d, input).forward(input);
	}
}

/** `BatchNorm2d` with as many channels as its first input has. */
export class LazyBatchNorm2d extends BatchNorm2d {
	constructor(options: BatchNormModuleOptions = {}) {
		super(0, { ...options, ...NO_FEATURES });
		unshapedNorm(this, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledNorm<BatchNorm2d>(this, BatchNorm2d, input).forward(input);
	}
}

/** `BatchNorm3d` with as many channels as its first input has. */
export class LazyBatchNorm3d extends BatchNorm3d {
	constructor(options: BatchNormModuleOptions = {}) {
		super(0, { ...options, ...NO_FEATURES });
		unshapedNorm(this, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledNorm<BatchNorm3d>(this, BatchNorm3d, input).forward(input);
	}
}

/** `InstanceNorm1d` with as many channels as its first input has; `affine` and `trackRunningStats` are true by default. */
export class LazyInstanceNorm1d extends InstanceNorm1d {
	constructor(options: BatchNormModuleOptions = {}) {
		super(0, { ...options, ...NO_FEATURES });
		unshapedNorm(this, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledNorm<InstanceNorm1d>(this, InstanceNorm1d, input).forward(
			input,
		);
	}
}

/** `InstanceNorm2d` with as many channels as its first input has; `affine` and `trackRunningStats` are true by default. */
export class LazyInstanceNorm2d extends InstanceNorm2d {
	constructor(options: BatchNormModuleOptions = {}) {
		super(0, { ...options, ...NO_FEATURES });
		unshapedNorm(this, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledNorm<InstanceNorm2d>(this, InstanceNorm2d, input).forward(
			input,
		);
	}
}

/** `InstanceNorm3d` with as many channels as its first input has; `affine` and `trackRunningStats` are true by default. */
export class LazyInstanceNorm3d extends InstanceNorm3d {
	constructor(options: BatchNormModuleOptions = {}) {
		super(0, { ...options, ...NO_FEATURES });
		unshapedNorm(this, options);
	}

	override resetParameters(): void {}

	override forward(input: Tensor): Tensor {
		return settledNorm<InstanceNorm3d>(this, InstanceNorm3d, input).forward(
			input,
		);
	}
}
