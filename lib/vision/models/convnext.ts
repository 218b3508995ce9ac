import { full } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { FACTORY, real, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Conv2dNormActivation } from "../ops/convNormActivation.ts";
import type { Layer, NormLayer } from "../ops/layers.ts";
import { gelu } from "../ops/layers.ts";
import { Permute } from "../ops/permute.ts";
import { StochasticDepth } from "../ops/stochasticDepth.ts";
import {
	type ClassifierOptions,
	NORM_LAYER,
	NUM_CLASSES,
	probability,
} from "./options.ts";
import { initialise, zeroBias } from "./weightInit.ts";

export interface ConvNeXtOptions extends ClassifierOptions {
	/** The probability that the last block is dropped in training; it grows from 0 at the first. */
	stochasticDepthProb?: number | undefined;
	/** What blocks' outputs are multiplied by at first, per channel. Default 1e-6. */
	layerScale?: number | undefined;
	/** Makes the normalisations between stages. Default: layer normalisation over channels, eps 1e-6. */
	normLayer?: NormLayer | null | undefined;
}

/** Layer normalisation over the channels of [N, C, H, W]. */
class LayerNorm2d extends nn.LayerNorm {
	override forward(input: Tensor): Tensor {
		const last = input.permute([0, 2, 3, 1]);
		const { normalizedShape, weight, bias, eps } = this;
		return F.layerNorm(last, normalizedShape, weight, bias, eps).permute([
			0, 3, 1, 2,
		]);
	}
}

class CNBlock extends nn.Module<[x: Tensor], Tensor> {
	readonly layerScale: nn.Parameter; // [dim, 1, 1]
	readonly block: nn.Sequential;
	readonly stochasticDepth: StochasticDepth;

	constructor(dim: number, layerScale: number, dropped: number) {
		super();
		const factory = settings("CNBlock", {}, FACTORY);
		this.block = new nn.Sequential(
			new nn.Conv2d(dim, dim, 7, { padding: 3, groups: dim }),
			new Permute([0, 2, 3, 1]),
			new nn.LayerNorm(dim, { eps: 1e-6 }),
			new nn.Linear(dim, 4 * dim),
			gelu(false),
			new nn.Linear(4 * dim, dim),
			new Permute([0, 3, 1, 2]),
		);
		this.layerScale = new nn.Parameter(full([dim, 1, 1], layerScale, factory));
		this.stochasticDepth = new StochasticDepth(dropped, "row");
	}

	override forward(x: Tensor): Tensor {
		const y = this.layerScale.mul(this.block(x));
		return this.stochasticDepth(y).add_(x);
	}
}

/**
 * ConvNeXt: [N, 3, H, W] to [N, numClasses], H and W at least 32.
 *
 * @see https://arxiv.org/abs/2201.03545
 */
export class ConvNeXt extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly classifier: nn.Sequential;

	/** Channels and number of blocks of each stage. */
	constructor(
		channels: readonly number[],
		depths: readonly number[],
		options: ConvNeXtOptions = {},
	) {
		super();
		const given = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			stochasticDepthProb: probability(0),
			layerScale: real(1e-6),
			normLayer: NORM_LAYER,
		});
		const normLayer =
			given.normLayer ??
			((width: number) => new LayerNorm2d(width, { eps: 1e-6 }));
		const first = channels[0] as number;
		const last = channels.at(-1) as number;
		const layers: Layer[] = [
			new Conv2dNormActivation(3, first, {
				kernelSize: 4,
				stride: 4,
				padding: 0,
				normLayer,
				activationLayer: null,
				bias: true,
			}),
		];
		const total = depths.reduce((sum, depth) => sum + depth, 0);
		let count = 0;
		for (const [i, width] of channels.entries()) {
			const stage: Layer[] = [];
			for (let j = 0; j < (depths[i] as number); j++) {
				const dropped = (given.stochasticDepthProb * count++) / (total - 1);
				stage.push(new CNBlock(width, given.layerScale, dropped));
			}
			layers.push(new nn.Sequential(...stage));
			const next = channels[i + 1];
			if (next !== undefined)
				layers.push(
					new nn.Sequential(
						normLayer(width),
						new nn.Conv2d(width, next, 2, { stride: 2 }),
					),
				);
		}
		this.features = new nn.Sequential(...layers);
		this.avgpool = new nn.AdaptiveAvgPool2d(1);
		this.classifier = new nn.Sequential(
			normLayer(last),
			new nn.Flatten(),
			new nn.Linear(last, given.numClasses),
		);
		const draw = (layer: nn.Conv2d | nn.Linear) => {
			nn.init.truncNormal_(layer.weight, { std: 0.02 });
			zeroBias(layer);
		};
		initialise(this, { conv: draw, linear: draw });
	}

	override forward(x: Tensor): Tensor {
		return this.classifier(this.avgpool(this.features(x)));
	}
}

/** The tiny `ConvNeXt`: 28.6 million parameters with ImageNet's classes; stochastic depth 0.1. */
export function convnextTiny(options: ConvNeXtOptions = {}): ConvNeXt {
	return new ConvNeXt([96, 192, 384, 768], [3, 3, 9, 3], {
		stochasticDepthProb: 0.1,
		...options,
	});
}

/** The small `ConvNeXt`: 50.2 million parameters; stochastic depth 0.4. */
export function convnextSmall(options: ConvNeXtOptions = {}): ConvNeXt {
	return new ConvNeXt([96, 192, 384, 768], [3, 3, 27, 3], {
		stochasticDepthProb: 0.4,
		...options,
	});
}

/** The base `ConvNeXt`: 88.6 million parameters; stochastic depth 0.5. */
export function convnextBase(options: ConvNeXtOptions = {}): ConvNeXt {
	return new ConvNeXt([128, 256, 512, 1024], [3, 3, 27, 3], {
		stochasticDepthProb: 0.5,
		...options,
	});
}

/** The large `ConvNeXt`: 197.8 million parameters; stochastic depth 0.5. */
export function convnextLarge(options: ConvNeXtOptions = {}): ConvNeXt {
	return new ConvNeXt([192, 384, 768, 1536], [3, 3, 27, 3], {
		stochasticDepthProb: 0.5,
		...options,
	});
}
