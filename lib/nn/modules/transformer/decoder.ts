import type { Tensor } from "../../../tensor/tensor.ts";
import { Module } from "../../module.ts";
import { flag, nullable, settings } from "../../settings.ts";
import { MultiheadAttention } from "../attention.ts";
import type { ModuleList } from "../container.ts";
import { Dropout } from "../dropout.ts";
import { Linear } from "../linear.ts";
import { LayerNorm } from "../normalization.ts";
import {
	activationOf,
	checkHeads,
	copies,
	custom,
	isCausalMask,
	LAYER,
	MASK,
	type Norm,
	type TransformerLayerOptions,
} from "./layer.ts";

/** Masks of the target's own pairs and keys, and of pairs and keys of the encoder's output. See `AttentionOptions`. */
export interface DecoderMasks {
	tgtMask?: Tensor | null | undefined;
	memoryMask?: Tensor | null | undefined;
	tgtKeyPaddingMask?: Tensor | null | undefined;
	memoryKeyPaddingMask?: Tensor | null | undefined;
	/** Says whether `tgtMask` is the causal one. Default false in a layer; a decoder looks, unless it is told. */
	tgtIsCausal?: boolean | null | undefined;
	/** Says that `memoryMask` is the causal one. Default false. */
	memoryIsCausal?: boolean | undefined;
}

export const DECODER_MASKS = {
	tgtMask: MASK,
	memoryMask: MASK,
	tgtKeyPaddingMask: MASK,
	memoryKeyPaddingMask: MASK,
	tgtIsCausal: nullable(flag(false)),
	memoryIsCausal: flag(false),
};

/** A layer of `TransformerDecoder`: self-attention, attention to the encoder's output, then two linear layers. */
export class TransformerDecoderLayer extends Module<
	[tgt: Tensor, memory: Tensor, masks?: DecoderMasks],
	Tensor
> {
	selfAttn: MultiheadAttention;
	multiheadAttn: MultiheadAttention;
	linear1: Linear;
	dropout: Dropout;
	linear2: Linear;
	readonly normFirst: boolean;
	norm1: LayerNorm;
	norm2: LayerNorm;
	norm3: LayerNorm;
	dropout1: Dropout;
	dropout2: Dropout;
	dropout3: Dropout;
	activation: (input: Tensor) => Tensor;

	constructor(
		dModel: number,
		nhead: number,
		options: TransformerLayerOptions = {},
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, LAYER);
		const { dropout, batchFirst, bias, device, dtype, dimFeedforward } = given;
		const factory = { bias, device, dtype };
		const attention = { dropout, batchFirst, ...factory };
		const norm = { eps: given.layerNormEps, ...factory };
		checkHeads(op, dModel, nhead);
		this.selfAttn = new MultiheadAttention(dModel, nhead, attention);
		this.multiheadAttn = new MultiheadAttention(dModel, nhead, attention);
		this.linear1 = new Linear(dModel, dimFeedforward, factory);
		this.dropout = new Dropout(dropout);
		this.linear2 = new Linear(dimFeedforward, dModel, factory);
		this.normFirst = given.normFirst;
		this.norm1 = new LayerNorm(dModel, norm);
		this.norm2 = new LayerNorm(dModel, norm);
		this.norm3 = new LayerNorm(dModel, norm);
		this.dropout1 = new Dropout(dropout);
		this.dropout2 = new Dropout(dropout);
		this.dropout3 = new Dropout(dropout);
		this.activation = activationOf(given.activation);
	}

	override forward(
		tgt: Tensor,
		memory: Tensor,
		masks: DecoderMasks = {},
	): Tensor {
		const given = settings(this.constructor.name, masks, DECODER_MASKS);
		const attend = (x: Tensor) =>
			this.dropout1(
				this.selfAttn(x, x, x, {
					attnMask: given.tgtMask,
					keyPaddingMask: given.tgtKeyPaddingMask,
					needWeights: false,
					isCausal: given.tgtIsCausal ?? false,
				})[0],
			);
		const attendMemory = (x: Tensor) =>
			this.dropout2(
				this.multiheadAttn(x, memory, memory, {
					attnMask: given.memoryMask,
					keyPaddingMask: given.memoryKeyPaddingMask,
					needWeights: false,
					isCausal: given.memoryIsCausal,
				})[0],
			);
		if (this.normFirst) {
			let x = tgt.add(attend(this.norm1(tgt)));
			x = x.add(attendMemory(this.norm2(x)));
			return x.add(this.feedForward(this.norm3(x)));
		}
		let x = this.norm1(tgt.add(attend(tgt)));
		x = this.norm2(x.add(attendMemory(x)));
		return this.norm3(x.add(this.feedForward(x)));
	}

	private feedForward(x: Tensor): Tensor {
		const hidden = this.dropout(this.activation(this.linear1(x)));
		return this.dropout3(this.linear2(hidden));
	}
}

type DecoderLayer = Module<
	[tgt: Tensor, memory: Tensor, masks?: DecoderMasks],
	Tensor
>;

/** `numLayers` copies of a layer, one after the other. */
export class TransformerDecoder extends Module<
	[tgt: Tensor, memory: Tensor, masks?: DecoderMasks],
	Tensor
> {
	readonly layers: ModuleList<DecoderLayer>;
	readonly numLayers: number;
	readonly norm: Norm | null;

	constructor(
		decoderLayer: DecoderLayer,
		numLayers: number,
		options: { norm?: Norm | null | undefined } = {},
	) {
		super();
		const op = new.target.name;
		const { norm } = settings(op, options, {
			norm: custom<Norm>(),
		});
		this.layers = copies(op, decoderLayer, numLayers);
		this.numLayers = numLayers;
		this.norm = norm;
	}

	override forward(
		tgt: Tensor,
		memory: Tensor,
		masks: DecoderMasks = {},
	): Tensor {
		const given = settings(this.constructor.name, masks, DECODER_MASKS);
		const { tgtMask } = given;
		const [first] = this.layers;
		const tgtIsCausal = isCausalMask(tgtMask, given.tgtIsCausal, tgt, first);
		let output = tgt;
		for (const layer of this.layers)
			output = layer(output, memory, { ...given, tgtIsCausal });
		return this.norm === null ? output : this.norm(output);
	}
}
