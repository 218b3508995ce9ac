import { isGradEnabled } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { additiveMask } from "../functional/attention.ts";
import * as F from "../functional/index.ts";
import { xavierNormal_, xavierUniform_, zeros_ } from "../init/index.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import {
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	settings,
	whole,
} from "../settings.ts";
import { NonDynamicallyQuantizableLinear } from "./linear.ts";

export interface MultiheadAttentionOptions extends FactoryOptions {
	/** The probability of zeros among attention weights, in training. Default 0. */
	dropout?: number | undefined;
	/** Whether biases are learnt and added. Default true. */
	bias?: boolean | undefined;
	/** Whether a key and a value are learnt and added to the sequence. Default false. */
	addBiasKv?: boolean | undefined;
	/** Whether zeros are added to keys and values. Default false. */
	addZeroAttn?: boolean | undefined;
	/** Features of keys. Default: embedDim. */
	kdim?: number | null | undefined;
	/** Features of values. Default: embedDim. */
	vdim?: number | null | undefined;
	/** Whether inputs and outputs are [N, L, E] instead of [L, N, E]. Default false. */
	batchFirst?: boolean | undefined;
}

export interface AttentionOptions {
	/** Keys to leave out, [N, S] or [S]: true where so, or a number that is added to the scores. */
	keyPaddingMask?: Tensor | null | undefined;
	/** Whether the weights are given too. Default true; without them it is faster. */
	needWeights?: boolean | undefined;
	/** Pairs to leave out, [L, S] or [N · heads, L, S]: true where so, or a number that is added to the scores. */
	attnMask?: Tensor | null | undefined;
	/** Whether the weights are averaged over the heads. Default true. */
	averageAttnWeights?: boolean | undefined;
	/** Says that `attnMask` is the causal one. Default false. */
	isCausal?: boolean | undefined;
}

const nativeAttention = privateOperator("_native_multi_head_attention") as (
	...args: unknown[]
) => [Tensor, Tensor | null];

/**
 * Attention of several heads, https://arxiv.org/abs/1706.03762: gives the output, shaped like the query, and the weights [N, L, S], or
 * null. Inputs are [L, N, E], [N, L, E] with `batchFirst`, or [L, E].
 *
 * ```ts
 * const attention = new nn.MultiheadAttention(16, 4, { batchFirst: true });
 * const x = torch.randn([2, 5, 16]);
 * const [output, weights] = attention(x, x, x); // [2, 5, 16] and [2, 5, 5]
 * ```
 */
export class MultiheadAttention extends Module<
	[query: Tensor, key: Tensor, value: Tensor, options?: AttentionOptions],
	[output: Tensor, weights: Tensor | null]
