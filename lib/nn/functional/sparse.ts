import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";

export interface EmbeddingFunctionOptions {
	/** A row that gets no gradient; negative counts from the end. */
	paddingIdx?: number | null | undefined;
	/** Rows that are looked up and longer than this are scaled down to it, in place. */
	maxNorm?: number | null | undefined;
	/** The p of that norm. Default 2. */
	normType?: number | undefined;
	/** Divides a row's gradient by how often it occurs in the input. Default false. */
	scaleGradByFreq?: boolean | undefined;
	/** Makes the weight's gradient a sparse tensor. Default false. */
	sparse?: boolean | undefined;
}

/** Rows of `weight` [numEmbeddings, embeddingDim], by the integers in `input`: the result is [...input.shape, embeddingDim]. */
export function embedding(
	input: Tensor,
	weight: Tensor,
	paddingIdx?: number | null,
	maxNorm?: number | null,
	normType?: number,
	scaleGradByFreq?: boolean,
	sparse?: boolean,
): Tensor;
export function embedding(
	input: Tensor,
	weight: Tensor,
	options: EmbeddingFunctionOptions,
): Tensor;
export function embedding(
	input: Tensor,
	weight: Tensor,
	...rest: unknown[]
): Tensor {
	const { paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = optional(
		"embedding",
		defaults,
		rest,
	);
	const padding =
		paddingIdx === null
			? -1
			: rowIndex("embedding", paddingIdx, weight.size(0));
	let indices = input;
	if (maxNorm !== null) {
		indices = input.contiguous();
		noGrad(() => weight.detach().embeddingRenorm_(indices, maxNorm, normType));
	}
	return generated.embedding(weight, indices, padding, scaleGradByFreq, sparse);
}

const defaults = {
	paddingIdx: null as number | null,
	maxNorm: null as number | null,
	normType: 2,
	scaleGradByFreq: false,
	sparse: false,
};

/** `paddingIdx` counted from the start. */
export function rowIndex(op: string, paddingIdx: number, rows: number): number {
	if (Number.isInteger(paddingIdx) && paddingIdx >= -rows && paddingIdx < rows)
		return paddingIdx < 0 ? rows + paddingIdx : paddingIdx;
	throw check.invalidValue(
		op,
		"paddingIdx",
		`expected an integer within numEmbeddings (${-rows} to ${rows - 1}), got ${paddingIdx}`,
	);
}
