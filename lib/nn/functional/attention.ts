import * as check from "../../check.ts";
import {
	baddbmm,
	bmm,
	cat,
	linear,
	pad,
	scaledDotProductAttention,
	softmax,
	zerosLike,
} from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../types.ts";
import { checkTensor, type Optional, optional } from "../arguments.ts";
import { dropout } from "./dropout.ts";

const noTensor = null as Tensor | null;

const defaults = {
	training: true,
	keyPaddingMask: noTensor,
	needWeights: true,
	attnMask: noTensor,
	useSeparateProjWeight: false,
	qProjWeight: noTensor,
	kProjWeight: noTensor,
	vProjWeight: noTensor,
	staticK: noTensor,
	staticV: noTensor,
	averageAttnWeights: true,
	isCausal: false,
};

export interface MultiHeadAttentionOptions {
	/** Whether attention weights are dropped. Default true. */
	training?: boolean | undefined;
	/** Keys to leave out, [N, S]: true where so, or a number that is added to the scores. */
	keyPaddingMask?: Tensor | null | undefined;
	/** Whether the weights are returned. Default true; without them it is faster. */
	needWeights?: boolean | undefined;
	/** Pairs to leave out, [L, S] or [N · heads, L, S]: true where so, or a number that is added to the scores. */
	attnMask?: Tensor | null | undefined;
	/** Whether queries, keys and values have weights of their own instead of `inProjWeight`. Default false. */
	useSeparateProjWeight?: boolean | undefined;
	qProjWeight?: Tensor | null | undefined;
	kProjWeight?: Tensor | null | undefined;
	vProjWeight?: Tensor | null | undefined;
	/** Keys and values, [N · heads, S, E / heads], instead of those computed. */
	staticK?: Tensor | null | undefined;
	staticV?: Tensor | null | undefined;
	/** Whether the weights are averaged over the heads. Default true. */
	averageAttnWeights?: boolean | undefined;
	/** Says that `attnMask` is the causal one. Default false. */
	isCausal?: boolean | undefined;
}

const OP = "multiHeadAttentionForward";

/**
 * Attention of several heads, https://arxiv.org/abs/1706.03762: `query` [L, N, E] or [L, E], `key` [S, N, E] and `value`. Gives the
 * output, shaped like the query, and the weights [N, L, S], or null.
 */
