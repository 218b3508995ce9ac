import * as check from "../../check.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { real, settings, unchecked, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Conv2dNormActivation } from "../ops/convNormActivation.ts";
import { batchNorm, type Layer, type NormLayer, relu6 } from "../ops/layers.ts";
import { roundHalfEven } from "../transforms/functional/rounding.ts";
import {
	type DropoutOptions,
	makeDivisible,
	NORM_LAYER,
	NUM_CLASSES,
	probability,
} from "./options.ts";
import { initialise, kaimingFanOut, normalLinear } from "./weightInit.ts";

/** Of blocks in a row: expansion, channels, how many, stride of the first. */
export type InvertedResidualSetting = readonly [
	expansion: number,
	channels: number,
	count: number,
	stride: number,
];

export interface MobileNetV2Options extends DropoutOptions {
	/** Multiplies all channels. Default 1. */
	widthMult?: number | undefined;
	/** The blocks; by default the paper's. */
	invertedResidualSetting?: readonly InvertedResidualSetting[] | undefined;
	/** Channels are multiples of it. Default 8. */
	roundNearest?: number | undefined;
	/** Makes the normalisations. Default: batch normalisation. */
	normLayer?: NormLayer | null | undefined;
}

const SETTING: readonly InvertedResidualSetting[] = [
	[1, 16, 1, 1],
	[6, 24, 2, 2],
	[6, 32, 3, 2],
	[6, 64, 4, 2],
	[6, 96, 3, 1],
	[6, 160, 3, 2],
	[6, 320, 1, 1],
];

/** Widens, convolves each channel by itself, and narrows again without an activation. */
class InvertedResidual extends nn.Module<[x: Tensor], Tensor> {
	readonly isResidual: boolean;
	readonly conv: nn.Sequential;

	constructor(
		inputs: number,
		outputs: number,
		stride: number,
		expansion: number,
		normLayer: NormLayer,
	) {
		super();
		const width = roundHalfEven(inputs * expansion);
		const common = { normLayer, activationLayer: relu6 };
		const layers: Layer[] = [];
		if (expansion !== 1)
			layers.push(
				new Conv2dNormActivation(inputs, width, { kernelSize: 1, ...common }),
			);
		layers.push(
			new Conv2dNormActivation(width, width, {
				stride,
				groups: width,
				...common,
			}),
			new nn.Conv2d(width, outputs, 1, { bias: false }),
			normLayer(outputs),
		);
		this.isResidual = stride === 1 && inputs === outputs;
		this.conv = new nn.Sequential(...layers);
	}

	override forward(x: Tensor): Tensor {
		const y = this.conv(x);
		return this.isResidual ? x.add(y) : y;
	}
}

/**
 * MobileNet V2: [N, 3, H, W] to [N, numClasses]. Dropout 0.2 by default.
 *
 * @see https://arxiv.org/abs/1801.04381
 */
export class MobileNetV2 extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly classifier: nn.Sequential;

	constructor(options: MobileNetV2Options = {}) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			numClasses: NUM_CLASSES,
			widthMult: real(1, { min: 0 }),
			invertedResidualSetting: unchecked(SETTING),
			roundNearest: whole(8, { min: 1 }),
			normLayer: NORM_LAYER,
			dropout: probability(0.2),
		});
		const { widthMult, invertedResidualSetting, roundNearest } = given;
		if (
			!Array.isArray(invertedResidualSetting) ||
			invertedResidualSetting.length === 0 ||
			invertedResidualSetting.some((row) => row?.length !== 4)
		)
			throw check.invalidType(
				op,
				"invertedResidualSetting",
				"one or more [expansion, channels, count, stride]",
				invertedResidualSetting,
			);
		const normLayer = given.normLayer ?? batchNorm;
		const common = { normLayer, activationLayer: relu6 };
		let channels = makeDivisible(32 * widthMult, roundNearest);
		const lastChannel = makeDivisible(
			1280 * Math.max(1, widthMult),
			roundNearest,
		);
		const features: Layer[] = [
			new Conv2dNormActivation(3, channels, { stride: 2, ...common }),
		];
		for (const [t, c, n, s] of invertedResidualSetting) {
			const outputs = makeDivisible(c * widthMult, roundNearest);
			for (let i = 0; i < n; i++) {
				const stride = i === 0 ? s : 1;
				features.push(
					new InvertedResidual(channels, outputs, stride, t, normLayer),
				);
				channels = outputs;
			}
		}
		features.push(
			new Conv2dNormActivation(channels, lastChannel, {
				kernelSize: 1,
				...common,
			}),
		);
		this.features = new nn.Sequential(...features);
		this.classifier = new nn.Sequential(
			new nn.Dropout(given.dropout),
			new nn.Linear(lastChannel, given.numClasses),
		);
		initialise(this, { conv: kaimingFanOut, linear: normalLinear });
	}

	override forward(x: Tensor): Tensor {
		const pooled = F.adaptiveAvgPool2d(this.features(x), [1, 1]);
		return this.classifier(pooled.flatten(1));
	}
}

/** `MobileNetV2`: 3.5 million parameters with ImageNet's classes. */
export function mobilenetV2(options: MobileNetV2Options = {}): MobileNetV2 {
	return new MobileNetV2(options);
}
