import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkTensor } from "../arguments.ts";
import * as F from "../functional/index.ts";
import { rowIndex } from "../functional/sparse.ts";
import { normal_ } from "../init/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";
import { Parameter } from "../parameter.ts";
import type { FactoryOptions } from "./linear.ts";

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

const OPTIONS = [
	"paddingIdx",
	"maxNorm",
	"normType",
	"scaleGradByFreq",
	"sparse",
	"weight",
	"freeze",
	"device",
	"dtype",
];

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
	readonly weight: Parameter; // [numEmbeddings, embeddingDim]

	constructor(
		numEmbeddings: number,
		embeddingDim: number,
		options: EmbeddingOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "numEmbeddings", numEmbeddings, { min: 0 });
		check.integer(op, "embeddingDim", embeddingDim, { min: 0 });
		check.options(op, options, OPTIONS);
		const {
			paddingIdx = null,
			maxNorm = null,
			normType = 2,
			scaleGradByFreq = false,
			sparse = false,
		} = options;
		const { weight, freeze = false, device, dtype } = options;
		if (maxNorm !== null) check.number(op, "maxNorm", maxNorm);
		check.number(op, "normType", normType);
		check.boolean(op, "scaleGradByFreq", scaleGradByFreq);
		check.boolean(op, "sparse", sparse);
		check.boolean(op, "freeze", freeze);
		if (weight !== undefined)
			checkWeight(op, weight, numEmbeddings, embeddingDim);
		this.numEmbeddings = numEmbeddings;
		this.embeddingDim = embeddingDim;
		this.paddingIdx =
			paddingIdx === null ? null : rowIndex(op, paddingIdx, numEmbeddings);
		this.maxNorm = maxNorm;
		this.normType = normType;
		this.scaleGradByFreq = scaleGradByFreq;
		this.sparse = sparse;
		const data =
			weight ?? empty([numEmbeddings, embeddingDim], { device, dtype });
		this.weight = new Parameter(data, { requiresGrad: !freeze });
		if (weight === undefined) this.resetParameters();
	}

	/** An embedding whose weight is `embeddings` [rows, columns], sharing its memory. */
	static fromPretrained(
		embeddings: Tensor,
		options: PretrainedEmbeddingOptions = {},
	): Embedding {
		const op = "fromPretrained";
		checkTensor(op, "embeddings", embeddings);
		const [rows, columns] = embeddings.shape;
		if (embeddings.dim() !== 2)
			throw check.invalidValue(
				op,
				"embeddings",
				`expected 2 dimensions, got ${embeddings.dim()}`,
			);
		return new Embedding(rows as number, columns as number, {
			freeze: true,
			...options,
			weight: embeddings,
		});
	}

	/** Draws the weight anew. */
	resetParameters(): void {
		normal_(this.weight);
		const { paddingIdx } = this;
		if (paddingIdx !== null)
			noGrad(() => this.weight.select(0, paddingIdx).fill_(0));
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
