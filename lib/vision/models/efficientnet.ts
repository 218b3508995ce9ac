import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import { nullable, settings, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Conv2dNormActivation } from "../ops/convNormActivation.ts";
import { batchNorm, type Layer, type NormLayer, silu } from "../ops/layers.ts";
import { SqueezeExcitation } from "../ops/squeezeExcitation.ts";
import { StochasticDepth } from "../ops/stochasticDepth.ts";
import {
	type DropoutOptions,
	makeDivisible,
	NORM_LAYER,
	NUM_CLASSES,
	probability,
} from "./options.ts";
import { initialise, kaimingFanOut, zeroBias } from "./weightInit.ts";

export interface EfficientNetOptions extends DropoutOptions {
	/** The probability that the last block is dropped in training; it grows from 0 at the first. Default 0.2. */
	stochasticDepthProb?: number | undefined;
	/** Makes the normalisations. Default: batch normalisation; from B5 on and in V2 with eps 0.001. */
	normLayer?: NormLayer | null | undefined;
	/** Channels of the last convolution. Default: four times those before it; 1280 in V2. */
	lastChannel?: number | null | undefined;
}

/** Blocks in a row. */
export interface EfficientNetStage {
	/** Whether the block's first two convolutions are one ("fused"), without squeeze and excitation. */
	isFused: boolean;
	expandRatio: number;
	kernel: number;
	/** Of the first block; the others have 1. */
	stride: number;
	inputChannels: number;
	outChannels: number;
	numLayers: number;
}

interface BlockOptions extends EfficientNetStage {
	dropped: number;
	normLayer: NormLayer;
}

/** What both kinds of blocks share: layers, and the input added where its shape is the output's. */
abstract class Block extends nn.Module<[x: Tensor], Tensor> {
	readonly block: nn.Sequential;
	readonly stochasticDepth: StochasticDepth;
	readonly isResidual: boolean;

	constructor(layers: Layer[], given: BlockOptions) {
		super();
		this.block = new nn.Sequential(...layers);
		this.stochasticDepth = new StochasticDepth(given.dropped, "row");
		this.isResidual =
			given.stride === 1 && given.inputChannels === given.outChannels;
	}

	override forward(x: Tensor): Tensor {
		const y = this.block(x);
		return this.isResidual ? this.stochasticDepth(y).add_(x) : y;
	}
}

const conv = (
	inputs: number,
	outputs: number,
	{ normLayer }: BlockOptions,
	options: {
		kernelSize?: number;
		stride?: number;
		groups?: number;
		activationLayer?: null;
	} = {},
) =>
	new Conv2dNormActivation(inputs, outputs, {
		kernelSize: 1,
		activationLayer: silu,
		...options,
		normLayer,
	});

/** MobileNet V2's block with squeeze and excitation. */
class MBConv extends Block {
	constructor(given: BlockOptions) {
		const { inputChannels, outChannels, kernel, stride } = given;
		const width = makeDivisible(inputChannels * given.expandRatio, 8);
		const layers: Layer[] = [];
		if (width !== inputChannels) layers.push(conv(inputChannels, width, given));
		layers.push(
			conv(width, width, given, { kernelSize: kernel, stride, groups: width }),
			new SqueezeExcitation(width, Math.max(1, Math.floor(inputChannels / 4)), {
				activation: () => silu(true),
			}),
			conv(width, outChannels, given, { activationLayer: null }),
		);
		super(layers, given);
	}
}

class FusedMBConv extends Block {
	constructor(given: BlockOptions) {
		const { inputChannels, outChannels, kernel, stride } = given;
		const width = makeDivisible(inputChannels * given.expandRatio, 8);
		const first = { kernelSize: kernel, stride };
		super(
			width === inputChannels
				? [conv(inputChannels, outChannels, given, first)]
				: [
						conv(inputChannels, width, given, first),
						conv(width, outChannels, given, { activationLayer: null }),
					],
			given,
		);
	}
}

/**
 * EfficientNet and EfficientNet V2: [N, 3, H, W] to [N, numClasses].
 *
 * @see https://arxiv.org/abs/1905.11946, https://arxiv.org/abs/2104.00298
 */
export class EfficientNet extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly classifier: nn.Sequential;

	constructor(
		stages: readonly EfficientNetStage[],
		options: EfficientNetOptions = {},
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			numClasses: NUM_CLASSES,
			dropout: probability(0.2),
			stochasticDepthProb: probability(0.2),
			normLayer: NORM_LAYER,
			lastChannel: nullable(whole(1280, { min: 1 })),
		});
		const [first, last] = [stages[0], stages.at(-1)];
		if (first === undefined || last === undefined)
			throw check.invalidValue(op, "stages", "expected one or more, got none");
		const normLayer = given.normLayer ?? batchNorm;
		const common = { normLayer, activationLayer: silu };
		const layers: Layer[] = [
			new Conv2dNormActivation(3, first.inputChannels, {
				stride: 2,
				...common,
			}),
		];
		const total = stages.reduce((sum, { numLayers }) => sum + numLayers, 0);
		let count = 0;
		for (const stage of stages) {
			const blocks: Layer[] = [];
			for (let i = 0; i < stage.numLayers; i++) {
				const dropped = (given.stochasticDepthProb * count++) / total;
				const rest =
					i === 0 ? {} : { inputChannels: stage.outChannels, stride: 1 };
				const block = { ...stage, ...rest, dropped, normLayer };
				blocks.push(stage.isFused ? new FusedMBConv(block) : new MBConv(block));
			}
			layers.push(new nn.Sequential(...blocks));
		}
		const lastChannel = given.lastChannel ?? 4 * last.outChannels;
		layers.push(
			new Conv2dNormActivation(last.outChannels, lastChannel, {
				kernelSize: 1,
				...common,
			}),
		);
		this.features = new nn.Sequential(...layers);
		this.avgpool = new nn.AdaptiveAvgPool2d(1);
		this.classifier = new nn.Sequential(
			new nn.Dropout(given.dropout, { inplace: true }),
			new nn.Linear(lastChannel, given.numClasses),
		);
		initialise(this, {
			conv: kaimingFanOut,
			linear(layer) {
				const bound = 1 / Math.sqrt(layer.outFeatures);
				nn.init.uniform_(layer.weight, -bound, bound);
				zeroBias(layer);
			},
		});
	}

	override forward(x: Tensor): Tensor {
		return this.classifier(this.avgpool(this.features(x)).flatten(1));
	}
}
