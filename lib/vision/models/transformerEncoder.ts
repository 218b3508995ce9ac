/** The encoder of vision transformers. */
import { empty } from "../../generated/functions.ts";
import * as nn from "../../nn/index.ts";
import { FACTORY, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { gelu, type Layer, type NormLayer } from "../ops/layers.ts";
import { MLP } from "../ops/mlp.ts";
import { initialise, xavier } from "./weightInit.ts";

/** Sizes of a transformer's encoder. */
export interface VisionTransformerSize {
	patchSize: number;
	numLayers: number;
	numHeads: number;
	hiddenDim: number;
	mlpDim: number;
}

export interface EncoderOptions extends VisionTransformerSize {
	seqLength: number;
	dropout: number;
	attentionDropout: number;
	normLayer: NormLayer;
}

class MLPBlock extends MLP {
	constructor(width: number, inner: number, dropout: number) {
		super(width, [inner, width], { activationLayer: gelu, dropout });
		initialise(this, { linear: xavier });
	}

	/** State dicts from before torchvision 0.13 name the layers linear_1 and linear_2. */
	protected override adoptState(state: nn.StateDict, prefix: string): void {
		for (const i of [1, 2])
			for (const kind of ["weight", "bias"]) {
				const old = `${prefix}linear_${i}.${kind}`;
				const tensor = state[old];
				if (tensor === undefined) continue;
				state[`${prefix}${3 * (i - 1)}.${kind}`] = tensor;
				delete state[old];
			}
	}
}

class EncoderBlock extends nn.Module<[x: Tensor], Tensor> {
	readonly ln_1: Layer;
	readonly selfAttention: nn.MultiheadAttention;
	readonly dropout: nn.Dropout;
	readonly ln_2: Layer;
	readonly mlp: MLPBlock;

	constructor(given: EncoderOptions) {
		super();
		const { hiddenDim, numHeads, dropout, normLayer } = given;
		this.ln_1 = normLayer(hiddenDim);
		this.selfAttention = new nn.MultiheadAttention(hiddenDim, numHeads, {
			dropout: given.attentionDropout,
			batchFirst: true,
		});
		this.dropout = new nn.Dropout(dropout);
		this.ln_2 = normLayer(hiddenDim);
		this.mlp = new MLPBlock(hiddenDim, given.mlpDim, dropout);
	}

	override forward(x: Tensor): Tensor {
		const y = this.ln_1(x);
		const [attended] = this.selfAttention(y, y, y, { needWeights: false });
		const z = this.dropout(attended).add(x);
		return z.add(this.mlp(this.ln_2(z)));
	}
}

export class Encoder extends nn.Module<[x: Tensor], Tensor> {
	readonly posEmbedding: nn.Parameter; // [1, seqLength, hiddenDim]
	readonly dropout: nn.Dropout;
	readonly layers: nn.Sequential;
	readonly ln: Layer;

	constructor(given: EncoderOptions) {
		super();
		const { seqLength, hiddenDim, numLayers } = given;
		const factory = settings("Encoder", {}, FACTORY);
		this.posEmbedding = new nn.Parameter(
			nn.init.normal_(empty([1, seqLength, hiddenDim], factory), { std: 0.02 }),
		);
		this.dropout = new nn.Dropout(given.dropout);
		const layers: Record<string, Layer> = {};
		for (let i = 0; i < numLayers; i++)
			layers[`encoder_layer_${i}`] = new EncoderBlock(given);
		this.layers = new nn.Sequential(layers);
		this.ln = given.normLayer(hiddenDim);
	}

	override forward(x: Tensor): Tensor {
		return this.ln(this.layers(this.dropout(x.add(this.posEmbedding))));
	}
}
