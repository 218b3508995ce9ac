import type { Tensor } from "../../../tensor/tensor.ts";
import { sizes } from "../../arguments.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { python } from "../../names.ts";
import { settings, unchecked } from "../../settings.ts";
import type { Size, Size1d, Size2d, Size3d } from "./sizes.ts";

export interface MaxUnpoolModuleOptions<S = Size> {
	/** The pool's steps. Default: its window's size. */
	stride?: S | null | undefined;
	/** The pool's padding. Default 0. */
	padding?: S | undefined;
}

/** Called with a pool's two results, and with the size of its input where several fit. */
type UnpoolInputs = [
	input: Tensor,
	indices: Tensor,
	outputSize?: readonly number[] | null,
];

abstract class MaxUnpoolNd<S extends Size> extends Module<
	UnpoolInputs,
	Tensor
> {
	readonly kernelSize: readonly number[];
	readonly stride: readonly number[];
	readonly padding: readonly number[];

	constructor(dims: number, kernelSize: S, options: MaxUnpoolModuleOptions<S>) {
		super();
		const op = new.target.name;
		const { stride, padding } = settings(op, options, {
			stride: unchecked<S | null>(null),
			padding: unchecked<Size>(0),
		});
		this.kernelSize = sizes(op, "kernelSize", kernelSize, dims, { min: 1 });
		this.stride = sizes(op, "stride", stride ?? kernelSize, dims, { min: 1 });
		this.padding = sizes(op, "padding", padding, dims);
	}

	override extraRepr(): string {
		const { kernelSize, stride, padding } = this;
		return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}`;
	}
}

/** Puts maxima back to where `MaxPool1d` found them, and zeros everywhere else. */
export class MaxUnpool1d extends MaxUnpoolNd<Size1d> {
	constructor(
		kernelSize: Size1d,
		options: MaxUnpoolModuleOptions<Size1d> = {},
	) {
		super(1, kernelSize, options);
	}

	override forward(...[input, indices, outputSize]: UnpoolInputs): Tensor {
		const kernelSize = this.kernelSize as [number];
		const stride = this.stride as [number];
		const padding = this.padding as [number];
		return F.maxUnpool1d(input, indices, kernelSize, {
			stride,
			padding,
			outputSize,
		});
	}
}

/** Puts maxima back to where `MaxPool2d` found them, and zeros everywhere else. */
export class MaxUnpool2d extends MaxUnpoolNd<Size2d> {
	constructor(
		kernelSize: Size2d,
		options: MaxUnpoolModuleOptions<Size2d> = {},
	) {
		super(2, kernelSize, options);
	}

	override forward(...[input, indices, outputSize]: UnpoolInputs): Tensor {
		const kernelSize = this.kernelSize as [number, number];
		const stride = this.stride as [number, number];
		const padding = this.padding as [number, number];
		return F.maxUnpool2d(input, indices, kernelSize, {
			stride,
			padding,
			outputSize,
		});
	}
}

/** Puts maxima back to where `MaxPool3d` found them, and zeros everywhere else. */
export class MaxUnpool3d extends MaxUnpoolNd<Size3d> {
	constructor(
		kernelSize: Size3d,
		options: MaxUnpoolModuleOptions<Size3d> = {},
	) {
		super(3, kernelSize, options);
	}

	override forward(...[input, indices, outputSize]: UnpoolInputs): Tensor {
		const kernelSize = this.kernelSize as [number, number, number];
		const stride = this.stride as [number, number, number];
		const padding = this.padding as [number, number, number];
		return F.maxUnpool3d(input, indices, kernelSize, {
			stride,
			padding,
			outputSize,
		});
	}
}
