import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkTensor } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { BAG_MODES, rowIndex } from "../functional/sparse.ts";
import { normal_ } from "../init/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import {
	choice,
	FACTORY,
	type FactoryOptions,
	flag,
	nullable,
	real,
	type Setting,
	settings,
	unchecked,
} from "../settings.ts";

export interface PretrainedEmbeddingOptions extends F.EmbeddingFunctionOptions {
	/** Whether the weight stays as it is in training. Default true. */
	freeze?: boolean | undefined;
}

export interface EmbeddingOptions
	extends F.EmbeddingFunctionOptions,
		FactoryOptions {
	/** A weight [numEmbeddings, embeddingDim] to use, sharing its memory, instead of a drawn one. */
	weight?: Tensor | undefined;
	/** Whether the weight stays as it is in training. Default false. */
	freeze?: boolean | undefined;
}

const tensor: Setting<Tensor | null> = nullable({
	fallback: null as Tensor | null,
	check: checkTensor,
});

/**
 * A table of vectors: integers [...] become vectors [..., embeddingDim]. The weight starts as N(0, 1), the row `paddingIdx` as zeros.
 *
 * ```ts
 * const words = new nn.Embedding(1000, 64, { paddingIdx: 0 });
 * words(torch.tensor([[4, 17, 0]])).shape; // [1, 3, 64]
 * ```
 */
export class Embedding extends Module<[input: Tensor], Tensor> {
	readonly numEmbeddings: number;
	readonly embeddingDim: number;
	readonly paddingIdx: number | null;
	readonly maxNorm: number | null;
	readonly normType: number;
	readonly scaleGradByFreq: boolean;
	readonly sparse: boolean;
	weight: Parameter; // [numEmbeddings, embeddingDim]

	constructor(
		numEmbeddings: number,
		embeddingDim: number,
		options: EmbeddingOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "numEmbeddings", numEmbeddings, { min: 0 });
		check.integer(op, "embeddingDim", embeddingDim, { min: 0 });
		const given = settings(op, options, {
			paddingIdx: unchecked<number | null>(null),
			maxNorm: nullable(real(0)),
			normType: real(2),
			scaleGradByFreq: flag(false),
			sparse: flag(false),
			weight: tensor,
			freeze: flag(false),
			...FACTORY,
		});
		const { paddingIdx, weight, device, dtype } = given;
		if (weight !== null) checkWeight(op, weight, numEmbeddings, embeddingDim);
		this.numEmbeddings = numEmbeddings;
		this.embeddingDim = embeddingDim;
		this.paddingIdx =
			paddingIdx === null ? null : rowIndex(op, paddingIdx, numEmbeddings);
		this.maxNorm = given.maxNorm;
		this.normType = given.normType;
		this.scaleGradByFreq = given.scaleGradByFreq;
		this.sparse = given.sparse;
		const data =
			weight ?? empty([numEmbeddings, embeddingDim], { device, dtype });
		this.weight = new Parameter(data, { requiresGrad: !given.freeze });
		if (weight === null) this.resetParameters();
	}

	/** An embedding whose weight is `embeddings` [rows, columns], sharing its memory. */
	static fromPretrained(
		embeddings: Tensor,
		options: PretrainedEmbeddingOptions = {},
	): Embedding {
		const [rows, columns] = tableShape(embeddings);
		return new Embedding(rows, columns, {
			freeze: true,
			...options,
			weight: embeddings,
		});
	}

	/** Draws the weight anew. */
	resetParameters(): void {
		resetTable(this.weight, this.paddingIdx);
	}

	override forward(input: Tensor): Tensor {
		return F.embedding(
			input,
			this.weight,
			this.paddingIdx,
			this.maxNorm,
			this.normType,
			this.scaleGradByFreq,
			this.sparse,
		);
	}

	override extraRepr(): string {
		const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
		if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
		if (this.maxNorm !== null) parts.push(`max_norm=${python(this.maxNorm)}`);
		if (this.normType !== 2) parts.push(`norm_type=${python(this.normType)}`);
		if (this.scaleGradByFreq) parts.push("scale_grad_by_freq=True");
		if (this.sparse) parts.push("sparse=True");
		return parts.join(", ");
	}
}

export interface EmbeddingBagOptions extends FactoryOptions {
	/** Rows that are looked up and longer than this are scaled down to it, in place. */
	maxNorm?: number | null | undefined;
	/** The p of that norm. Default 2. */
	normType?: number | undefined;
	/** Divides a row's gradient by how often it occurs in the input. Default false. */
	scaleGradByFreq?: boolean | undefined;
	/** How the rows of a bag become one. Default "mean". */
	mode?: F.BagMode | undefined;
	/** Makes the weight's gradient a sparse tensor. Default false. */
	sparse?: boolean | undefined;
	/** A weight [numEmbeddings, embeddingDim] to use, sharing its memory, instead of a drawn one. */
	weight?: Tensor | null | undefined;
	/** Whether offsets end with the end of the last bag. Default false. */
	includeLastOffset?: boolean | undefined;
	/** A row that does not count and gets no gradient; negative counts from the end. */
	paddingIdx?: number | null | undefined;
}

