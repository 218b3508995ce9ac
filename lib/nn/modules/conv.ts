import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import {
	choice,
	FACTORY,
	type FactoryOptions,
	flag,
	settings,
	unchecked,
	whole,
} from "../settings.ts";
import { resetByFanIn } from "./linear.ts";

/** What lies beyond the edges: zeros, or the input mirrored, its edge repeated, or its other end. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** `Size` is a number for all dimensions, or one for each. */
export interface ConvOptions<Size> extends FactoryOptions {
	/** Steps of the kernel. Default 1. */
	stride?: Size | undefined;
	/** Added on both sides: "same" keeps the input's size (stride 1 only), "valid" adds none. Default 0. */
	padding?: Size | "same" | "valid" | undefined;
	/** Distance between the kernel's points. Default 1. */
	dilation?: Size | undefined;
	/** Number of blocks that input and output channels are split into, each block seeing its own only. Default 1. */
	groups?: number | undefined;
	/** Whether a bias is learnt and added. Default true. */
	bias?: boolean | undefined;
	/** Default "zeros". */
	paddingMode?: PaddingMode | undefined;
}

type Shape = "same" | "valid" | readonly number[];
type Convolution = (
	input: Tensor,
	weight: Tensor,
	bias: Tensor | null,
	stride: readonly number[],
	padding: Shape,
	dilation: readonly number[],
	groups: number,
) => Tensor;

const PADDING_MODES: readonly PaddingMode[] = [
	"zeros",
	"reflect",
	"replicate",
	"circular",
];

/** What convolutions and transposed ones share. */
export abstract class ConvBase<
	Size,
	Inputs extends unknown[] = [input: Tensor],
> extends Module<Inputs, Tensor> {
	inChannels: number;
	outChannels: number;
	readonly kernelSize: readonly number[];
	readonly stride: readonly number[];
	readonly padding: Shape;
	readonly dilation: readonly number[];
	readonly groups: number;
	readonly paddingMode: PaddingMode;
	weight: Parameter; // [outChannels, inChannels / groups, ...kernelSize]; the channels change places where transposed
	bias: Parameter | null; // [outChannels]

	constructor(
		dims: number,
		isTransposed: boolean,
		inChannels: number,
		outChannels: number,
		kernelSize: Size,
		options: ConvOptions<Size>,
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			stride: unchecked<unknown>(1),
			padding: unchecked<unknown>(0),
			dilation: unchecked<unknown>(1),
			groups: whole(1, { min: 1 }),
			bias: flag(true),
			paddingMode: choice<PaddingMode>("zeros", PADDING_MODES),
			...(isTransposed && { outputPadding: unchecked<unknown>(0) }),
			...FACTORY,
		});
		const { groups, paddingMode, device, dtype } = given;
		checkChannels(op, "inChannels", inChannels, groups);
		checkChannels(op, "outChannels", outChannels, groups);
		this.inChannels = inChannels;
		this.outChannels = outChannels;
		this.kernelSize = sizes(op, "kernelSize", kernelSize, dims, { min: 1 });
		this.stride = sizes(op, "stride", given.stride, dims, { min: 1 });
		this.padding = readPadding(op, given.padding, this.stride);
		this.dilation = sizes(op, "dilation", given.dilation, dims, { min: 1 });
		this.groups = groups;
		this.paddingMode = paddingMode;
		const [first, second] = isTransposed
			? [inChannels, outChannels / groups]
			: [outChannels, inChannels / groups];
		this.weight = new Parameter(
			empty([first, second, ...this.kernelSize], { device, dtype }),
		);
		this.bias = given.bias
			? new Parameter(empty([outChannels], { device, dtype }))
			: null;
		this.resetParameters();
	}

	/** Draws weight and bias anew. */
	resetParameters(): void {
		if (this.weight.numel() > 0) resetByFanIn(this.weight, this.bias);
	}

	override extraRepr(): string {
		const { padding, dilation, groups } = this;
		const parts = [
			this.inChannels,
			this.outChannels,
			`kernel_size=${python(this.kernelSize)}`,
			`stride=${python(this.stride)}`,
		];
		if (typeof padding === "string") parts.push(`padding=${padding}`);
		else if (padding.some((size) => size !== 0))
			parts.push(`padding=${python(padding)}`);
		if (dilation.some((size) => size !== 1))
			parts.push(`dilation=${python(dilation)}`);
		parts.push(...this.transposedRepr());
		if (groups !== 1) parts.push(`groups=${groups}`);
		if (this.bias === null) parts.push("bias=False");
		if (this.paddingMode !== "zeros")
			parts.push(`padding_mode=${this.paddingMode}`);
		return parts.join(", ");
	}

	protected transposedRepr(): string[] {
		return [];
	}
}