> {
	readonly embedDim: number;
	readonly kdim: number;
	readonly vdim: number;
	readonly numHeads: number;
	readonly dropout: number;
	readonly batchFirst: boolean;
	readonly addZeroAttn: boolean;
	qProjWeight: Parameter | null; // [embedDim, embedDim]
	kProjWeight: Parameter | null; // [embedDim, kdim]
	vProjWeight: Parameter | null; // [embedDim, vdim]
	inProjWeight: Parameter | null; // [3 · embedDim, embedDim], where keys and values have embedDim features
	inProjBias: Parameter | null; // [3 · embedDim]
	outProj: NonDynamicallyQuantizableLinear;
	biasK: Parameter | null; // [1, 1, embedDim]
	biasV: Parameter | null; // [1, 1, embedDim]

	constructor(
		embedDim: number,
		numHeads: number,
		options: MultiheadAttentionOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "embedDim", embedDim, { min: 1 });
		check.integer(op, "numHeads", numHeads, { min: 1 });
		if (embedDim % numHeads !== 0)
			throw check.invalidValue(
				op,
				"numHeads",
				`expected a divisor of embedDim (${embedDim}), got ${numHeads}`,
			);
		const given = settings(op, options, {
			dropout: real(0, { min: 0, max: 1 }),
			bias: flag(true),
			addBiasKv: flag(false),
			addZeroAttn: flag(false),
			kdim: nullable(whole(1, { min: 1 })),
			vdim: nullable(whole(1, { min: 1 })),
			batchFirst: flag(false),
			...FACTORY,
		});
		const { bias, addBiasKv, device, dtype } = given;
		const kdim = given.kdim ?? embedDim;
		const vdim = given.vdim ?? embedDim;
		const isPacked = kdim === embedDim && vdim === embedDim;
		const parameter = (isThere: boolean, shape: number[]) =>
			isThere ? new Parameter(empty(shape, { device, dtype })) : null;
		this.embedDim = embedDim;
		this.kdim = kdim;
		this.vdim = vdim;
		this.numHeads = numHeads;
		this.dropout = given.dropout;
		this.batchFirst = given.batchFirst;
		this.addZeroAttn = given.addZeroAttn;
		this.qProjWeight = parameter(!isPacked, [embedDim, embedDim]);
		this.kProjWeight = parameter(!isPacked, [embedDim, kdim]);
		this.vProjWeight = parameter(!isPacked, [embedDim, vdim]);
		this.inProjWeight = parameter(isPacked, [3 * embedDim, embedDim]);
		this.inProjBias = parameter(bias, [3 * embedDim]);
		this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, {
			bias,
			device,
			dtype,
		});
		this.biasK = parameter(addBiasKv, [1, 1, embedDim]);
		this.biasV = parameter(addBiasKv, [1, 1, embedDim]);
		this.resetParameters();
	}

	/** Draws the projections of queries, keys and values anew, and makes biases 0. */
	resetParameters(): void {
		const { inProjWeight, qProjWeight, kProjWeight, vProjWeight } = this;
		for (const weight of [inProjWeight, qProjWeight, kProjWeight, vProjWeight])
			if (weight !== null) xavierUniform_(weight);
		if (this.inProjBias !== null) zeros_(this.inProjBias);
		if (this.inProjBias !== null && this.outProj.bias !== null)
			zeros_(this.outProj.bias);
		if (this.biasK !== null) xavierNormal_(this.biasK);
		if (this.biasV !== null) xavierNormal_(this.biasV);
	}

	override forward(
		query: Tensor,
		key: Tensor,
		value: Tensor,
		options: AttentionOptions = {},
	): [output: Tensor, weights: Tensor | null] {
		const given = settings(this.constructor.name, options, FORWARD);
		if (this.isFast(query, key, value, given)) return this.fast(query, given);
		const isTurned = this.batchFirst && query.dim() === 3;
		// [N, L, E] -> [L, N, E]; what is one tensor stays one, which is faster
		const turned = (x: Tensor) => (isTurned ? x.transpose(1, 0) : x);
		const q = turned(query);
		const k = key === query ? q : turned(key);
		const v = value === key ? k : turned(value);
		const [output, weights] = F.multiHeadAttentionForward(
			q,
			k,
			v,
			this.embedDim,
			this.numHeads,
			this.inProjWeight,
			this.inProjBias,
			this.biasK,
			this.biasV,
			this.addZeroAttn,
			this.dropout,
			this.outProj.weight,
			this.outProj.bias,
			{
				...given,
				training: this.training,
				useSeparateProjWeight: this.inProjWeight === null,
				qProjWeight: this.qProjWeight,
				kProjWeight: this.kProjWeight,
				vProjWeight: this.vProjWeight,
			},
		);
		return [turned(output), weights];
	}

	/** Whether LibTorch's kernel for inference serves: self-attention of a batch, in evaluation, without gradients. */
	private isFast(
		query: Tensor,
		key: Tensor,
		value: Tensor,
		{ attnMask, keyPaddingMask }: AttentionOptions,
	): boolean {
		const { inProjWeight, inProjBias, outProj } = this;
		const isNumeric = (mask: Tensor | null | undefined) =>
			mask?.isFloatingPoint() ?? false;
		return (
			!this.training &&
			this.batchFirst &&
			this.numHeads % 2 === 0 &&
			query.dim() === 3 &&
			query === key &&
			key === value &&
			inProjWeight !== null &&
			inProjBias !== null &&
			query.dtype === inProjWeight.dtype &&
			this.biasK === null &&
			!this.addZeroAttn &&
			!isNumeric(attnMask) &&
			!isNumeric(keyPaddingMask) &&
			!needsGrad(query, inProjWeight, inProjBias, ...outProj.parameters())
		);
	}

	private fast(
		query: Tensor,
		{
			attnMask = null,
			keyPaddingMask = null,
			needWeights,
			averageAttnWeights,
		}: AttentionOptions,
	): [Tensor, Tensor | null] {
		const { mask, type } = this.mergeMasks(attnMask, keyPaddingMask, query);
		const [output, weights] = nativeAttention(
			query,
			query,
			query,
			this.embedDim,
			this.numHeads,
			this.inProjWeight,
			this.inProjBias,
			this.outProj.weight,
			this.outProj.bias,
			mask,
			needWeights,
			averageAttnWeights,
			type,
		);
		return [output, needWeights ? weights : null];
	}

	/** Both masks as LibTorch's kernels take them: one, and what kind it is (1: of keys, 2: of both). */
	mergeMasks(
		attnMask: Tensor | null,
		keyPaddingMask: Tensor | null,
		query: Tensor,
	): { mask: Tensor | null; type: number | null } {
		const op = this.constructor.name;
		const [batch, length] = query.shape as [number, number];
		const { dtype } = query;
		const keys = additiveMask(op, "keyPaddingMask", keyPaddingMask, dtype);
		const pairs = additiveMask(op, "attnMask", attnMask, dtype);
		if (pairs === null) return { mask: keys, type: keys === null ? null : 1 };
		const spread =
			pairs.dim() === 3
				? pairs.view([batch, -1, length, length])
				: pairs
						.view([1, 1, length, length])
						.expand([batch, this.numHeads, -1, -1]);
		const mask =
			keys === null
				? spread
				: spread.add(
						keys
							.view([batch, 1, 1, length])
							.expand([-1, this.numHeads, -1, -1]),
					);
		return { mask, type: 2 };
	}
}

const MASK = nullable({ fallback: null as Tensor | null, check() {} });
const FORWARD = {
	keyPaddingMask: MASK,
	needWeights: flag(true),
	attnMask: MASK,
	averageAttnWeights: flag(true),
	isCausal: flag(false),
};

/** Whether autograd would record what is done with any of these. */
export function needsGrad(...tensors: Tensor[]): boolean {
	return isGradEnabled() && tensors.some((tensor) => tensor.requiresGrad);
}
