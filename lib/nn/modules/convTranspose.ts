import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { python } from "../names.ts";
import {
	ConvBase,
	type ConvOptions,
	type Size1d,
	type Size2d,
	type Size3d,
} from "./conv.ts";

export interface ConvTransposeOptions<Size>
	extends Omit<ConvOptions<Size>, "padding" | "paddingMode"> {
	/** What a convolution that this one undoes has padded with: it is cut off. Default 0. */
	padding?: Size | undefined;
	/** Added to the output's size on one side, since several sizes come from one. Default 0. */
	outputPadding?: Size | undefined;
	/** Only zeros are there. */
	paddingMode?: "zeros" | undefined;
}

/** The output's size is one of several that the convolution would make this input of: the least unless it is given. */
type Inputs = [input: Tensor, outputSize?: readonly number[] | null];

type TransposedConvolution = (
	input: Tensor,
	weight: Tensor,
	bias: Tensor | null,
	stride: readonly number[],
	padding: readonly number[],
	outputPadding: readonly number[],
	groups: number,
	dilation: readonly number[],
) => Tensor;

export abstract class ConvTransposeNd<Size> extends ConvBase<Size, Inputs> {
	readonly outputPadding: readonly number[];

	constructor(
		dims: number,
		inChannels: number,
		outChannels: number,
		kernelSize: Size,
		options: ConvTransposeOptions<Size>,
	) {
		super(dims, true, inChannels, outChannels, kernelSize, options);
		const op = new.target.name;
		if (typeof this.padding === "string" || this.paddingMode !== "zeros")
			throw check.invalidType(
				op,
				typeof this.padding === "string" ? "padding" : "paddingMode",
				typeof this.padding === "string" ? "numbers" : '"zeros"',
				options.padding ?? this.paddingMode,
			);
		const { outputPadding = 0 } = options;
		this.outputPadding = sizes(op, "outputPadding", outputPadding, dims);
	}

	/** The function of this many dimensions. */
	protected abstract readonly convolve: TransposedConvolution;

	override forward(
		input: Tensor,
		outputSize: readonly number[] | null = null,
	): Tensor {
		const { convolve } = this;
		return convolve(
			input,
			this.weight,
			this.bias,
			this.stride,
			this.padding as readonly number[],
			outputSize === null
				? this.outputPadding
				: this.paddingFor(input, outputSize),
			this.groups,
			this.dilation,
		);
	}

	/** The output padding that makes the output this size. */
	private paddingFor(input: Tensor, outputSize: readonly number[]): number[] {
		const { kernelSize, stride, padding, dilation } = this;
		const dims = kernelSize.length;
		const least = input.shape
			.slice(-dims)
			.map(
				(size, i) =>
					(size - 1) * (stride[i] as number) -
					2 * (padding[i] as number) +
					(dilation[i] as number) * ((kernelSize[i] as number) - 1) +
					1,
			);
		const wanted = outputSize.slice(-dims);
		const extra = wanted.map((size, i) => size - (least[i] as number));
		const isWhole =
			outputSize.length === dims || outputSize.length === input.dim();
		if (!isWhole || !extra.every((e, i) => e >= 0 && e < (stride[i] as number)))
			throw check.invalidValue(
				this.constructor.name,
				"outputSize",
				`expected sizes from [${least.join(", ")}] to [${least.map((size, i) => size + (stride[i] as number) - 1).join(", ")}], ` +
					`got [${outputSize.join(", ")}]`,
			);
		return extra;
	}

	protected override transposedRepr(): string[] {
		return this.outputPadding.some((size) => size !== 0)
			? [`output_padding=${python(this.outputPadding)}`]
			: [];
	}
}

/** The transpose of `Conv1d`, also called deconvolution: [N, inChannels, L] or [inChannels, L]. */
export class ConvTranspose1d extends ConvTransposeNd<Size1d> {
	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size1d,
		options: ConvTransposeOptions<Size1d> = {},
	) {
		super(1, inChannels, outChannels, kernelSize, options);
	}

	protected override get convolve(): TransposedConvolution {
		return F.convTranspose1d as TransposedConvolution;
	}
}

/**
 * The transpose of `Conv2d`: [N, inChannels, H, W] or [inChannels, H, W].
 *
 * ```ts
 * const up = new nn.ConvTranspose2d(16, 3, 4, { stride: 2, padding: 1 });
 * up(torch.randn([8, 16, 16, 16])).shape; // [8, 3, 32, 32]
 * ```
 */
export class ConvTranspose2d extends ConvTransposeNd<Size2d> {
	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size2d,
		options: ConvTransposeOptions<Size2d> = {},
	) {
		super(2, inChannels, outChannels, kernelSize, options);
	}

	protected override get convolve(): TransposedConvolution {
		return F.convTranspose2d as TransposedConvolution;
	}
}

/** The transpose of `Conv3d`: [N, inChannels, D, H, W] or [inChannels, D, H, W]. */
export class ConvTranspose3d extends ConvTransposeNd<Size3d> {
	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size3d,
		options: ConvTransposeOptions<Size3d> = {},
	) {
		super(3, inChannels, outChannels, kernelSize, options);
	}

	protected override get convolve(): TransposedConvolution {
		return F.convTranspose3d as TransposedConvolution;
	}
}
