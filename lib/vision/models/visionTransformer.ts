import * as check from "../../check.ts";
import { cat, zeros } from "../../generated/functions.ts";
import * as nn from "../../nn/index.ts";
import {
	FACTORY,
	nullable,
	settings,
	unchecked,
	whole,
} from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Conv2dNormActivation } from "../ops/convNormActivation.ts";
import type { ActivationLayer, Layer, NormLayer } from "../ops/layers.ts";
import {
	type DropoutOptions,
	NORM_LAYER,
	NUM_CLASSES,
	probability,
} from "./options.ts";
import { Encoder, type VisionTransformerSize } from "./transformerEncoder.ts";
import { zeroBias } from "./weightInit.ts";

/** A convolution of a stem that takes the place of cutting the image into patches: https://arxiv.org/abs/2106.14881 */
export interface ConvStemConfig {
	outChannels: number;
	kernelSize: number;
	stride: number;
	normLayer?: NormLayer | undefined;
	activationLayer?: ActivationLayer | undefined;
}

export type { VisionTransformerSize };

export interface VisionTransformerOptions extends DropoutOptions {
	/** Height and width of the images. Default 224. */
	imageSize?: number | undefined;
	/** The probability of a zero among attention's weights. Default 0. */
	attentionDropout?: number | undefined;
	/** Width of one more layer before the last. Default null: none. */
	representationSize?: number | null | undefined;
	/** Makes the normalisations. Default: layer normalisation with eps 1e-6. */
	normLayer?: NormLayer | null | undefined;
	/** Convolutions before the patches' projection. Default null: none. */
	convStemConfigs?: readonly ConvStemConfig[] | null | undefined;
}

/**
 * The vision transformer: images [N, 3, imageSize, imageSize] as patches to [N, numClasses]. Dropout 0 by default.
 *
 * @see https://arxiv.org/abs/2010.11929
 */
export class VisionTransformer extends nn.Module<[x: Tensor], Tensor> {
	readonly imageSize: number;
	readonly patchSize: number;
	readonly hiddenDim: number;
	readonly classToken: nn.Parameter; // [1, 1, hiddenDim]
	readonly convProj: Layer;
	readonly encoder: Encoder;
	readonly heads: nn.Sequential;

