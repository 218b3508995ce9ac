import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { xavierUniform_ } from "../../init/index.ts";
import { Module } from "../../module.ts";
import {
	type FactoryOptions,
	flag,
	nullable,
	settings,
	whole,
} from "../../settings.ts";
import { LayerNorm } from "../normalization.ts";
import {
	DECODER_MASKS,
	type DecoderMasks,
	TransformerDecoder,
	TransformerDecoderLayer,
} from "./decoder.ts";
import { type EncoderMasks, TransformerEncoder } from "./encoder.ts";
import { TransformerEncoderLayer } from "./encoderLayer.ts";
import {
	causalMask,
	checkHeads,
	custom,
	LAYER,
	MASK,
	type TransformerLayerOptions,
} from "./layer.ts";

export interface TransformerOptions extends TransformerLayerOptions {
	/** Features of a step. Default 512. */
	dModel?: number | undefined;
	/** Heads of each attention. Default 8. */
	nhead?: number | undefined;
	/** Default 6. */
	numEncoderLayers?: number | undefined;
	/** Default 6. */
	numDecoderLayers?: number | undefined;
	/** Instead of a `TransformerEncoder`. */
	customEncoder?:
		| Module<[src: Tensor, masks?: EncoderMasks], Tensor>
		| null
		| undefined;
	/** Instead of a `TransformerDecoder`. */
	customDecoder?:
		| Module<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks], Tensor>
		| null
		| undefined;
}

/** Masks of the source's and the target's own pairs and keys, and of pairs and keys of the encoder's output. */
export interface TransformerMasks extends DecoderMasks {
	srcMask?: Tensor | null | undefined;
	srcKeyPaddingMask?: Tensor | null | undefined;
	/** Says whether `srcMask` is the causal one. Default: the encoder looks. */
	srcIsCausal?: boolean | null | undefined;
}

/**
 * Encoder and decoder of https://arxiv.org/abs/1706.03762: `src` [S, N, E] and `tgt` [T, N, E] give [T, N, E].
 *
 * ```ts
 * const model = new nn.Transformer({ dModel: 32, nhead: 4, batchFirst: true });
 * const tgtMask = nn.Transformer.generateSquareSubsequentMask(7);
 * model(torch.rand([2, 5, 32]), torch.rand([2, 7, 32]), { tgtMask }).shape; // [2, 7, 32]
 * ```
 */
export class Transformer extends Module<
	[src: Tensor, tgt: Tensor, masks?: TransformerMasks],
	Tensor
> {
	encoder: Module<[src: Tensor, masks?: EncoderMasks], Tensor>;
	decoder: Module<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks], Tensor>;
	readonly dModel: number;
	readonly nhead: number;
	readonly batchFirst: boolean;

	constructor(options: TransformerOptions = {}) {
		super();
		const {
			dModel,
			nhead,
			numEncoderLayers,
			numDecoderLayers,
			customEncoder,
			customDecoder,
			...layer
		} = settings(new.target.name, options, {
			dModel: whole(512, { min: 1 }),
			nhead: whole(8, { min: 1 }),
			numEncoderLayers: whole(6, { min: 0 }),
			numDecoderLayers: whole(6, { min: 0 }),
			customEncoder: custom<Transformer["encoder"]>(),
			customDecoder: custom<Transformer["decoder"]>(),
			...LAYER,
		});
		const { layerNormEps, bias, device, dtype } = layer;
		const norm = () =>
			new LayerNorm(dModel, { eps: layerNormEps, bias, device, dtype });
		checkHeads(new.target.name, dModel, nhead);
		const encoder = () =>
			new TransformerEncoder(
				new TransformerEncoderLayer(dModel, nhead, layer),
				numEncoderLayers,
				{ norm: norm() },
			);
		const decoder = () =>
			new TransformerDecoder(
				new TransformerDecoderLayer(dModel, nhead, layer),
				numDecoderLayers,
				{ norm: norm() },
			);
		this.encoder = customEncoder ?? encoder();
		this.decoder = customDecoder ?? decoder();
		this.dModel = dModel;
		this.nhead = nhead;
		this.batchFirst = layer.batchFirst;
		this.resetParameters();
	}

	/** Draws all matrices anew. */
	resetParameters(): void {
		for (const parameter of this.parameters())
			if (parameter.dim() > 1) xavierUniform_(parameter);
	}

	override forward(
		src: Tensor,
		tgt: Tensor,
		masks: TransformerMasks = {},
	): Tensor {
		const op = this.constructor.name;
		const { srcMask, srcKeyPaddingMask, srcIsCausal, ...decoderMasks } =
			settings(op, masks, {
				srcMask: MASK,
				srcKeyPaddingMask: MASK,
				srcIsCausal: nullable(flag(false)),
				...DECODER_MASKS,
			});
		const batchDim = this.batchFirst ? 0 : 1;
		if (src.dim() === 3 && src.size(batchDim) !== tgt.size(batchDim))
			throw check.invalidValue(
				op,
				"tgt",
				`expected as many samples as src has (${src.size(batchDim)}), got ${tgt.size(batchDim)}`,
			);
		for (const [name, tensor] of Object.entries({ src, tgt }))
			if (tensor.size(-1) !== this.dModel)
				throw check.invalidValue(
					op,
					name,
					`expected dModel (${this.dModel}) features, got ${tensor.size(-1)}`,
				);
		const memory = this.encoder(src, {
			mask: srcMask,
			srcKeyPaddingMask,
			isCausal: srcIsCausal,
		});
		return this.decoder(tgt, memory, decoderMasks);
	}

	/** The causal mask: minus infinity above the diagonal, else 0. */
	static generateSquareSubsequentMask(
		size: number,
		{ device, dtype }: FactoryOptions = {},
	): Tensor {
		check.integer("generateSquareSubsequentMask", "size", size, { min: 0 });
		return causalMask(size, device, dtype);
	}
}