export interface PretrainedEmbeddingBagOptions
	extends Omit<EmbeddingBagOptions, "weight"> {
	/** Whether the weight stays as it is in training. Default true. */
	freeze?: boolean | undefined;
}

/**
 * Sums, means or maxima of bags of vectors, without the single ones in between. The bags are the rows of the input [bags, length], or
 * begin at `offsets` in the input [indices].
 *
 * ```ts
 * const bags = new nn.EmbeddingBag(10, 3, { mode: "sum" });
 * bags(torch.tensor([1, 2, 4, 5]), torch.tensor([0, 3])).shape; // [2, 3]: rows 1, 2 and 4, and row 5
 * ```
 */
export class EmbeddingBag extends Module<
	[input: Tensor, offsets?: Tensor | null, perSampleWeights?: Tensor | null],
	Tensor
> {
	readonly numEmbeddings: number;
	readonly embeddingDim: number;
	readonly maxNorm: number | null;
	readonly normType: number;
	readonly scaleGradByFreq: boolean;
	readonly mode: F.BagMode;
	readonly sparse: boolean;
	readonly includeLastOffset: boolean;
	readonly paddingIdx: number | null;
	weight: Parameter; // [numEmbeddings, embeddingDim]

	constructor(
		numEmbeddings: number,
		embeddingDim: number,
		options: EmbeddingBagOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "numEmbeddings", numEmbeddings, { min: 0 });
		check.integer(op, "embeddingDim", embeddingDim, { min: 0 });
		const given = settings(op, options, {
			maxNorm: nullable(real(0)),
			normType: real(2),
			scaleGradByFreq: flag(false),
			mode: choice<F.BagMode>("mean", BAG_MODES),
			sparse: flag(false),
			weight: tensor,
			includeLastOffset: flag(false),
			paddingIdx: unchecked<number | null>(null),
			...FACTORY,
		});
		const { paddingIdx, weight, device, dtype } = given;
		if (weight !== null) checkWeight(op, weight, numEmbeddings, embeddingDim);
		this.numEmbeddings = numEmbeddings;
		this.embeddingDim = embeddingDim;
		this.maxNorm = given.maxNorm;
		this.normType = given.normType;
		this.scaleGradByFreq = given.scaleGradByFreq;
		this.mode = given.mode;
		this.sparse = given.sparse;
		this.includeLastOffset = given.includeLastOffset;
		this.paddingIdx =
			paddingIdx === null ? null : rowIndex(op, paddingIdx, numEmbeddings);
		this.weight = new Parameter(
			weight ?? empty([numEmbeddings, embeddingDim], { device, dtype }),
		);
		if (weight === null) this.resetParameters();
	}

	/** Bags of the rows of `embeddings` [rows, columns], whose memory is shared. */
	static fromPretrained(
		embeddings: Tensor,
		{ freeze = true, ...options }: PretrainedEmbeddingBagOptions = {},
	): EmbeddingBag {
		const [rows, columns] = tableShape(embeddings);
		const weight = embeddings;
		const bags = new EmbeddingBag(rows, columns, { ...options, weight });
		bags.weight.requiresGrad = !freeze;
		return bags;
	}

	/** Draws the weight anew. */
	resetParameters(): void {
		resetTable(this.weight, this.paddingIdx);
	}

	override forward(
		input: Tensor,
		offsets: Tensor | null = null,
		perSampleWeights: Tensor | null = null,
	): Tensor {
		return F.embeddingBag(input, this.weight, {
			offsets,
			maxNorm: this.maxNorm,
			normType: this.normType,
			scaleGradByFreq: this.scaleGradByFreq,
			mode: this.mode,
			sparse: this.sparse,
			perSampleWeights,
			includeLastOffset: this.includeLastOffset,
			paddingIdx: this.paddingIdx,
		});
	}

	override extraRepr(): string {
		const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
		if (this.maxNorm !== null) parts.push(`max_norm=${python(this.maxNorm)}`);
		if (this.normType !== 2) parts.push(`norm_type=${python(this.normType)}`);
		if (this.scaleGradByFreq) parts.push("scale_grad_by_freq=True");
		parts.push(`mode=${python(this.mode)}`);
		if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
		return parts.join(", ");
	}
}

/** Draws a table from N(0, 1), but for the row `paddingIdx`, which becomes zeros. */
function resetTable(weight: Parameter, paddingIdx: number | null): void {
	normal_(weight);
	if (paddingIdx !== null) noGrad(() => weight.select(0, paddingIdx).fill_(0));
}

function tableShape(embeddings: Tensor): [number, number] {
	const op = "fromPretrained";
	checkTensor(op, "embeddings", embeddings);
	const { shape } = embeddings;
	if (shape.length === 2) return shape as [number, number];
	throw check.invalidValue(
		op,
		"embeddings",
		`expected 2 dimensions, got ${shape.length}`,
	);
}

function checkWeight(
	op: string,
	weight: Tensor,
	rows: number,
	columns: number,
): void {
	checkTensor(op, "weight", weight);
	if (weight.shape.join() === `${rows},${columns}`) return;
	throw check.invalidValue(
		op,
		"weight",
		`expected shape [${rows}, ${columns}], got [${weight.shape.join(", ")}]`,
	);
}