	constructor(
		size: VisionTransformerSize,
		options: VisionTransformerOptions = {},
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			numClasses: NUM_CLASSES,
			imageSize: whole(224, { min: 1 }),
			dropout: probability(0),
			attentionDropout: probability(0),
			representationSize: nullable(whole(1, { min: 1 })),
			normLayer: NORM_LAYER,
			convStemConfigs: nullable(
				unchecked<readonly ConvStemConfig[] | null>(null),
			),
		});
		const { patchSize, hiddenDim } = size;
		const { imageSize, representationSize, numClasses } = given;
		if (imageSize % patchSize !== 0)
			throw check.invalidValue(
				op,
				"imageSize",
				`expected a multiple of the patches' size ${patchSize}, got ${imageSize}`,
			);
		const normLayer =
			given.normLayer ??
			((channels: number) => new nn.LayerNorm(channels, { eps: 1e-6 }));
		this.imageSize = imageSize;
		this.patchSize = patchSize;
		this.hiddenDim = hiddenDim;
		this.convProj =
			given.convStemConfigs === null
				? new nn.Conv2d(3, hiddenDim, patchSize, { stride: patchSize })
				: stem(given.convStemConfigs, hiddenDim);
		const factory = settings(op, {}, FACTORY);
		this.classToken = new nn.Parameter(zeros([1, 1, hiddenDim], factory));
		this.encoder = new Encoder({
			...size,
			seqLength: (imageSize / patchSize) ** 2 + 1,
			dropout: given.dropout,
			attentionDropout: given.attentionDropout,
			normLayer,
		});
		const head = (width: number) => new nn.Linear(width, numClasses);
		const preLogits =
			representationSize === null
				? null
				: new nn.Linear(hiddenDim, representationSize);
		this.heads = new nn.Sequential(
			preLogits === null
				? { head: head(hiddenDim) }
				: {
						pre_logits: preLogits,
						act: new nn.Tanh(),
						head: head(preLogits.outFeatures),
					},
		);
		this.drawWeights(preLogits);
	}

	private drawWeights(preLogits: nn.Linear | null): void {
		const { convProj, patchSize } = this;
		if (convProj instanceof nn.Conv2d) {
			const std = Math.sqrt(1 / (convProj.inChannels * patchSize ** 2));
			nn.init.truncNormal_(convProj.weight, { std });
			zeroBias(convProj);
		} else {
			const last = convProj.getSubmodule("conv_last") as nn.Conv2d;
			const std = Math.sqrt(2 / last.outChannels);
			nn.init.normal_(last.weight, { std });
			zeroBias(last);
		}
		if (preLogits !== null) {
			const std = Math.sqrt(1 / preLogits.inFeatures);
			nn.init.truncNormal_(preLogits.weight, { std });
			zeroBias(preLogits);
		}
		const head = this.heads.at(-1) as unknown as nn.Linear;
		nn.init.zeros_(head.weight);
		zeroBias(head);
	}

	override forward(x: Tensor): Tensor {
		const [count, , height, width] = x.shape;
		const { imageSize } = this;
		if (height !== imageSize || width !== imageSize)
			throw check.invalidValue(
				this.constructor.name,
				"x",
				`expected images of ${imageSize} × ${imageSize}, as the option imageSize says, got ${height} × ${width}`,
			);
		const patches = this.convProj(x).flatten(2).permute([0, 2, 1]); // [N, patches, hiddenDim]
		const token = this.classToken.expand([count as number, -1, -1]);
		const y = this.encoder(cat([token, patches], 1));
		return this.heads(y.select(1, 0));
	}
}

function stem(configs: readonly ConvStemConfig[], hiddenDim: number): Layer {
	const layers: Record<string, Layer> = {};
	let channels = 3;
	for (const [i, { outChannels, ...options }] of configs.entries()) {
		layers[`conv_bn_relu_${i}`] = new Conv2dNormActivation(
			channels,
			outChannels,
			options,
		);
		channels = outChannels;
	}
	layers.conv_last = new nn.Conv2d(channels, hiddenDim, 1);
	return new nn.Sequential(layers);
}

const BASE = { numLayers: 12, numHeads: 12, hiddenDim: 768, mlpDim: 3072 };
const LARGE = { numLayers: 24, numHeads: 16, hiddenDim: 1024, mlpDim: 4096 };
const HUGE = { numLayers: 32, numHeads: 16, hiddenDim: 1280, mlpDim: 5120 };

/** The base `VisionTransformer` with patches of 16 × 16: 86.6 million parameters with ImageNet's classes. */
export function vitB16(
	options: VisionTransformerOptions = {},
): VisionTransformer {
	return new VisionTransformer({ patchSize: 16, ...BASE }, options);
}

/** The base `VisionTransformer` with patches of 32 × 32. */
export function vitB32(
	options: VisionTransformerOptions = {},
): VisionTransformer {
	return new VisionTransformer({ patchSize: 32, ...BASE }, options);
}

/** The large `VisionTransformer` with patches of 16 × 16: 304 million parameters. */
export function vitL16(
	options: VisionTransformerOptions = {},
): VisionTransformer {
	return new VisionTransformer({ patchSize: 16, ...LARGE }, options);
}

/** The large `VisionTransformer` with patches of 32 × 32. */
export function vitL32(
	options: VisionTransformerOptions = {},
): VisionTransformer {
	return new VisionTransformer({ patchSize: 32, ...LARGE }, options);
}

/** The huge `VisionTransformer` with patches of 14 × 14: 632 million parameters. */
export function vitH14(
	options: VisionTransformerOptions = {},
): VisionTransformer {
	return new VisionTransformer({ patchSize: 14, ...HUGE }, options);
}
