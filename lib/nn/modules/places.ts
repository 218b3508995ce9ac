/** What moves values between places and channels, and between sizes. */
import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sizes } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { INTERPOLATE_MODES } from "../functional/sampling.ts";
import { Module } from "../module.ts";
import { float, python } from "../names.ts";
import { choice, flag, nullable, settings, unchecked } from "../settings.ts";

type Size2d = F.Size2d;

/** Channels become places: [..., C · r², H, W] to [..., C, H · r, W · r], r = `upscaleFactor`: https://arxiv.org/abs/1609.05158 */
export class PixelShuffle extends Module<[input: Tensor], Tensor> {
	readonly upscaleFactor: number;

	constructor(upscaleFactor: number) {
		super();
		const op = new.target.name;
		check.integer(op, "upscaleFactor", upscaleFactor, { min: 1 });
		this.upscaleFactor = upscaleFactor;
	}

	override forward(input: Tensor): Tensor {
		return F.pixelShuffle(input, this.upscaleFactor);
	}

	override extraRepr(): string {
		return `upscale_factor=${this.upscaleFactor}`;
	}
}

/** Places become channels: [..., C, H · r, W · r] to [..., C · r², H, W], r = `downscaleFactor`. */
export class PixelUnshuffle extends Module<[input: Tensor], Tensor> {
	readonly downscaleFactor: number;

	constructor(downscaleFactor: number) {
		super();
		const op = new.target.name;
		check.integer(op, "downscaleFactor", downscaleFactor, { min: 1 });
		this.downscaleFactor = downscaleFactor;
	}

	override forward(input: Tensor): Tensor {
		return F.pixelUnshuffle(input, this.downscaleFactor);
	}

	override extraRepr(): string {
		return `downscale_factor=${this.downscaleFactor}`;
	}
}

/** Takes channels of [N, C, …] from each of `groups` groups in turn: https://arxiv.org/abs/1707.01083 */
export class ChannelShuffle extends Module<[input: Tensor], Tensor> {
	readonly groups: number;

	constructor(groups: number) {
		super();
		this.groups = check.integer(new.target.name, "groups", groups, { min: 1 });
	}

	override forward(input: Tensor): Tensor {
		return F.channelShuffle(input, this.groups);
	}

	override extraRepr(): string {
		return `groups=${this.groups}`;
	}
}

function window(
	op: string,
	kernelSize: Size2d,
	options: F.FoldOptions,
): Required<{ [Name in keyof F.FoldOptions]: Size2d }> & {
	kernelSize: Size2d;
} {
	const { dilation, padding, stride } = settings(op, options, {
		dilation: unchecked<Size2d>(1),
		padding: unchecked<Size2d>(0),
		stride: unchecked<Size2d>(1),
	});
	sizes(op, "kernelSize", kernelSize, 2, { min: 1 });
	sizes(op, "dilation", dilation, 2, { min: 1 });
	sizes(op, "padding", padding, 2);
	sizes(op, "stride", stride, 2, { min: 1 });
	return { kernelSize, dilation, padding, stride };
}

/** All windows of [N, C, H, W] or [C, H, W] as columns: [N, C · window, windows]. */
export class Unfold extends Module<[input: Tensor], Tensor> {
	readonly kernelSize: Size2d;
	readonly dilation: Size2d;
	readonly padding: Size2d;
	readonly stride: Size2d;

	constructor(kernelSize: Size2d, options: F.FoldOptions = {}) {
		super();
		const given = window(new.target.name, kernelSize, options);
		this.kernelSize = given.kernelSize;
		this.dilation = given.dilation;
		this.padding = given.padding;
		this.stride = given.stride;
	}

	override forward(input: Tensor): Tensor {
		const { kernelSize, dilation, padding, stride } = this;
		return F.unfold(input, kernelSize, dilation, padding, stride);
	}

	override extraRepr(): string {
		return (
			`kernel_size=${python(this.kernelSize)}, dilation=${python(this.dilation)}, padding=${python(this.padding)}, ` +
			`stride=${python(this.stride)}`
		);
	}
}

/** Adds columns, as `Unfold` gives them, up to images of `outputSize`: [N, C, H, W]. */
export class Fold extends Module<[input: Tensor], Tensor> {
	readonly outputSize: Size2d;
	readonly kernelSize: Size2d;
	readonly dilation: Size2d;
	readonly padding: Size2d;
	readonly stride: Size2d;