export function multiHeadAttentionForward(
	query: Tensor,
	key: Tensor,
	value: Tensor,
	embedDimToCheck: number,
	numHeads: number,
	inProjWeight: Tensor | null,
	inProjBias: Tensor | null,
	biasK: Tensor | null,
	biasV: Tensor | null,
	addZeroAttn: boolean,
	dropoutP: number,
	outProjWeight: Tensor,
	outProjBias: Tensor | null,
	...rest: Optional<
		typeof defaults,
		[
			"training",
			"keyPaddingMask",
			"needWeights",
			"attnMask",
			"useSeparateProjWeight",
			"qProjWeight",
			"kProjWeight",
			"vProjWeight",
			"staticK",
			"staticV",
			"averageAttnWeights",
			"isCausal",
		]
	>
): [Tensor, Tensor | null] {
	checkTensor("multiHeadAttentionForward", "query", query);
	checkTensor("multiHeadAttentionForward", "key", key);
	checkTensor("multiHeadAttentionForward", "value", value);
	const given = optional(OP, defaults, rest);
	if (query.dim() === 2)
		return unbatched(
			multiHeadAttentionForward(
				// As in PyTorch, three tensors here even where they are one: three products instead of one are rounded differently.
				query.unsqueeze(1),
				key.unsqueeze(1),
				value.unsqueeze(1),
				embedDimToCheck,
				numHeads,
				inProjWeight,
				inProjBias,
				biasK,
				biasV,
				addZeroAttn,
				dropoutP,
				outProjWeight,
				outProjBias,
				{
					...given,
					keyPaddingMask: given.keyPaddingMask?.unsqueeze(0) ?? null,
				},
			),
		);
	checkShapes(query, key, value, embedDimToCheck, numHeads);
	const [length, batch, width] = query.shape as [number, number, number];
	const headWidth = width / numHeads;
	const heads = batch * numHeads;

	const mask = new Mask(query, key, numHeads, given);
	let [q, k, v] = project(query, key, value, inProjWeight, inProjBias, given);
	if ((biasK === null) !== (biasV === null))
		throw check.invalidValue(OP, "biasV", "expected both biases, or none");
	if (biasK !== null && biasV !== null) {
		k = cat([k, biasK.repeat([1, batch, 1])]);
		v = cat([v, biasV.repeat([1, batch, 1])]);
		mask.addKey();
	}
	// [length, N · heads, width of a head] -> [N · heads, length, width of a head]
	const byHead = (x: Tensor) =>
		x.view([x.size(0), heads, headWidth]).transpose(0, 1);
	q = byHead(q);
	k = given.staticK ?? byHead(k);
	v = given.staticV ?? byHead(v);
	if (addZeroAttn) {
		k = cat([k, k.newZeros([heads, 1, headWidth])], 1);
		v = cat([v, v.newZeros([heads, 1, headWidth])], 1);
		mask.addKey();
	}
	const keys = k.size(1);
	const attnMask = mask.merged(keys);
	const p = given.training ? dropoutP : 0;
	const projected = (x: Tensor) =>
		linear(x, outProjWeight, outProjBias).view([length, batch, -1]);

	if (!given.needWeights) {
		const split = (x: Tensor) => x.view([batch, numHeads, -1, headWidth]);
		const spread =
			attnMask === null || attnMask.size(0) === 1
				? (attnMask?.unsqueeze(0) ?? null)
				: attnMask.view([batch, numHeads, -1, keys]);
		const mixed = scaledDotProductAttention(
			split(q),
			split(k),
			split(v),
			spread,
			p,
			mask.isCausal,
		);
		return [
			projected(mixed.permute([2, 0, 1, 3]).reshape([batch * length, width])),
			null,
		];
	}
	const scaled = q.mul(Math.sqrt(1 / headWidth));
	const transposed = k.transpose(-2, -1);
	const scores =
		attnMask === null
			? bmm(scaled, transposed)
			: baddbmm(attnMask, scaled, transposed);
	const soft = softmax(scores, -1);
	const weights = p > 0 ? dropout(soft, p) : soft;
	const mixed = bmm(weights, v)
		.transpose(0, 1)
		.reshape([length * batch, width]);
	const perHead = weights.view([batch, numHeads, length, keys]);
	return [
		projected(mixed),
		given.averageAttnWeights ? perHead.mean(1) : perHead,
	];
}

/** Which keys a query does not see. */
class Mask {
	isCausal: boolean;
	#attention: Tensor | null; // [1 or N · heads, L, S]
	#padding: Tensor | null; // [N, S]
	readonly #numHeads: number;

	constructor(
		query: Tensor,
		key: Tensor,
		numHeads: number,
		{ attnMask, keyPaddingMask, needWeights, isCausal }: typeof defaults,
	) {
		const [length, batch] = query.shape as [number, number];
		const { dtype } = query;
		if (isCausal && attnMask === null)
			throw check.invalidValue(
				OP,
				"attnMask",
				"expected a mask with isCausal, which only says what it is",
			);
		this.#numHeads = numHeads;
		this.#padding = additiveMask(OP, "keyPaddingMask", keyPaddingMask, dtype);
		// The kernel knows a causal mask by itself, so long as nothing else is masked.
		const byKernel = isCausal && keyPaddingMask === null && !needWeights;
		this.isCausal = isCausal && keyPaddingMask === null;
		const mask = byKernel
			? null
			: additiveMask(OP, "attnMask", attnMask, dtype);
		this.#attention = mask?.dim() === 2 ? mask.unsqueeze(0) : mask;
		const wanted = (first: number) => [first, length, key.size(0)].join();
		const shape = this.#attention?.shape.join();
		const first = mask?.dim() === 3 ? batch * numHeads : 1;
		if (shape !== undefined && shape !== wanted(first))
			throw check.invalidValue(
				OP,
				"attnMask",
				`expected shape [${length}, ${key.size(0)}] or [${batch * numHeads}, ${length}, ${key.size(0)}], got [${mask?.shape.join(", ")}]`,
			);
	}

