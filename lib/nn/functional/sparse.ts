import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkTensor, type Optional, optional } from "../arguments.ts";

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
	...rest: Optional<
		typeof defaults,
		["paddingIdx", "maxNorm", "normType", "scaleGradByFreq", "sparse"]
	>
): Tensor {
	checkTensor("embedding", "input", input);
	checkTensor("embedding", "weight", weight);
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

/** How the rows of a bag become one. */
export type BagMode = "sum" | "mean" | "max";

export const BAG_MODES: readonly BagMode[] = ["sum", "mean", "max"];

const bagDefaults = {
	offsets: null as Tensor | null,
	maxNorm: null as number | null,
	normType: 2,
	scaleGradByFreq: false,
	mode: "mean" as BagMode,
	sparse: false,
	perSampleWeights: null as Tensor | null,
	includeLastOffset: false,
	paddingIdx: null as number | null,
};

/**
 * Sums, means or maxima of bags of rows of `weight`. The bags are the rows of `input` [bags, length], or begin at `offsets` in `input`
 * [indices]. Rows `paddingIdx` do not count; `perSampleWeights`, shaped like `input`, are factors of the rows (mode "sum" only).
 */
export function embeddingBag(
	input: Tensor,
	weight: Tensor,
	...rest: Optional<
		typeof bagDefaults,
		[
			"offsets",
			"maxNorm",
			"normType",
			"scaleGradByFreq",
			"mode",
			"sparse",
			"perSampleWeights",
			"includeLastOffset",
			"paddingIdx",
		]
	>
): Tensor {
	const op = "embeddingBag";
	checkTensor(op, "input", input);
	checkTensor(op, "weight", weight);
	const given = optional(op, bagDefaults, rest);
	const { maxNorm, normType, mode, scaleGradByFreq, sparse } = given;
	check.oneOf(op, "mode", mode, BAG_MODES);
	if (mode === "max" && (scaleGradByFreq || sparse))
		throw check.invalidValue(
			op,
			"mode",
			`"max" does not go with ${sparse ? "sparse" : "scaleGradByFreq"}`,
		);
	const { perSampleWeights } = given;
	if (perSampleWeights !== null && mode !== "sum")
		throw check.invalidValue(
			op,
			"perSampleWeights",
			`expected mode "sum" with it, got "${mode}"`,
		);
	if (
		perSampleWeights !== null &&
		perSampleWeights.shape.join() !== input.shape.join()
	)
		throw check.invalidValue(
			op,
			"perSampleWeights",
			`expected the input's shape [${input.shape.join(", ")}], got [${perSampleWeights.shape.join(", ")}]`,
		);
	const isTable = input.dim() === 2;
	const indices = isTable ? input.reshape([-1]) : input;
	if (maxNorm !== null)
		noGrad(() => weight.detach().embeddingRenorm_(indices, maxNorm, normType));
	const [bags] = generated.embeddingBag(
		weight,
		indices,
		bagOffsets(input, given.offsets),
		scaleGradByFreq,
		BAG_MODES.indexOf(mode),
		sparse,
		perSampleWeights?.reshape([-1]) ?? null,
		given.includeLastOffset && !isTable,
		given.paddingIdx,
	);
	return bags;
}

/** Where bags begin: at each row of a table. */
function bagOffsets(input: Tensor, offsets: Tensor | null): Tensor {
	const op = "embeddingBag";
	if (input.dim() === 2) {
		if (offsets !== null)
			throw check.invalidValue(
				op,
				"offsets",
				"expected none, since each row of a 2-dimensional input is a bag",
			);
		const { dtype, device } = input;
		return generated.arange(0, input.numel(), input.size(1), { dtype, device });
	}
	if (input.dim() !== 1)
		throw check.invalidValue(
			op,
			"input",
			`expected 1 or 2 dimensions, got ${input.dim()}`,
		);
	if (offsets === null || offsets.dim() !== 1)
		throw check.invalidValue(
			op,
			"offsets",
			`expected a tensor with 1 dimension, got ${offsets === null ? "null" : `${offsets.dim()}`}`,
		);
	return offsets;
}

export { oneHot } from "../../generated/functions.ts";

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
