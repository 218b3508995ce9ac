import { privateOperator } from "../../../operator.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { additiveMask } from "../../functional/attention.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { flag, settings } from "../../settings.ts";
import { GELU, ReLU } from "../activation/index.ts";
import { MultiheadAttention, needsGrad } from "../attention.ts";
import { Dropout } from "../dropout.ts";
import { Linear } from "../linear.ts";
import { LayerNorm } from "../normalization.ts";
import {
	activationOf,
	checkHeads,
	LAYER,
	MASK,
	type TransformerLayerOptions,
} from "./layer.ts";

/** Masks of a sequence's own pairs [L, L] or [N · heads, L, L], and of its keys [N, L]. See `AttentionOptions`. */
export interface EncoderLayerMasks {
	srcMask?: Tensor | null | undefined;
	srcKeyPaddingMask?: Tensor | null | undefined;
	/** Says that `srcMask` is the causal one. Default false. */
	isCausal?: boolean | undefined;
}

const ENCODER_LAYER_MASKS = {
	srcMask: MASK,
	srcKeyPaddingMask: MASK,
	isCausal: flag(false),
};

const nativeEncoderLayer = privateOperator(
	"_transformer_encoder_layer_fwd",
) as (...args: unknown[]) => Tensor;

/** A layer of `TransformerEncoder`: self-attention, then two linear layers, each with a residual connection and a norm. */
export class TransformerEncoderLayer extends Module<
	[src: Tensor, masks?: EncoderLayerMasks],
	Tensor
> {
	selfAttn: MultiheadAttention;
	linear1: Linear;
	dropout: Dropout;
	linear2: Linear;
	readonly normFirst: boolean;
	norm1: LayerNorm;
	norm2: LayerNorm;
	dropout1: Dropout;
	dropout2: Dropout;
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
		const norm = { eps: given.layerNormEps, ...factory };
		checkHeads(op, dModel, nhead);
		this.selfAttn = new MultiheadAttention(dModel, nhead, {
			dropout,
			batchFirst,
			...factory,
		});
		this.linear1 = new Linear(dModel, dimFeedforward, factory);
		this.dropout = new Dropout(dropout);
		this.linear2 = new Linear(dimFeedforward, dModel, factory);
		this.normFirst = given.normFirst;
		this.norm1 = new LayerNorm(dModel, norm);
		this.norm2 = new LayerNorm(dModel, norm);
		this.dropout1 = new Dropout(dropout);
		this.dropout2 = new Dropout(dropout);
		this.activation = activationOf(given.activation);
	}

	override forward(src: Tensor, masks: EncoderLayerMasks = {}): Tensor {
		const op = this.constructor.name;
		const given = settings(op, masks, ENCODER_LAYER_MASKS);
		const { srcMask, srcKeyPaddingMask, isCausal } = given;
		const options = {
			attnMask: additiveMask(op, "srcMask", srcMask, src.dtype),
			keyPaddingMask: additiveMask(
				op,
				"srcKeyPaddingMask",
				srcKeyPaddingMask,
				src.dtype,
			),
			needWeights: false,
			isCausal,
		};
		if (this.isFast(src))
			return this.fast(src, options.attnMask, options.keyPaddingMask);
		const attend = (x: Tensor) =>
			this.dropout1(this.selfAttn(x, x, x, options)[0]);
		if (this.normFirst) {
			const x = src.add(attend(this.norm1(src)));
			return x.add(this.feedForward(this.norm2(x)));
		}
		const x = this.norm1(src.add(attend(src)));
		return this.norm2(x.add(this.feedForward(x)));
	}

	private feedForward(x: Tensor): Tensor {
		const hidden = this.dropout(this.activation(this.linear1(x)));
		return this.dropout2(this.linear2(hidden));
	}

	/** 1: relu, 2: gelu, 0: another activation. */
	private get activationKind(): 0 | 1 | 2 {
		const { activation } = this;
		if (activation === F.relu || (activation as unknown) instanceof ReLU)
			return 1;
		return activation === F.gelu || (activation as unknown) instanceof GELU
			? 2
			: 0;
	}

	/** Whether LibTorch's kernels for inference serve layers such as this one, and padded sequences be left out altogether. */
	get isFusible(): boolean {
		const { selfAttn, norm1, norm2 } = this;
		return (
			selfAttn.batchFirst &&
			selfAttn.inProjBias !== null &&
			selfAttn.inProjWeight !== null &&
			this.activationKind !== 0 &&
			norm1.eps === norm2.eps &&
			selfAttn.numHeads % 2 === 0
		);
	}

	/** Whether LibTorch's kernel for inference serves. Hooks would not be called within it. */
	private isFast(src: Tensor): boolean {
		return (
			!this.training &&
			src.dim() === 3 &&
			this.isFusible &&
			!needsGrad(src, ...this.parameters()) &&
			!this.modules().some((module) => module.hasForwardHooks())
		);
	}

	private fast(
		src: Tensor,
		srcMask: Tensor | null,
		srcKeyPaddingMask: Tensor | null,
	): Tensor {
		const { selfAttn, norm1, norm2, linear1, linear2 } = this;
		// A batch whose padding is left out has no shape to merge masks by, and no masks.
		const { mask, type } =
			srcMask === null && srcKeyPaddingMask === null
				? { mask: null, type: null }
				: selfAttn.mergeMasks(srcMask, srcKeyPaddingMask, src);
		return nativeEncoderLayer(
			src,
			selfAttn.embedDim,
			selfAttn.numHeads,
			selfAttn.inProjWeight,
			selfAttn.inProjBias,
			selfAttn.outProj.weight,
			selfAttn.outProj.bias,
			this.activationKind === 2,
			this.normFirst,
			norm1.eps,
			norm1.weight,
			norm1.bias,
			norm2.weight,
			norm2.bias,
			linear1.weight,
			linear1.bias,
			linear2.weight,
			linear2.bias,
			mask,
			type,
		);
	}
}
