import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { python } from "../../names.ts";
import { flag, settings, unchecked } from "../../settings.ts";
import {
	checked,
	type Pooled,
	type Size,
	type Size1d,
	type Size2d,
	type Size3d,
} from "./sizes.ts";

/** With `returnIndices: true` the module gives [maxima, where they were]. */
export interface MaxPoolModuleOptions<
	S = Size,
	Indices extends boolean = boolean,
> {
	/** Steps of the window. Default: its size. */
	stride?: S | null | undefined;
	/** Minus infinities added on both sides, at most half the window. Default 0. */
	padding?: S | undefined;
	/** Distance between the window's points. Default 1. */
	dilation?: S | undefined;
	/** Also gives where in the input's flattened places each maximum was. Default false. */
	returnIndices?: Indices | undefined;
	/** Whether windows may hang over the edge. Default false. */
	ceilMode?: boolean | undefined;
}

abstract class MaxPoolNd<
	S extends Size,
	Indices extends boolean,
> extends Module<[input: Tensor], Pooled<Indices>> {
	readonly kernelSize: S;
	readonly stride: S;
	readonly padding: S;
	readonly dilation: S;
	readonly returnIndices: boolean;
	readonly ceilMode: boolean;

	constructor(
		dims: number,
		kernelSize: S,
		options: MaxPoolModuleOptions<S, Indices>,
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			stride: unchecked<S | null>(null),
			padding: unchecked<Size>(0),
			dilation: unchecked<Size>(1),
			returnIndices: flag(false),
			ceilMode: flag(false),
		});
		const { stride, padding, dilation } = given;
		this.kernelSize = checked(op, "kernelSize", kernelSize, dims, 1);
		this.stride = checked(op, "stride", stride ?? kernelSize, dims, 1);
		this.padding = checked(op, "padding", padding as S, dims, 0);
		this.dilation = checked(op, "dilation", dilation as S, dims, 1);
		this.returnIndices = given.returnIndices;
		this.ceilMode = given.ceilMode;
	}

	/** The function of this many dimensions. */
	protected abstract pool(
		input: Tensor,
		options: F.MaxPoolOptions<S>,
	): Tensor | [Tensor, Tensor];

	override forward(input: Tensor): Pooled<Indices> {
		const { stride, padding, dilation, ceilMode, returnIndices } = this;
		return this.pool(input, {
			stride,
			padding,
			dilation,
			ceilMode,
			returnIndices,
		}) as Pooled<Indices>;
	}

	override extraRepr(): string {
		const { kernelSize, stride, padding, dilation, ceilMode } = this;
		return (
			`kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}, ` +
			`dilation=${python(dilation)}, ceil_mode=${python(ceilMode)}`
		);
	}
}

/** The maximum of each window of [N, C, L] or [C, L]. */
export class MaxPool1d<Indices extends boolean = false> extends MaxPoolNd<
	Size1d,
	Indices
> {
	constructor(
		kernelSize: Size1d,
		options: MaxPoolModuleOptions<Size1d, Indices> = {},
	) {
		super(1, kernelSize, options);
	}

	protected override pool(
		input: Tensor,
		options: F.MaxPoolOptions<Size1d>,
	): Tensor | [Tensor, Tensor] {
		return F.maxPool1d(input, this.kernelSize, options as object);
	}
}

/** The maximum of each window of [N, C, H, W] or [C, H, W]. */
export class MaxPool2d<Indices extends boolean = false> extends MaxPoolNd<
	Size2d,
	Indices
> {
	constructor(
		kernelSize: Size2d,
		options: MaxPoolModuleOptions<Size2d, Indices> = {},
	) {
		super(2, kernelSize, options);
	}

	protected override pool(
		input: Tensor,
		options: F.MaxPoolOptions<Size2d>,
	): Tensor | [Tensor, Tensor] {
		return F.maxPool2d(input, this.kernelSize, options as object);
	}
}

/** The maximum of each window of [N, C, D, H, W] or [C, D, H, W]. */
export class MaxPool3d<Indices extends boolean = false> extends MaxPoolNd<
	Size3d,
	Indices
> {
	constructor(
		kernelSize: Size3d,
		options: MaxPoolModuleOptions<Size3d, Indices> = {},
	) {
		super(3, kernelSize, options);
	}

	protected override pool(
		input: Tensor,
		options: F.MaxPoolOptions<Size3d>,
	): Tensor | [Tensor, Tensor] {
		return F.maxPool3d(input, this.kernelSize, options as object);
	}
}
