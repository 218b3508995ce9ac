import { cat } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { real, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { gelu, type Layer, type NormLayer } from "../ops/layers.ts";
import { MLP } from "../ops/mlp.ts";
import { Permute } from "../ops/permute.ts";
import { StochasticDepth } from "../ops/stochasticDepth.ts";
import {
	type DropoutOptions,
	NORM_LAYER,
	NUM_CLASSES,
	probability,
} from "./options.ts";
import {
	type AttentionOptions,
	ShiftedWindowAttention,
	type Size2d,
} from "./shiftedWindowAttention.ts";
import { initialise, xavier, zeroBias } from "./weightInit.ts";

export interface SwinTransformerOptions extends DropoutOptions {
	/** Width of blocks' inner layers, for a width of 1. Default 4. */
	mlpRatio?: number | undefined;
	/** The probability of a zero among attention's weights. Default 0. */
	attentionDropout?: number | undefined;
	/** The probability that the last block is dropped in training; it grows from 0 at the first. */
	stochasticDepthProb?: number | undefined;
	/** Makes the normalisations. Default: layer normalisation. */
	normLayer?: NormLayer | null | undefined;
}

/** Sizes of a Swin transformer. */
export interface SwinTransformerSize {
	patchSize: Size2d;
	embedDim: number;
	/** Blocks of each stage. */
	depths: readonly number[];
	/** Heads of each stage. */
	numHeads: readonly number[];
	windowSize: Size2d;
	/** Whether it is of version 2: normalisation after the branches, cosine attention. */
	isV2: boolean;
}

/** Four neighbours become one of twice the channels: [N, H, W, C] to [N, H / 2, W / 2, 2 C]. */
class PatchMerging extends nn.Module<[x: Tensor], Tensor> {
	readonly reduction: nn.Linear;
	readonly norm: Layer;

	constructor(dim: number, normLayer: NormLayer) {
		super();
		this.reduction = new nn.Linear(4 * dim, 2 * dim, { bias: false });
		this.norm = normLayer(this.normalized(dim));
	}

	protected normalized(dim: number): number {
		return 4 * dim;
	}

	protected neighbours(x: Tensor): Tensor {
		const [height, width] = x.shape.slice(-3) as [number, number];
		const padded = F.pad(x, [0, 0, 0, width % 2, 0, height % 2]);
		const every = (row: number, column: number) =>
			padded.slice(-3, row, null, 2).slice(-2, column, null, 2);
		return cat([every(0, 0), every(1, 0), every(0, 1), every(1, 1)], -1);
	}

	override forward(x: Tensor): Tensor {
		return this.reduction(this.norm(this.neighbours(x)));
	}
}

/** Normalises after the reduction. */
class PatchMergingV2 extends PatchMerging {
	protected override normalized(dim: number): number {
		return 2 * dim;
	}

	override forward(x: Tensor): Tensor {
		return this.norm(this.reduction(this.neighbours(x)));
	}
}

/** By the name that PyTorch prints. */
class ShiftedWindowAttentionV2 extends ShiftedWindowAttention {}

interface BlockOptions extends AttentionOptions {
	mlpRatio: number;
	stochasticDepthProb: number;
	normLayer: NormLayer;
}

class SwinTransformerBlock extends nn.Module<[x: Tensor], Tensor> {
	readonly norm1: Layer;
	readonly attn: ShiftedWindowAttention;
	readonly stochasticDepth: StochasticDepth;
	readonly norm2: Layer;
	readonly mlp: MLP;

	constructor(
		dim: number,
		numHeads: number,
		isV2: boolean,
		options: BlockOptions,
	) {
		super();
		const { mlpRatio, dropout, normLayer } = options;
		this.norm1 = normLayer(dim);
		this.attn = new (isV2 ? ShiftedWindowAttentionV2 : ShiftedWindowAttention)(
			dim,
			numHeads,
			isV2,
			options,
		);
		this.stochasticDepth = new StochasticDepth(
			options.stochasticDepthProb,
			"row",
		);
		this.norm2 = normLayer(dim);
		this.mlp = new MLP(dim, [Math.trunc(dim * mlpRatio), dim], {
			activationLayer: gelu,
			dropout,
		});
		initialise(this.mlp, { linear: xavier });
	}

	override forward(x: Tensor): Tensor {
		const y = x.add(this.stochasticDepth(this.attn(this.norm1(x))));
		return y.add(this.stochasticDepth(this.mlp(this.norm2(y))));
	}
}

/** Normalises after the branches. */
class SwinTransformerBlockV2 extends SwinTransformerBlock {
	override forward(x: Tensor): Tensor {
		const y = x.add(this.stochasticDepth(this.norm1(this.attn(x))));
		return y.add(this.stochasticDepth(this.norm2(this.mlp(y))));
	}
}

/**
 * Swin transformers, versions 1 and 2: [N, 3, H, W] to [N, numClasses]. Dropout 0 by default.
 *
 * @see https://arxiv.org/abs/2103.14030, https://arxiv.org/abs/2111.09883
 */
export class SwinTransformer extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly norm: Layer;
	readonly permute: Permute;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly flatten: nn.Flatten;
	readonly head: nn.Linear;

	constructor(size: SwinTransformerSize, options: SwinTransformerOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			mlpRatio: real(4, { min: 0 }),
			dropout: probability(0),
			attentionDropout: probability(0),
			stochasticDepthProb: probability(0.1),
			normLayer: NORM_LAYER,
		});
		const { patchSize, embedDim, depths, windowSize, isV2 } = size;
		const { mlpRatio, dropout, attentionDropout } = given;
		const normLayer =
			given.normLayer ?? ((channels: number) => new nn.LayerNorm(channels));
		const Block = isV2 ? SwinTransformerBlockV2 : SwinTransformerBlock;
		const Merging = isV2 ? PatchMergingV2 : PatchMerging;
		const layers: Layer[] = [
			new nn.Sequential(
				new nn.Conv2d(3, embedDim, patchSize, { stride: patchSize }),
				new Permute([0, 2, 3, 1]),
				normLayer(embedDim),
			),
		];
		const total = depths.reduce((sum, depth) => sum + depth, 0);
		let count = 0;
		let dim = embedDim;
		for (const [i, depth] of depths.entries()) {
			const stage: Layer[] = [];
			for (let j = 0; j < depth; j++) {
				const [h, w] = windowSize;
				stage.push(
					new Block(dim, size.numHeads[i] as number, isV2, {
						windowSize,
						shiftSize:
							j % 2 === 0 ? [0, 0] : [Math.floor(h / 2), Math.floor(w / 2)],
						mlpRatio,
						dropout,
						attentionDropout,
						stochasticDepthProb:
							(given.stochasticDepthProb * count++) / (total - 1),
						normLayer,
					}),
				);
			}
			layers.push(new nn.Sequential(...stage));
			if (i === depths.length - 1) break;
			layers.push(new Merging(dim, normLayer));
			dim *= 2;
		}
		this.features = new nn.Sequential(...layers);
		this.norm = normLayer(dim);
		this.permute = new Permute([0, 3, 1, 2]);
		this.avgpool = new nn.AdaptiveAvgPool2d(1);
		this.flatten = new nn.Flatten();
		this.head = new nn.Linear(dim, given.numClasses);
		initialise(this, {
			linear(layer) {
				nn.init.truncNormal_(layer.weight, { std: 0.02 });
				zeroBias(layer);
			},
		});
	}

	override forward(x: Tensor): Tensor {
		const y = this.permute(this.norm(this.features(x)));
		return this.head(this.flatten(this.avgpool(y)));
	}
}

