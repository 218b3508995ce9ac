import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";

type Size2d = F.Size2d;

/** With `returnIndices: true` the module gives [maxima, where they were]. */
export interface MaxPool2dModuleOptions<Indices extends boolean = boolean> {
	/** Steps of the window. Default: its size. */
	stride?: Size2d | undefined;
	/** Minus infinities added on both sides, at most half the window. Default 0. */
	padding?: Size2d | undefined;
	/** Distance between the window's points. Default 1. */
	dilation?: Size2d | undefined;
	/** Also gives where in the flattened H × W each maximum was. Default false. */
	returnIndices?: Indices | undefined;
	/** Whether windows may hang over the edge. Default false. */
	ceilMode?: boolean | undefined;
}

/** The maximum of each window of [N, C, H, W] or [C, H, W]. */
export class MaxPool2d<Indices extends boolean = false> extends Module<
	[input: Tensor],
	Indices extends true ? [Tensor, Tensor] : Tensor
> {
	readonly kernelSize: Size2d;
	readonly stride: Size2d;
	readonly padding: Size2d;
	readonly dilation: Size2d;
	readonly returnIndices: boolean;
	readonly ceilMode: boolean;

	constructor(
		kernelSize: Size2d,
		options: MaxPool2dModuleOptions<Indices> = {},
	) {
		super();
		const op = new.target.name;
		check.options(op, options, [
			"stride",
			"padding",
			"dilation",
			"returnIndices",
			"ceilMode",
		]);
		const {
			stride = kernelSize,
			padding = 0,
			dilation = 1,
			returnIndices = false,
			ceilMode = false,
		} = options;
		this.kernelSize = checked(op, "kernelSize", kernelSize, 1);
		this.stride = checked(op, "stride", stride, 1);
		this.padding = checked(op, "padding", padding, 0);
		this.dilation = checked(op, "dilation", dilation, 1);
		check.boolean(op, "returnIndices", returnIndices);
		check.boolean(op, "ceilMode", ceilMode);
		this.returnIndices = returnIndices;
		this.ceilMode = ceilMode;
	}

	override forward(
		input: Tensor,
	): Indices extends true ? [Tensor, Tensor] : Tensor;
	override forward(input: Tensor): [Tensor, Tensor] | Tensor {
		const { kernelSize, stride, padding, dilation, ceilMode } = this;
		if (!this.returnIndices)
			return F.maxPool2d(
				input,
				kernelSize,
				stride,
				padding,
				dilation,
				ceilMode,
			);
		return F.maxPool2d(input, kernelSize, {
			stride,
			padding,
			dilation,
			ceilMode,
			returnIndices: true,
		});
	}

	override extraRepr(): string {
		const { kernelSize, stride, padding, dilation, ceilMode } = this;
		return (
			`kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}, ` +
			`dilation=${python(dilation)}, ceil_mode=${python(ceilMode)}`
		);
	}
}

export interface AvgPool2dOptions {
	/** Steps of the window. Default: its size. */
	stride?: Size2d | undefined;
	/** Zeros added on both sides. Default 0. */
	padding?: Size2d | undefined;
	/** Whether windows may hang over the edge. Default false. */
	ceilMode?: boolean | undefined;
	/** Whether those zeros count in the average. Default true. */
	countIncludePad?: boolean | undefined;
	/** What sums are divided by instead of the window's size. */
	divisorOverride?: number | null | undefined;
}

/** The average of each window of [N, C, H, W] or [C, H, W]. */
export class AvgPool2d extends Module<[input: Tensor], Tensor> {
	readonly kernelSize: Size2d;
	readonly stride: Size2d;
	readonly padding: Size2d;
	readonly ceilMode: boolean;
	readonly countIncludePad: boolean;
	readonly divisorOverride: number | null;

	constructor(kernelSize: Size2d, options: AvgPool2dOptions = {}) {
		super();
		const op = new.target.name;
		check.options(op, options, [
			"stride",
			"padding",
			"ceilMode",
			"countIncludePad",
			"divisorOverride",
		]);
		const {
			stride = kernelSize,
			padding = 0,
			ceilMode = false,
			countIncludePad = true,
			divisorOverride = null,
		} = options;
		this.kernelSize = checked(op, "kernelSize", kernelSize, 1);
		this.stride = checked(op, "stride", stride, 1);
		this.padding = checked(op, "padding", padding, 0);
		check.boolean(op, "ceilMode", ceilMode);
		check.boolean(op, "countIncludePad", countIncludePad);
		if (divisorOverride !== null)
			check.integer(op, "divisorOverride", divisorOverride);
		this.ceilMode = ceilMode;
		this.countIncludePad = countIncludePad;
		this.divisorOverride = divisorOverride;
	}

	override forward(input: Tensor): Tensor {
		const {
			kernelSize,
			stride,
			padding,
			ceilMode,
			countIncludePad,
			divisorOverride,
		} = this;
		return F.avgPool2d(
			input,
			kernelSize,
			stride,
			padding,
			ceilMode,
			countIncludePad,
			divisorOverride,
		);
	}

	override extraRepr(): string {
		return `kernel_size=${python(this.kernelSize)}, stride=${python(this.stride)}, padding=${python(this.padding)}`;
	}
}

/** Averages [N, C, H, W] or [C, H, W] to a given height and width; null keeps the input's. */
export class AdaptiveAvgPool2d extends Module<[input: Tensor], Tensor> {
	readonly outputSize: number | readonly [number | null, number | null];

	constructor(outputSize: number | readonly [number | null, number | null]) {
		super();
		const known = Array.isArray(outputSize)
			? outputSize.map((size) => size ?? 1)
			: outputSize;
		sizes(new.target.name, "outputSize", known, 2);
		this.outputSize = outputSize;
	}

	override forward(input: Tensor): Tensor {
		return F.adaptiveAvgPool2d(input, this.outputSize);
	}

	override extraRepr(): string {
		return `output_size=${python(this.outputSize)}`;
	}
}

/** `size` as it was given, which is how Python prints it, if it is one. */
function checked(op: string, name: string, size: Size2d, min: number): Size2d {
	sizes(op, name, size, 2, { min });
	return size;
}
