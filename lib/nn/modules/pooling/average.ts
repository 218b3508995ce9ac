import type { Tensor } from "../../../tensor/tensor.ts";
import { sizes } from "../../arguments.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { python } from "../../names.ts";
import { flag, nullable, settings, unchecked, whole } from "../../settings.ts";
import {
	checked,
	type Size,
	type Size1d,
	type Size2d,
	type Size3d,
} from "./sizes.ts";

export interface AvgPool1dOptions<S = Size1d> {
	/** Steps of the window. Default: its size. */
	stride?: S | null | undefined;
	/** Zeros added on both sides. Default 0. */
	padding?: S | undefined;
	/** Whether windows may hang over the edge. Default false. */
	ceilMode?: boolean | undefined;
	/** Whether those zeros count in the average. Default true. */
	countIncludePad?: boolean | undefined;
}

/** The average of each window of [N, C, L] or [C, L]. */
export class AvgPool1d extends Module<[input: Tensor], Tensor> {
	readonly kernelSize: readonly [number];
	readonly stride: readonly [number];
	readonly padding: readonly [number];
	readonly ceilMode: boolean;
	readonly countIncludePad: boolean;

	constructor(kernelSize: Size1d, options: AvgPool1dOptions = {}) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			stride: unchecked<Size1d | null>(null),
			padding: unchecked<Size1d>(0),
			ceilMode: flag(false),
			countIncludePad: flag(true),
		});
		const { stride, padding } = given;
		this.kernelSize = sizes(op, "kernelSize", kernelSize, 1, { min: 1 });
		this.stride = sizes(op, "stride", stride ?? kernelSize, 1, { min: 1 });
		this.padding = sizes(op, "padding", padding, 1);
		this.ceilMode = given.ceilMode;
		this.countIncludePad = given.countIncludePad;
	}

	override forward(input: Tensor): Tensor {
		const { kernelSize, stride, padding, ceilMode, countIncludePad } = this;
		return F.avgPool1d(
			input,
			kernelSize,
			stride,
			padding,
			ceilMode,
			countIncludePad,
		);
	}

	override extraRepr(): string {
		const { kernelSize, stride, padding } = this;
		return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}`;
	}
}

export interface AvgPoolOptions<S = Size> extends AvgPool1dOptions<S> {
	/** What sums are divided by instead of the window's size. */
	divisorOverride?: number | null | undefined;
}

type Average<S extends Size> = (
	input: Tensor,
	kernelSize: S,
	stride: S,
	padding: S,
	ceilMode: boolean,
	countIncludePad: boolean,
	divisorOverride: number | null,
) => Tensor;

abstract class AvgPoolNd<S extends Size> extends Module<
	[input: Tensor],
	Tensor
> {
	readonly kernelSize: S;
	readonly stride: S;
	readonly padding: S;
	readonly ceilMode: boolean;
	readonly countIncludePad: boolean;
	readonly divisorOverride: number | null;

	constructor(dims: number, kernelSize: S, options: AvgPoolOptions<S>) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			stride: unchecked<S | null>(null),
			padding: unchecked<Size>(0),
			ceilMode: flag(false),
			countIncludePad: flag(true),
			divisorOverride: nullable(whole(1)),
		});
		const { stride, padding } = given;
		this.kernelSize = checked(op, "kernelSize", kernelSize, dims, 1);
		this.stride = checked(op, "stride", stride ?? kernelSize, dims, 1);
		this.padding = checked(op, "padding", padding as S, dims, 0);
		this.ceilMode = given.ceilMode;
		this.countIncludePad = given.countIncludePad;
		this.divisorOverride = given.divisorOverride;
	}

	override forward(input: Tensor): Tensor {
		const average = this.average;
		return average(
			input,
			this.kernelSize,
			this.stride,
			this.padding,
			this.ceilMode,
			this.countIncludePad,
			this.divisorOverride,
		);
	}

	/** The function of this many dimensions. */
	protected abstract get average(): Average<S>;

	override extraRepr(): string {
		const { kernelSize, stride, padding } = this;
		return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}`;
	}
}

/** The average of each window of [N, C, H, W] or [C, H, W]. */
export class AvgPool2d extends AvgPoolNd<Size2d> {
	constructor(kernelSize: Size2d, options: AvgPoolOptions<Size2d> = {}) {
		super(2, kernelSize, options);
	}

	protected override get average(): Average<Size2d> {
		return F.avgPool2d;
	}
}

/** The average of each window of [N, C, D, H, W] or [C, D, H, W]. */
export class AvgPool3d extends AvgPoolNd<Size3d> {
	constructor(kernelSize: Size3d, options: AvgPoolOptions<Size3d> = {}) {
		super(3, kernelSize, options);
	}

	protected override get average(): Average<Size3d> {
		return F.avgPool3d;
	}
}
