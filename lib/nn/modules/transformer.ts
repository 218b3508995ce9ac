import * as check from "../../check.ts";
import { full } from "../../generated/functions.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device, DType } from "../../types.ts";
import { additiveMask } from "../functional/attention.ts";
import * as F from "../functional/index.ts";
import { xavierUniform_ } from "../init/index.ts";
import { Module } from "../module.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	type Setting,
	settings,
	unchecked,
	whole,
} from "../settings.ts";
import { GELU, ReLU } from "./activation.ts";
import { MultiheadAttention, needsGrad } from "./attention.ts";
import { ModuleList } from "./container.ts";
import { Dropout } from "./dropout.ts";
import { Linear } from "./linear.ts";
import { LayerNorm } from "./normalization.ts";

/** A function of each element, a module, or the name of one. */
export type Activation = "relu" | "gelu" | ((input: Tensor) => Tensor);

export interface TransformerLayerOptions extends FactoryOptions {
	/** The width between the two linear layers. Default 2048. */
	dimFeedforward?: number | undefined;
	/** Default 0.1. */
	dropout?: number | undefined;
	/** What comes between the two linear layers. Default "relu". */
	activation?: Activation | undefined;
	/** Default 1e-5. */
	layerNormEps?: number | undefined;
	/** Whether sequences are [N, L, E] instead of [L, N, E]. Default false. */
	batchFirst?: boolean | undefined;
	/** Whether norms come before attention and linear layers instead of after. Default false. */
	normFirst?: boolean | undefined;
	/** Whether linear layers and norms learn biases. Default true. */
	bias?: boolean | undefined;
}

const LAYER = {
	dimFeedforward: whole(2048, { min: 1 }),
	dropout: real(0.1, { min: 0, max: 1 }),
	activation: {
		fallback: "relu" as Activation,
		check(op: string, name: string, value: unknown) {
			if (typeof value !== "function")
				check.oneOf(op, name, value, ["relu", "gelu"]);
		},
	} as Setting<Activation>,
	layerNormEps: real(1e-5),
	batchFirst: flag(false),
	normFirst: flag(false),
	bias: flag(true),
	...FACTORY,
};

/** F.relu and F.gelu by name; others as they are. */
function activationOf(activation: Activation): (input: Tensor) => Tensor {
	if (activation === "relu") return F.relu;
	return activation === "gelu" ? F.gelu : activation;
}

/** Masks of a sequence's own pairs [L, L] or [N · heads, L, L], and of its keys [N, L]. See `AttentionOptions`. */
export interface EncoderLayerMasks {
	srcMask?: Tensor | null | undefined;
	srcKeyPaddingMask?: Tensor | null | undefined;
	/** Says that `srcMask` is the causal one. Default false. */
	isCausal?: boolean | undefined;
}

const MASK = nullable(unchecked<Tensor | null>(null));
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

function checkHeads(op: string, dModel: number, nhead: number): void {
	check.integer(op, "dModel", dModel, { min: 1 });
	check.integer(op, "nhead", nhead, { min: 1 });
	if (dModel % nhead !== 0)
		throw check.invalidValue(
			op,
			"nhead",
			`expected a divisor of dModel (${dModel}), got ${nhead}`,
		);
}

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

const DECODER_MASKS = {
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
type DecoderLayer = Module<
	[tgt: Tensor, memory: Tensor, masks?: DecoderMasks],
	Tensor
>;
type Norm = Module<[input: Tensor], Tensor>;

/** A module instead of none, or of another. */
function custom<M>(): Setting<M | null> {
	return nullable<M | null>({ fallback: null, check: checkModule });
}

function checkModule(op: string, name: string, value: unknown): void {
	if (!(value instanceof Module))
		throw check.invalidType(op, name, "Module", value);
}

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

function copies<Layer extends Module<never, unknown>>(
	op: string,
	layer: Layer,
	count: number,
): ModuleList<Layer> {
	check.integer(op, "numLayers", count, { min: 0 });
	checkModule(op, "layer", layer);
	return new ModuleList(Array.from({ length: count }, () => layer.deepcopy()));
}

/** Whether a mask is the causal one: as the caller says, or else by its numbers. */
function isCausalMask(
	mask: Tensor | null,
	isCausal: boolean | null,
	input: Tensor,
	layer: Module<never, unknown> | undefined,
): boolean {
	if (isCausal !== null || mask === null) return isCausal === true;
	const isBatchFirst =
		(layer as { selfAttn?: MultiheadAttention } | undefined)?.selfAttn
			?.batchFirst ?? false;
	const length =
		input.dim() === 2 ? input.size(0) : input.size(isBatchFirst ? 1 : 0);
	if (mask.shape.join() !== `${length},${length}`) return false;
	const { dtype, device } = mask;
	const causal = causalMask(length, device, dtype);
	return mask.eq(causal).all().item() as boolean;
}

function causalMask(size: number, device?: Device, dtype?: DType): Tensor {
	const kind = { device, dtype: dtype ?? ("float32" as const) };
	return full([size, size], -Infinity, kind).triu(1);
}

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