	/** Another key at the end, which all see. */
	addKey(): void {
		if (this.#attention !== null)
			this.#attention = pad(this.#attention, [0, 1]);
		if (this.#padding !== null) this.#padding = pad(this.#padding, [0, 1]);
	}

	/** Both masks in one: [1 or N · heads, L or 1, keys]. */
	merged(keys: number): Tensor | null {
		if (this.#padding === null) return this.#attention;
		const [batch, own] = this.#padding.shape as [number, number];
		if (own !== keys)
			throw check.invalidValue(
				OP,
				"keyPaddingMask",
				`expected shape [${batch}, ${keys}], got [${batch}, ${own}]`,
			);
		const padding = this.#padding
			.view([batch, 1, 1, keys])
			.expand([-1, this.#numHeads, -1, -1])
			.reshape([batch * this.#numHeads, 1, keys]);
		return this.#attention === null ? padding : this.#attention.add(padding);
	}
}

/** A mask as numbers to be added to scores: minus infinity where a boolean one is true. */
export function additiveMask(
	op: string,
	name: string,
	mask: Tensor | null,
	dtype: DType,
): Tensor | null {
	if (mask === null || mask.isFloatingPoint()) return mask;
	if (mask.dtype !== "bool")
		throw check.invalidValue(
			op,
			name,
			`expected a mask of bool or a floating point dtype, got ${mask.dtype}`,
		);
	return zerosLike(mask, { dtype }).maskedFill_(mask, -Infinity);
}

/** Queries, keys and values through their linear layers; those of the same tensor in one product. */
function project(
	query: Tensor,
	key: Tensor,
	value: Tensor,
	weight: Tensor | null,
	bias: Tensor | null,
	{
		useSeparateProjWeight,
		qProjWeight,
		kProjWeight,
		vProjWeight,
	}: typeof defaults,
): [Tensor, Tensor, Tensor] {
	const width = query.size(-1);
	const biases = () => bias?.chunk(3) ?? [null, null, null];
	if (useSeparateProjWeight) {
		if (qProjWeight === null || kProjWeight === null || vProjWeight === null)
			throw check.invalidValue(
				OP,
				"qProjWeight",
				"expected three weights with useSeparateProjWeight",
			);
		const [biasQ, biasK, biasV] = biases();
		return [
			linear(query, qProjWeight, biasQ),
			linear(key, kProjWeight, biasK),
			linear(value, vProjWeight, biasV),
		];
	}
	if (weight === null)
		throw check.invalidValue(OP, "inProjWeight", "expected Tensor, got null");
	// [length, N, parts · width] -> parts of [length, N, width]
	const apart = (x: Tensor, parts: number) =>
		x
			.unflatten(-1, [parts, width])
			.permute([2, 0, 1, 3])
			.contiguous()
			.unbind(0);
	if (key === value && query === key)
		return apart(linear(query, weight, bias), 3) as [Tensor, Tensor, Tensor];
	if (key === value) {
		const [weightQ, weightKV] = weight.split([width, 2 * width]);
		const [biasQ = null, biasKV = null] = bias?.split([width, 2 * width]) ?? [];
		const [k, v] = apart(linear(key, weightKV as Tensor, biasKV), 2);
		return [linear(query, weightQ as Tensor, biasQ), k as Tensor, v as Tensor];
	}
	const [weightQ, weightK, weightV] = weight.chunk(3);
	const [biasQ, biasK, biasV] = biases();
	return [
		linear(query, weightQ as Tensor, biasQ),
		linear(key, weightK as Tensor, biasK),
		linear(value, weightV as Tensor, biasV),
	];
}

function unbatched([output, weights]: [Tensor, Tensor | null]): [
	Tensor,
	Tensor | null,
] {
	return [output.squeeze(1), weights?.squeeze(0) ?? null];
}

function checkShapes(
	query: Tensor,
	key: Tensor,
	value: Tensor,
	width: number,
	numHeads: number,
): void {
	if (query.dim() !== 3 || key.dim() !== 3 || value.dim() !== 3)
		throw check.invalidValue(
			OP,
			"query",
			`expected all to have 3 dimensions, or all 2, got ${query.dim()}, ${key.dim()} and ${value.dim()}`,
		);
	if (query.size(2) !== width)
		throw check.invalidValue(
			OP,
			"query",
			`expected ${width} features, got ${query.size(2)}`,
		);
	if (width % numHeads !== 0)
		throw check.invalidValue(
			OP,
			"numHeads",
			`expected a divisor of ${width}, got ${numHeads}`,
		);
	const places = (x: Tensor) => x.shape.slice(0, 2).join(", ");
	if (places(key) !== places(value))
		throw check.invalidValue(
			OP,
			"value",
			`expected the key's length and batch [${places(key)}], got [${places(value)}]`,
		);
}
