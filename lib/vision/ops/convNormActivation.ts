import * as nn from "../../nn/index.ts";
import {
	flag,
	nullable,
	type Setting,
	settings,
	unchecked,
	whole,
} from "../../nn/settings.ts";
import {
	type ActivationLayer,
	batchNorm,
	checkMaker,
	type Layer,
	type NormLayer,
	relu,
} from "./layers.ts";

/** `Size` is a number for all dimensions, or one for each. */
export interface ConvNormActivationOptions<Size> {
	/** Default 3. */
	kernelSize?: Size | undefined;
	/** Default 1. */
	stride?: Size | undefined;
	/** Default null: what keeps the input's size at stride 1, (kernelSize - 1) / 2 · dilation. */
	padding?: Size | "same" | "valid" | null | undefined;
	/** Default 1. */
	groups?: number | undefined;
	/** Makes the normalisation after the convolution; null: none. Default: batch normalisation. */
	normLayer?: NormLayer | null | undefined;
	/** Makes the activation at the end; null: none. Default: ReLU. */
	activationLayer?: ActivationLayer | null | undefined;
	/** Default 1. */
	dilation?: Size | undefined;
	/** Whether the activation overwrites its input. Default true. */
	inplace?: boolean | undefined;
	/** Whether the convolution has a bias. Default null: only without a normalisation. */
	bias?: boolean | null | undefined;
}

/** What a layer's maker is: a function. */
export const layerMaker = <T>(fallback: T): Setting<T> => ({
	fallback,
	check: checkMaker,
});

/** A convolution, its normalisation and activation, as `0`, `1` and `2`. */
abstract class ConvNormActivation<
	Size extends number | readonly number[],
> extends nn.Sequential {
	readonly outChannels: number;

	constructor(
		op: string,
		conv: (
			kernelSize: Size,
			options: {
				stride: Size;
				padding: Size | "same" | "valid";
				dilation: Size;
				groups: number;
				bias: boolean;
			},
		) => Layer,
		norm: NormLayer,
		outChannels: number,
		options: ConvNormActivationOptions<Size>,
	) {
		const given = settings(op, options, {
			kernelSize: unchecked(3 as Size),
			stride: unchecked(1 as Size),
			padding: unchecked<Size | "same" | "valid" | null>(null),
			groups: whole(1, { min: 1 }),
			normLayer: nullable(layerMaker(norm), norm),
			activationLayer: nullable(layerMaker(relu), relu),
			dilation: unchecked(1 as Size),
			inplace: flag(true),
			bias: nullable(flag(true)),
		});
		const { kernelSize, stride, dilation, groups } = given;
		const { normLayer, activationLayer } = given;
		const padding = given.padding ?? keepingSize(kernelSize, dilation);
		const bias = given.bias ?? normLayer === null;
		const layers = [
			conv(kernelSize, { stride, padding, dilation, groups, bias }),
		];
		if (normLayer !== null) layers.push(normLayer(outChannels));
		if (activationLayer !== null) layers.push(activationLayer(given.inplace));
		super(...layers);
		this.outChannels = outChannels;
	}
}

function keepingSize<Size extends number | readonly number[]>(
	kernelSize: Size,
	dilation: Size,
): Size {
	const padding = (kernel: number, step: number) =>
		Math.floor((kernel - 1) / 2) * step;
	if (typeof kernelSize === "number" && typeof dilation === "number")
		return padding(kernelSize, dilation) as Size;
	const sizes: (number | readonly number[])[] = [kernelSize, dilation];
	const count = Math.max(
		...sizes.map((size) => (typeof size === "number" ? 0 : size.length)),
	);
	const at = (size: number | readonly number[], i: number) =>
		(typeof size === "number" ? size : size[i]) as number;
	return Array.from({ length: count }, (_, i) =>
		padding(at(kernelSize, i), at(dilation, i)),
	) as readonly number[] as Size;
}

/** A number, or [height, width]. */
type Size2d = number | readonly [number, number];

/**
 * The block that most networks for images repeat: convolution, normalisation, activation.
 *
 * Of [N, inChannels, H, W] makes [N, outChannels, H', W'].
 *
 * ```ts
 * const block = new vision.ops.Conv2dNormActivation(3, 32, { stride: 2, activationLayer: (inplace) => new nn.SiLU({ inplace }) });
 * ```
 */
export class Conv2dNormActivation extends ConvNormActivation<Size2d> {
	constructor(
		inChannels: number,
		outChannels: number,
		options: ConvNormActivationOptions<Size2d> = {},
	) {
		super(
			"Conv2dNormActivation",
			(kernelSize, rest) =>
				new nn.Conv2d(inChannels, outChannels, kernelSize, rest),
			batchNorm,
			outChannels,
			options,
		);
	}
}

/** A number, or [depth, height, width]. */
type Size3d = number | readonly [number, number, number];

/** `Conv2dNormActivation` of volumes [N, C, D, H, W]. */
export class Conv3dNormActivation extends ConvNormActivation<Size3d> {
	constructor(
		inChannels: number,
		outChannels: number,
		options: ConvNormActivationOptions<Size3d> = {},
	) {
		super(
			"Conv3dNormActivation",
			(kernelSize, rest) =>
				new nn.Conv3d(inChannels, outChannels, kernelSize, rest),
			(channels) => new nn.BatchNorm3d(channels),
			outChannels,
			options,
		);
	}
}
