import * as nn from "../../nn/index.ts";
import { flag, real, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Conv2dNormActivation } from "../ops/convNormActivation.ts";
import {
	batchNormWith,
	hardswish,
	type Layer,
	type NormLayer,
	relu,
} from "../ops/layers.ts";
import { SqueezeExcitation } from "../ops/squeezeExcitation.ts";
import {
	type DropoutOptions,
	makeDivisible,
	NORM_LAYER,
	NUM_CLASSES,
	probability,
} from "./options.ts";
import { initialise, kaimingFanOut, normalLinear } from "./weightInit.ts";

export interface MobileNetV3Options extends DropoutOptions {
	/** Multiplies all channels. Default 1. */
	widthMult?: number | undefined;
	/** Whether the last blocks have half the channels, for tasks of few classes. Default false. */
	reducedTail?: boolean | undefined;
	/** Whether the last blocks dilate their convolutions instead of halving the size, for segmentation. Default false. */
	dilated?: boolean | undefined;
	/** Makes the normalisations. Default: batch normalisation with eps 0.001 and momentum 0.01. */
	normLayer?: NormLayer | null | undefined;
}

/** A block: kernel size, inner channels, channels, squeeze and excitation, hardswish, stride; `isTail` for the last ones. */
interface Config {
	kernel: number;
	expanded: number;
	outputs: number;
	hasSe: boolean;
	hasHardswish: boolean;
	stride: number;
	isTail?: boolean;
}

const row = (
	kernel: number,
	expanded: number,
	outputs: number,
	kind: "" | "se" | "hs" | "se hs",
	stride: number,
	isTail = false,
): Config => ({
	kernel,
	expanded,
	outputs,
	hasSe: kind.startsWith("se"),
	hasHardswish: kind.endsWith("hs"),
	stride,
	isTail,
});

const LARGE: readonly Config[] = [
	row(3, 16, 16, "", 1),
	row(3, 64, 24, "", 2),
	row(3, 72, 24, "", 1),
	row(5, 72, 40, "se", 2),
	row(5, 120, 40, "se", 1),
	row(5, 120, 40, "se", 1),
	row(3, 240, 80, "hs", 2),
	row(3, 200, 80, "hs", 1),
	row(3, 184, 80, "hs", 1),
	row(3, 184, 80, "hs", 1),
	row(3, 480, 112, "se hs", 1),
	row(3, 672, 112, "se hs", 1),
	row(5, 672, 160, "se hs", 2, true),
	row(5, 960, 160, "se hs", 1, true),
	row(5, 960, 160, "se hs", 1, true),
];

const SMALL: readonly Config[] = [
	row(3, 16, 16, "se", 2),
	row(3, 72, 24, "", 2),
	row(3, 88, 24, "", 1),
	row(5, 96, 40, "se hs", 2),
	row(5, 240, 40, "se hs", 1),
	row(5, 240, 40, "se hs", 1),
	row(5, 120, 48, "se hs", 1),
	row(5, 144, 48, "se hs", 1),
	row(5, 288, 96, "se hs", 2, true),
	row(5, 576, 96, "se hs", 1, true),
	row(5, 576, 96, "se hs", 1, true),
];

interface BlockOptions extends Config {
	inputs: number;
	dilation: number;
	normLayer: NormLayer;
}

/** A block of MobileNet V3; `halves` whether it would halve the size without dilation, which segmentation looks for. */
export class InvertedResidual extends nn.Module<[x: Tensor], Tensor> {
	readonly block: nn.Sequential;
	readonly isResidual: boolean;
	readonly outChannels: number;
	readonly halves: boolean;

