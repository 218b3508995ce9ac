import { privateOperator } from "../../../operator.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { additiveMask } from "../../functional/attention.ts";
import { Module } from "../../module.ts";
import { flag, nullable, settings } from "../../settings.ts";
import { needsGrad } from "../attention.ts";
import type { ModuleList } from "../container.ts";
import {
	type EncoderLayerMasks,
	TransformerEncoderLayer,
} from "./encoderLayer.ts";
import { copies, custom, isCausalMask, MASK, type Norm } from "./layer.ts";

/** Masks of a sequence's own pairs [L, L] or [N · heads, L, L], and of its keys [N, L]. See `AttentionOptions`. */
export interface EncoderMasks {
	mask?: Tensor | null | undefined;
	srcKeyPaddingMask?: Tensor | null | undefined;
	/** Says whether `mask` is the causal one. Default: the encoder looks. */
	isCausal?: boolean | null | undefined;
}

const ENCODER_MASKS = {
	mask: MASK,
	srcKeyPaddingMask: MASK,
	isCausal: nullable(flag(false)),
};

type EncoderLayer = Module<[src: Tensor, masks?: EncoderLayerMasks], Tensor>;

export interface TransformerEncoderOptions {
	/** A norm at the end. */
	norm?: Norm | null | undefined;
	/** Whether padding is left out altogether in inference, where it can be. Default true. */
	enableNestedTensor?: boolean | undefined;
	/** Whether it is made sure, for that, that padding stands at the end. Default true. */
	maskCheck?: boolean | undefined;
}

const nestedFromMask = privateOperator("_nested_tensor_from_mask") as (
	src: Tensor,
	mask: Tensor,
	maskCheck: boolean,
) => Tensor;

const isLeftAligned = privateOperator(
	"_nested_tensor_from_mask_left_aligned",
) as (src: Tensor, mask: Tensor) => boolean;

const toPadded = privateOperator("to_padded_tensor") as (
	nested: Tensor,
	padding: number,
	size: readonly number[],
) => Tensor;

/** `numLayers` copies of a layer, one after the other. */
export class TransformerEncoder extends Module<
	[src: Tensor, masks?: EncoderMasks],
	Tensor
> {
	readonly layers: ModuleList<EncoderLayer>;
	readonly numLayers: number;
	readonly norm: Norm | null;
	readonly enableNestedTensor: boolean;
	readonly maskCheck: boolean;

	constructor(
		encoderLayer: EncoderLayer,
		numLayers: number,
		options: TransformerEncoderOptions = {},
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			norm: custom<Norm>(),
			enableNestedTensor: flag(true),
			maskCheck: flag(true),
		});
		this.layers = copies(op, encoderLayer, numLayers);
		this.numLayers = numLayers;
		this.norm = given.norm;
		this.enableNestedTensor = given.enableNestedTensor;
		this.maskCheck = given.maskCheck;
	}

	override forward(src: Tensor, masks: EncoderMasks = {}): Tensor {
		const op = this.constructor.name;
		const given = settings(op, masks, ENCODER_MASKS);
		const { dtype } = src;
		const mask = additiveMask(op, "mask", given.mask, dtype);
		const padding = given.srcKeyPaddingMask;
		let srcKeyPaddingMask = additiveMask(
			op,
			"srcKeyPaddingMask",
			padding,
			dtype,
		);
		const [first] = this.layers;
		const isCausal = isCausalMask(mask, given.isCausal, src, first);
		let output = src;
		const kept = padding && this.sequences(src, padding, mask);
		if (kept) {
			output = nestedFromMask(src, kept, false);
			srcKeyPaddingMask = null;
		}
		for (const layer of this.layers)
			output = layer(output, { srcMask: mask, srcKeyPaddingMask, isCausal });
		if (kept) output = toPadded(output, 0, src.shape);
		return this.norm === null ? output : this.norm(output);
	}

	/** Which steps are no padding, where the layers can leave out the others; else null. */
	private sequences(
		src: Tensor,
		padding: Tensor,
		mask: Tensor | null,
	): Tensor | null {
		const [layer] = this.layers;
		const serves =
			this.enableNestedTensor &&
			layer instanceof TransformerEncoderLayer &&
			!layer.normFirst &&
			layer.isFusible &&
			!layer.training &&
			src.dim() === 3 &&
			mask === null &&
			!needsGrad(src, ...layer.parameters());
		if (!serves) return null;
		// As in PyTorch, any number but 0 in a mask of numbers marks padding.
		const kept = (
			padding.dtype === "bool" ? padding : padding.ne(0)
		).logicalNot();
		return !this.maskCheck || isLeftAligned(src, kept) ? kept : null;
	}
}