const V1 = { patchSize: [4, 4], windowSize: [7, 7], isV2: false } as const;
const V2 = { patchSize: [4, 4], windowSize: [8, 8], isV2: true } as const;
const TINY = {
	embedDim: 96,
	depths: [2, 2, 6, 2],
	numHeads: [3, 6, 12, 24],
};
const SMALL = { ...TINY, depths: [2, 2, 18, 2] };
const BASE = { ...SMALL, embedDim: 128, numHeads: [4, 8, 16, 32] };

/** The tiny `SwinTransformer`: 28.3 million parameters with ImageNet's classes; stochastic depth 0.2. */
export function swinT(options: SwinTransformerOptions = {}): SwinTransformer {
	return new SwinTransformer(
		{ ...V1, ...TINY },
		{ stochasticDepthProb: 0.2, ...options },
	);
}

/** The small `SwinTransformer`: 49.6 million parameters; stochastic depth 0.3. */
export function swinS(options: SwinTransformerOptions = {}): SwinTransformer {
	return new SwinTransformer(
		{ ...V1, ...SMALL },
		{ stochasticDepthProb: 0.3, ...options },
	);
}

/** The base `SwinTransformer`: 87.8 million parameters; stochastic depth 0.5. */
export function swinB(options: SwinTransformerOptions = {}): SwinTransformer {
	return new SwinTransformer(
		{ ...V1, ...BASE },
		{ stochasticDepthProb: 0.5, ...options },
	);
}

/** The tiny `SwinTransformer` of version 2; stochastic depth 0.2. */
export function swinV2T(options: SwinTransformerOptions = {}): SwinTransformer {
	return new SwinTransformer(
		{ ...V2, ...TINY },
		{ stochasticDepthProb: 0.2, ...options },
	);
}

/** The small `SwinTransformer` of version 2; stochastic depth 0.3. */
export function swinV2S(options: SwinTransformerOptions = {}): SwinTransformer {
	return new SwinTransformer(
		{ ...V2, ...SMALL },
		{ stochasticDepthProb: 0.3, ...options },
	);
}

/** The base `SwinTransformer` of version 2; stochastic depth 0.5. */
export function swinV2B(options: SwinTransformerOptions = {}): SwinTransformer {
	return new SwinTransformer(
		{ ...V2, ...BASE },
		{ stochasticDepthProb: 0.5, ...options },
	);
}