abstract class ConvNd<Size> extends ConvBase<Size> {
	/** The function of this many dimensions. */
	protected abstract readonly convolve: Convolution;

	override forward(input: Tensor): Tensor {
		const { convolve, paddingMode, padding } = this;
		const isZeros = paddingMode === "zeros";
		return convolve(
			isZeros ? input : F.pad(input, this.edges(), paddingMode),
			this.weight,
			this.bias,
			this.stride,
			isZeros ? padding : "valid",
			this.dilation,
			this.groups,
		);
	}

	/** The padding before and after, last dimension first. "same" puts the odd one after, as LibTorch's own zero padding does. */
	private edges(): number[] {
		const { padding, kernelSize, dilation } = this;
		if (padding === "valid") return kernelSize.flatMap(() => [0, 0]);
		if (padding !== "same")
			return padding.toReversed().flatMap((size) => [size, size]);
		const totals = kernelSize.map(
			(size, i) => (dilation[i] as number) * (size - 1),
		);
		return totals
			.reverse()
			.flatMap((total) => [Math.floor(total / 2), Math.ceil(total / 2)]);
	}
}

export type Size1d = number | readonly [number];
export type Size2d = number | readonly [number, number];
export type Size3d = number | readonly [number, number, number];

/** Convolution over [N, inChannels, L] or [inChannels, L]. */
export class Conv1d extends ConvNd<Size1d> {
	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size1d,
		options: ConvOptions<Size1d> = {},
	) {
		super(1, false, inChannels, outChannels, kernelSize, options);
	}

	protected override get convolve(): Convolution {
		return F.conv1d as Convolution;
	}
}

/**
 * Convolution over images [N, inChannels, H, W] or [inChannels, H, W].
 *
 * ```ts
 * const layer = new nn.Conv2d(3, 16, 3, { stride: 2, padding: 1 });
 * layer(torch.randn([8, 3, 32, 32])).shape; // [8, 16, 16, 16]
 * ```
 */
export class Conv2d extends ConvNd<Size2d> {
	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size2d,
		options: ConvOptions<Size2d> = {},
	) {
		super(2, false, inChannels, outChannels, kernelSize, options);
	}

	protected override get convolve(): Convolution {
		return F.conv2d as Convolution;
	}
}

/** Convolution over volumes [N, inChannels, D, H, W] or [inChannels, D, H, W]. */
export class Conv3d extends ConvNd<Size3d> {
	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size3d,
		options: ConvOptions<Size3d> = {},
	) {
		super(3, false, inChannels, outChannels, kernelSize, options);
	}

	protected override get convolve(): Convolution {
		return F.conv3d as Convolution;
	}
}

function checkChannels(
	op: string,
	name: string,
	channels: number,
	groups: number,
): void {
	check.integer(op, name, channels, { min: 0 });
	if (channels % groups !== 0)
		throw check.invalidValue(
			op,
			name,
			`expected a multiple of groups (${groups}), got ${channels}`,
		);
}

function readPadding(
	op: string,
	padding: unknown,
	stride: readonly number[],
): number[] | "same" | "valid" {
	if (typeof padding !== "string")
		return sizes(op, "padding", padding, stride.length);
	check.oneOf(op, "padding", padding, ["same", "valid"]);
	if (padding === "same" && stride.some((step) => step !== 1)) {
		throw check.invalidValue(
			op,
			"padding",
			`"same" is not supported for strided convolutions, stride is [${stride.join(", ")}]`,
		);
	}
	return padding as "same" | "valid";
}
