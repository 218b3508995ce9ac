import * as nn from "../../nn/index.ts";
import { flag, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Layer } from "../ops/layers.ts";
import { type DropoutOptions, NUM_CLASSES, probability } from "./options.ts";
import { initialise, kaimingFanOut, normalLinear } from "./weightInit.ts";

export interface VGGOptions extends DropoutOptions {
	/** Whether weights are drawn as in torchvision (He's by the outputs, N(0, 0.01²)), or stay as layers draw them. Default true. */
	initWeights?: boolean | undefined;
}

/**
 * VGG: [N, 3, H, W] to [N, numClasses], H and W at least 32. Dropout 0.5 by default. `features` gives 512 channels.
 *
 * @see https://arxiv.org/abs/1409.1556
 */
export class VGG extends nn.Module<[x: Tensor], Tensor> {
	readonly features: Layer;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly classifier: nn.Sequential;

	constructor(features: Layer, options: VGGOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			initWeights: flag(true),
			dropout: probability(0.5),
		});
		const relu = () => new nn.ReLU({ inplace: true });
		this.features = features;
		this.avgpool = new nn.AdaptiveAvgPool2d([7, 7]);
		this.classifier = new nn.Sequential(
			new nn.Linear(512 * 7 * 7, 4096),
			relu(),
			new nn.Dropout(given.dropout),
			new nn.Linear(4096, 4096),
			relu(),
			new nn.Dropout(given.dropout),
			new nn.Linear(4096, given.numClasses),
		);
		if (given.initWeights)
			initialise(this, { conv: kaimingFanOut, linear: normalLinear });
	}

	override forward(x: Tensor): Tensor {
		return this.classifier(this.avgpool(this.features(x)).flatten(1));
	}
}

/** How many convolutions of 64, 128, 256, 512 and 512 channels there are; each group ends with a pooling. */
const DEPTHS = {
	11: [1, 1, 2, 2, 2],
	13: [2, 2, 2, 2, 2],
	16: [2, 2, 3, 3, 3],
	19: [2, 2, 4, 4, 4],
} as const;

function vgg(
	layers: keyof typeof DEPTHS,
	hasNorm: boolean,
	options: VGGOptions,
): VGG {
	const features: Layer[] = [];
	let channels = 3;
	for (const [group, depth] of DEPTHS[layers].entries()) {
		const width = Math.min(64 * 2 ** group, 512);
		for (let i = 0; i < depth; i++) {
			features.push(new nn.Conv2d(channels, width, 3, { padding: 1 }));
			if (hasNorm) features.push(new nn.BatchNorm2d(width));
			features.push(new nn.ReLU({ inplace: true }));
			channels = width;
		}
		features.push(new nn.MaxPool2d(2, { stride: 2 }));
	}
	return new VGG(new nn.Sequential(...features), options);
}

/** `VGG` of 11 layers. */
export function vgg11(options: VGGOptions = {}): VGG {
	return vgg(11, false, options);
}

/** `VGG` of 11 layers with batch normalisation. */
export function vgg11Bn(options: VGGOptions = {}): VGG {
	return vgg(11, true, options);
}

/** `VGG` of 13 layers. */
export function vgg13(options: VGGOptions = {}): VGG {
	return vgg(13, false, options);
}

/** `VGG` of 13 layers with batch normalisation. */
export function vgg13Bn(options: VGGOptions = {}): VGG {
	return vgg(13, true, options);
}

/** `VGG` of 16 layers. */
export function vgg16(options: VGGOptions = {}): VGG {
	return vgg(16, false, options);
}

/** `VGG` of 16 layers with batch normalisation. */
export function vgg16Bn(options: VGGOptions = {}): VGG {
	return vgg(16, true, options);
}

/** `VGG` of 19 layers. */
export function vgg19(options: VGGOptions = {}): VGG {
	return vgg(19, false, options);
}

/** `VGG` of 19 layers with batch normalisation. */
export function vgg19Bn(options: VGGOptions = {}): VGG {
	return vgg(19, true, options);
}