	constructor(given: BlockOptions) {
		super();
		const { inputs, expanded, outputs, kernel, dilation, normLayer } = given;
		const activationLayer = given.hasHardswish ? hardswish : relu;
		const layers: Layer[] = [];
		if (expanded !== inputs)
			layers.push(
				new Conv2dNormActivation(inputs, expanded, {
					kernelSize: 1,
					normLayer,
					activationLayer,
				}),
			);
		layers.push(
			new Conv2dNormActivation(expanded, expanded, {
				kernelSize: kernel,
				stride: dilation > 1 ? 1 : given.stride,
				dilation,
				groups: expanded,
				normLayer,
				activationLayer,
			}),
		);
		if (given.hasSe)
			layers.push(
				new SqueezeExcitation(
					expanded,
					makeDivisible(Math.floor(expanded / 4), 8),
					{ scaleActivation: () => new nn.Hardsigmoid() },
				),
			);
		layers.push(
			new Conv2dNormActivation(expanded, outputs, {
				kernelSize: 1,
				normLayer,
				activationLayer: null,
			}),
		);
		this.block = new nn.Sequential(...layers);
		this.isResidual = given.stride === 1 && inputs === outputs;
		this.outChannels = outputs;
		this.halves = given.stride > 1;
	}

	override forward(x: Tensor): Tensor {
		const y = this.block(x);
		return this.isResidual ? y.add_(x) : y;
	}
}

/**
 * MobileNet V3, large or small: [N, 3, H, W] to [N, numClasses]. Dropout 0.2 by default.
 *
 * @see https://arxiv.org/abs/1905.02244
 */
export class MobileNetV3 extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly classifier: nn.Sequential;

	constructor(size: "large" | "small", options: MobileNetV3Options = {}) {
		super();
		const given = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			widthMult: real(1, { min: 0 }),
			reducedTail: flag(false),
			dilated: flag(false),
			normLayer: NORM_LAYER,
			dropout: probability(0.2),
		});
		const { widthMult, reducedTail, dilated } = given;
		const [blocks, last] = size === "large" ? [LARGE, 1280] : [SMALL, 1024];
		const divider = reducedTail ? 2 : 1;
		const width = (channels: number) => makeDivisible(channels * widthMult, 8);
		const normLayer =
			given.normLayer ?? batchNormWith({ eps: 0.001, momentum: 0.01 });
		let inputs = width(16);
		const features: Layer[] = [
			new Conv2dNormActivation(3, inputs, {
				stride: 2,
				normLayer,
				activationLayer: hardswish,
			}),
		];
		for (const [i, config] of blocks.entries()) {
			const isTail = config.isTail ?? false;
			// The first block of the tail keeps its inner channels: they belong to the stage before it.
			const narrows = isTail && blocks[i - 1]?.isTail;
			const outputs = width(config.outputs / (isTail ? divider : 1));
			features.push(
				new InvertedResidual({
					...config,
					inputs,
					expanded: width(config.expanded / (narrows ? divider : 1)),
					outputs,
					dilation: isTail && dilated ? 2 : 1,
					normLayer,
				}),
			);
			inputs = outputs;
		}
		features.push(
			new Conv2dNormActivation(inputs, 6 * inputs, {
				kernelSize: 1,
				normLayer,
				activationLayer: hardswish,
			}),
		);
		const lastChannel = width(last / divider);
		this.features = new nn.Sequential(...features);
		this.avgpool = new nn.AdaptiveAvgPool2d(1);
		this.classifier = new nn.Sequential(
			new nn.Linear(6 * inputs, lastChannel),
			new nn.Hardswish({ inplace: true }),
			new nn.Dropout(given.dropout, { inplace: true }),
			new nn.Linear(lastChannel, given.numClasses),
		);
		initialise(this, { conv: kaimingFanOut, linear: normalLinear });
	}

	override forward(x: Tensor): Tensor {
		return this.classifier(this.avgpool(this.features(x)).flatten(1));
	}
}

/** The large `MobileNetV3`: 5.5 million parameters with ImageNet's classes. */
export function mobilenetV3Large(
	options: MobileNetV3Options = {},
): MobileNetV3 {
	return new MobileNetV3("large", options);
}

/** The small `MobileNetV3`: 2.5 million parameters with ImageNet's classes. */
export function mobilenetV3Small(
	options: MobileNetV3Options = {},
): MobileNetV3 {
	return new MobileNetV3("small", options);
}
