import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import { type FactoryOptions, resetByFanIn } from "./linear.ts";

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

type Convolution = (
	input: Tensor,
	weight: Tensor,
	bias: Tensor | null,
	stride: readonly number[],
	padding: readonly number[] | "same" | "valid",
	dilation: readonly number[],
	groups: number,
) => Tensor;

const OPTIONS = [
	"stride",
	"padding",
	"dilation",
	"groups",
	"bias",
	"paddingMode",
	"device",
	"dtype",
];
const PADDING_MODES: readonly PaddingMode[] = [
	"zeros",
	"reflect",
	"replicate",
	"circular",
];

abstract class ConvNd<Size> extends Module<[input: Tensor], Tensor> {
	readonly inChannels: number;
	readonly outChannels: number;
	readonly kernelSize: readonly number[];
	readonly stride: readonly number[];
	readonly padding: readonly number[] | "same" | "valid";
	readonly dilation: readonly number[];
	readonly groups: number;
	readonly paddingMode: PaddingMode;
	readonly weight: Parameter; // [outChannels, inChannels / groups, ...kernelSize]
	readonly bias: Parameter | null; // [outChannels]
	readonly #convolve: Convolution;
	readonly #edges: number[]; // before and after, last dimension first, as F.pad takes them

	constructor(
		convolve: Convolution,
		dims: number,
		inChannels: number,
		outChannels: number,
		kernelSize: Size,
		options: ConvOptions<Size>,
	) {
		super();
		const op = new.target.name;
		check.options(op, options, OPTIONS);
		const {
			stride = 1,
			padding = 0,
			dilation = 1,
			groups = 1,
			bias = true,
			paddingMode = "zeros",
			...factory
		} = options;
		check.integer(op, "groups", groups, { min: 1 });
		checkChannels(op, "inChannels", inChannels, groups);
		checkChannels(op, "outChannels", outChannels, groups);
		check.boolean(op, "bias", bias);
		check.oneOf(op, "paddingMode", paddingMode, PADDING_MODES);
		this.inChannels = inChannels;
		this.outChannels = outChannels;
		this.kernelSize = sizes(op, "kernelSize", kernelSize, dims, { min: 1 });
		this.stride = sizes(op, "stride", stride, dims, { min: 1 });
		this.padding = readPadding(op, padding, this.stride);
		this.dilation = sizes(op, "dilation", dilation, dims, { min: 1 });
		this.groups = groups;
		this.paddingMode = paddingMode;
		this.#convolve = convolve;
		this.#edges = edges(this.padding, this.kernelSize, this.dilation);
		this.weight = new Parameter(
			empty([outChannels, inChannels / groups, ...this.kernelSize], factory),
		);
		this.bias = bias ? new Parameter(empty([outChannels], factory)) : null;
		this.resetParameters();
	}

	/** Draws weight and bias anew. */
	resetParameters(): void {
		resetByFanIn(this.weight, this.bias);
	}

	override forward(input: Tensor): Tensor {
		const isZeros = this.paddingMode === "zeros";
		const padded = isZeros
			? input
			: F.pad(input, this.#edges, this.paddingMode);
		const padding = isZeros ? this.padding : "valid";
		return this.#convolve(
			padded,
			this.weight,
			this.bias,
			this.stride,
			padding,
			this.dilation,
			this.groups,
		);
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
		if (groups !== 1) parts.push(`groups=${groups}`);
		if (this.bias === null) parts.push("bias=False");
		if (this.paddingMode !== "zeros")
			parts.push(`padding_mode=${this.paddingMode}`);
		return parts.join(", ");
	}
}

type Size1d = number | readonly [number];
type Size2d = number | readonly [number, number];
type Size3d = number | readonly [number, number, number];

/** Convolution over [N, inChannels, L] or [inChannels, L]. */
export class Conv1d extends ConvNd<Size1d> {
	constructor(
		inChannels: number,
		outChannels: number,
		kernelSize: Size1d,
		options: ConvOptions<Size1d> = {},
	) {
		super(
			F.conv1d as Convolution,
			1,
			inChannels,
			outChannels,
			kernelSize,
			options,
		);
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
		super(
			F.conv2d as Convolution,
			2,
			inChannels,
			outChannels,
			kernelSize,
			options,
		);
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
		super(
			F.conv3d as Convolution,
			3,
			inChannels,
			outChannels,
			kernelSize,
			options,
		);
	}
}

function checkChannels(
	op: string,
	name: string,
	channels: number,
	groups: number,
): void {
	check.integer(op, name, channels, { min: 1 });
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

/** "same" pads the odd one after, as LibTorch's own zero padding does. */
function edges(
	padding: readonly number[] | "same" | "valid",
	kernelSize: readonly number[],
	dilation: readonly number[],
): number[] {
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