	constructor(
		outputSize: Size2d,
		kernelSize: Size2d,
		options: F.FoldOptions = {},
	) {
		super();
		const op = new.target.name;
		sizes(op, "outputSize", outputSize, 2, { min: 1 });
		const given = window(op, kernelSize, options);
		this.outputSize = outputSize;
		this.kernelSize = given.kernelSize;
		this.dilation = given.dilation;
		this.padding = given.padding;
		this.stride = given.stride;
	}

	override forward(input: Tensor): Tensor {
		const { outputSize, kernelSize, dilation, padding, stride } = this;
		return F.fold(input, outputSize, kernelSize, dilation, padding, stride);
	}

	override extraRepr(): string {
		return (
			`output_size=${python(this.outputSize)}, kernel_size=${python(this.kernelSize)}, dilation=${python(this.dilation)}, ` +
			`padding=${python(this.padding)}, stride=${python(this.stride)}`
		);
	}
}

/** Either `size` or `scaleFactor` is needed: a number for all dimensions, or one for each. */
export interface UpsampleOptions {
	size?: number | readonly number[] | null | undefined;
	scaleFactor?: number | readonly number[] | null | undefined;
	/** Default "nearest". */
	mode?: F.InterpolateMode | undefined;
	/** Whether the corners' centres stay where they are, for linear and cubic modes. Default false. */
	alignCorners?: boolean | null | undefined;
	/** Whether the scale is computed anew from the size that `scaleFactor` gives. Default false. */
	recomputeScaleFactor?: boolean | null | undefined;
}

/** An input [N, C, …] of 1 to 3 spatial dimensions at another size: `functional.interpolate`. */
export class Upsample extends Module<[input: Tensor], Tensor> {
	readonly size: number | readonly number[] | null;
	readonly scaleFactor: number | readonly number[] | null;
	readonly mode: F.InterpolateMode;
	readonly alignCorners: boolean | null;
	readonly recomputeScaleFactor: boolean | null;

	constructor(options: UpsampleOptions = {}) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			size: nullable(
				numbers((op, name, value) =>
					check.integer(op, name, value, { min: 0 }),
				),
			),
			scaleFactor: nullable(numbers(check.number)),
			mode: choice<F.InterpolateMode>("nearest", INTERPOLATE_MODES),
			alignCorners: nullable(flag(false)),
			recomputeScaleFactor: nullable(flag(false)),
		});
		this.size = given.size;
		this.scaleFactor = given.scaleFactor;
		this.mode = given.mode;
		this.alignCorners = given.alignCorners;
		this.recomputeScaleFactor = given.recomputeScaleFactor;
	}

	override forward(input: Tensor): Tensor {
		const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } =
			this;
		return F.interpolate(
			input,
			size,
			scaleFactor,
			mode,
			alignCorners,
			recomputeScaleFactor,
		);
	}

	override extraRepr(): string {
		const { size, scaleFactor, mode } = this;
		const factors = Array.isArray(scaleFactor)
			? `(${scaleFactor.map(float).join(", ")}${scaleFactor.length === 1 ? "," : ""})`
			: float(scaleFactor as number);
		const what =
			scaleFactor === null ? `size=${python(size)}` : `scale_factor=${factors}`;
		return `${what}, mode=${python(mode)}`;
	}
}

function numbers(each: (op: string, name: string, value: unknown) => unknown): {
	fallback: number | readonly number[];
	check: typeof check.callable;
} {
	return {
		fallback: 1,
		check(op, name, value) {
			if (!Array.isArray(value)) each(op, name, value);
			else for (const [i, v] of value.entries()) each(op, `${name}[${i}]`, v);
		},
	};
}

/** For images: `size` or `scaleFactor`, a number or [height, width]. */
export interface Upsampling2dOptions {
	size?: Size2d | null | undefined;
	scaleFactor?: Size2d | null | undefined;
}

/** `Upsample` of images with mode "nearest". */
export class UpsamplingNearest2d extends Upsample {
	constructor(options: Upsampling2dOptions = {}) {
		check.options("UpsamplingNearest2d", options, ["size", "scaleFactor"]);
		super({ ...options, mode: "nearest" });
	}
}

/** `Upsample` of images with mode "bilinear" and `alignCorners`. */
export class UpsamplingBilinear2d extends Upsample {
	constructor(options: Upsampling2dOptions = {}) {
		check.options("UpsamplingBilinear2d", options, ["size", "scaleFactor"]);
		super({ ...options, mode: "bilinear", alignCorners: true });
	}
}
