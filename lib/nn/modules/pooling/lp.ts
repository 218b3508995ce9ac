import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { python } from "../../names.ts";
import { flag, settings, unchecked } from "../../settings.ts";
import {
	checked,
	type Size,
	type Size1d,
	type Size2d,
	type Size3d,
} from "./sizes.ts";

abstract class LPPoolNd<S extends Size> extends Module<
	[input: Tensor],
	Tensor
> {
	readonly normType: number;
	readonly kernelSize: S;
	readonly stride: S | null;
	readonly ceilMode: boolean;

	constructor(
		dims: number,
		normType: number,
		kernelSize: S,
		options: F.LPPoolOptions<S>,
	) {
		super();
		const op = new.target.name;
		const { stride, ceilMode } = settings(op, options, {
			stride: unchecked<S | null>(null),
			ceilMode: flag(false),
		});
		this.normType = check.number(op, "normType", normType);
		this.kernelSize = checked(op, "kernelSize", kernelSize, dims, 1);
		this.stride =
			stride === null ? null : checked(op, "stride", stride, dims, 1);
		this.ceilMode = ceilMode;
	}

	override extraRepr(): string {
		const { normType, kernelSize, stride, ceilMode } = this;
		return (
			`norm_type=${python(normType)}, kernel_size=${python(kernelSize)}, stride=${python(stride)}, ` +
			`ceil_mode=${python(ceilMode)}`
		);
	}
}

/** The p-norm of each window of [N, C, L] or [C, L], p = `normType`. */
export class LPPool1d extends LPPoolNd<Size1d> {
	constructor(
		normType: number,
		kernelSize: Size1d,
		options: F.LPPoolOptions<Size1d> = {},
	) {
		super(1, normType, kernelSize, options);
	}

	override forward(input: Tensor): Tensor {
		const { normType, kernelSize, stride, ceilMode } = this;
		return F.lpPool1d(input, normType, kernelSize, stride, ceilMode);
	}
}

/** The p-norm of each window of [N, C, H, W] or [C, H, W], p = `normType`. */
export class LPPool2d extends LPPoolNd<Size2d> {
	constructor(
		normType: number,
		kernelSize: Size2d,
		options: F.LPPoolOptions<Size2d> = {},
	) {
		super(2, normType, kernelSize, options);
	}

	override forward(input: Tensor): Tensor {
		const { normType, kernelSize, stride, ceilMode } = this;
		return F.lpPool2d(input, normType, kernelSize, stride, ceilMode);
	}
}

/** The p-norm of each window of [N, C, D, H, W] or [C, D, H, W], p = `normType`. */
export class LPPool3d extends LPPoolNd<Size3d> {
	constructor(
		normType: number,
		kernelSize: Size3d,
		options: F.LPPoolOptions<Size3d> = {},
	) {
		super(3, normType, kernelSize, options);
	}

	override forward(input: Tensor): Tensor {
		const { normType, kernelSize, stride, ceilMode } = this;
		return F.lpPool3d(input, normType, kernelSize, stride, ceilMode);
	}
}
