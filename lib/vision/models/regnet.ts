import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import { settings, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Conv2dNormActivation, layerMaker } from "../ops/convNormActivation.ts";
import {
	type ActivationLayer,
	batchNorm,
	type Layer,
	type NormLayer,
	relu,
} from "../ops/layers.ts";
import { SqueezeExcitation } from "../ops/squeezeExcitation.ts";
import { roundHalfEven } from "../transforms/functional/rounding.ts";
import {
	type ClassifierOptions,
	makeDivisible,
	NORM_LAYER,
	NUM_CLASSES,
} from "./options.ts";
import { initialise, normalLinear } from "./weightInit.ts";

export interface RegNetOptions extends ClassifierOptions {
	/** Channels of the first convolution. Default 32. */
	stemWidth?: number | undefined;
	/** Makes the normalisations. Default: batch normalisation. */
	normLayer?: NormLayer | null | undefined;
	/** Makes the activations. Default: ReLU. */
	activation?: ActivationLayer | undefined;
}

/** The few numbers that a RegNet's widths and depths follow from. */
export interface RegNetParameters {
	/** Blocks in all. */
	depth: number;
	/** Width of the first block, a multiple of 8. */
	w0: number;
	/** By how much blocks grow wider. */
	wA: number;
	/** What widths are powers of, times `w0`. */
	wM: number;
	/** Channels of each group of the 3 × 3 convolutions. */
	groupWidth: number;
	/** Width of the squeeze, for an input of 1 channel. Default: no squeeze and excitation (RegNetX). */
	seRatio?: number | undefined;
}

interface Stage {
	width: number;
	depth: number;
	groupWidth: number;
}

/** Blocks' widths, quantised; equal neighbours make a stage. */
function stagesOf(parameters: RegNetParameters): Stage[] {
	const { depth, w0, wA, wM, groupWidth } = parameters;
	if (wA < 0 || w0 <= 0 || wM <= 1 || w0 % 8 !== 0)
		throw check.invalidValue(
			"RegNet",
			"parameters",
			`expected w0 a positive multiple of 8, wA at least 0 and wM more than 1, got ${w0}, ${wA} and ${wM}`,
		);
	const depths = new Map<number, number>();
	for (let i = 0; i < depth; i++) {
		const capacity = roundHalfEven(Math.log((i * wA + w0) / w0) / Math.log(wM));
		const width = roundHalfEven((w0 * wM ** capacity) / 8) * 8;
		depths.set(width, (depths.get(width) ?? 0) + 1);
	}
	return [...depths].map(([width, count]) => {
		const group = Math.min(groupWidth, width);
		return {
			width: makeDivisible(width, group),
			depth: count,
			groupWidth: group,
		};
	});
}

interface BlockOptions {
	inputs: number;
	outputs: number;
	stride: number;
	groupWidth: number;
	seRatio: number | undefined;
	normLayer: NormLayer;
	activationLayer: ActivationLayer;
}

/** 1 × 1, 3 × 3 in groups, squeeze and excitation, 1 × 1. */
class BottleneckTransform extends nn.Sequential {
	constructor(given: BlockOptions) {
		const { inputs, outputs, stride, groupWidth, seRatio } = given;
		const { normLayer, activationLayer } = given;
		const common = { normLayer, activationLayer };
		const layers: Record<string, Layer> = {
			a: new Conv2dNormActivation(inputs, outputs, {
				kernelSize: 1,
				...common,
			}),
			b: new Conv2dNormActivation(outputs, outputs, {
				stride,
				groups: Math.floor(outputs / groupWidth),
				...common,
			}),
		};
		if (seRatio)
			layers.se = new SqueezeExcitation(
				outputs,
				roundHalfEven(seRatio * inputs),
				{ activation: activationLayer },
			);
		layers.c = new Conv2dNormActivation(outputs, outputs, {
			kernelSize: 1,
			normLayer,
			activationLayer: null,
		});
		super(layers);
	}
}

class ResBottleneckBlock extends nn.Module<[x: Tensor], Tensor> {
	readonly proj: Layer | null;
	readonly f: BottleneckTransform;
	readonly activation: Layer;

	constructor(given: BlockOptions) {
		super();
		const { inputs, outputs, stride, normLayer } = given;
		this.proj =
			inputs !== outputs || stride !== 1
				? new Conv2dNormActivation(inputs, outputs, {
						kernelSize: 1,
						stride,
						normLayer,
						activationLayer: null,
					})
				: null;
		this.f = new BottleneckTransform(given);
		this.activation = given.activationLayer(true);
	}

	override forward(x: Tensor): Tensor {
		const identity = this.proj === null ? x : this.proj(x);
		return this.activation(identity.add(this.f(x)));
	}
}

/** By the names that PyTorch prints. */
class SimpleStemIN extends Conv2dNormActivation {}
class AnyStage extends nn.Sequential {}

/**
 * RegNets X and Y: [N, 3, H, W] to [N, numClasses].
 *
 * @see https://arxiv.org/abs/2003.13678
 */
export class RegNet extends nn.Module<[x: Tensor], Tensor> {
	readonly stem: SimpleStemIN;
	readonly trunkOutput: nn.Sequential;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly fc: nn.Linear;

	constructor(parameters: RegNetParameters, options: RegNetOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			stemWidth: whole(32, { min: 1 }),
			normLayer: NORM_LAYER,
			activation: layerMaker(relu),
		});
		const normLayer = given.normLayer ?? batchNorm;
		const activationLayer = given.activation;
		this.stem = new SimpleStemIN(3, given.stemWidth, {
			stride: 2,
			normLayer,
			activationLayer,
		});
		let inputs = given.stemWidth;
		const stages: Record<string, Layer> = {};
		for (const [i, stage] of stagesOf(parameters).entries()) {
			const blocks: Record<string, Layer> = {};
			for (let j = 0; j < stage.depth; j++) {
				blocks[`block${i + 1}-${j}`] = new ResBottleneckBlock({
					inputs,
					outputs: stage.width,
					stride: j === 0 ? 2 : 1,
					groupWidth: stage.groupWidth,
					seRatio: parameters.seRatio,
					normLayer,
					activationLayer,
				});
				inputs = stage.width;
			}
			stages[`block${i + 1}`] = new AnyStage(blocks);
		}
		this.trunkOutput = new nn.Sequential(stages);
		this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
		this.fc = new nn.Linear(inputs, given.numClasses);
		initialise(this, {
			conv(layer) {
				const [h = 1, w = 1] = layer.kernelSize;
				const std = Math.sqrt(2 / (h * w * layer.outChannels));
				nn.init.normal_(layer.weight, { std });
				// A squeeze's shift stays as it was drawn, as in torchvision.
			},
			linear: normalLinear,
		});
	}

	override forward(x: Tensor): Tensor {
		const y = this.avgpool(this.trunkOutput(this.stem(x)));
		return this.fc(y.flatten(1));
	}
}
