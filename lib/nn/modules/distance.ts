import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { flag, real, settings, whole } from "../settings.ts";

type Pair = [x1: Tensor, x2: Tensor];

export interface CosineSimilarityOptions {
	/** Default 1. */
	dim?: number | undefined;
	/** The least product of lengths. Default 1e-8. */
	eps?: number | undefined;
}

/** The cosine of the angle between two tensors along `dim`. */
export class CosineSimilarity extends Module<Pair, Tensor> {
	readonly dim: number;
	readonly eps: number;

	constructor(options: CosineSimilarityOptions = {}) {
		super();
		const { dim, eps } = settings(new.target.name, options, {
			dim: whole(1),
			eps: real(1e-8),
		});
		this.dim = dim;
		this.eps = eps;
	}

	override forward(x1: Tensor, x2: Tensor): Tensor {
		return F.cosineSimilarity(x1, x2, this.dim, this.eps);
	}
}

export interface PairwiseDistanceOptions {
	/** The norm's p. Default 2. */
	p?: number | undefined;
	/** Added to differences. Default 1e-6. */
	eps?: number | undefined;
	/** Whether the last dimension stays, with size 1. Default false. */
	keepdim?: boolean | undefined;
}

/** The p-norm of the difference of two tensors along the last dimension. */
export class PairwiseDistance extends Module<Pair, Tensor> {
	readonly norm: number;
	readonly eps: number;
	readonly keepdim: boolean;

	constructor(options: PairwiseDistanceOptions = {}) {
		super();
		const { p, eps, keepdim } = settings(new.target.name, options, {
			p: real(2),
			eps: real(1e-6),
			keepdim: flag(false),
		});
		this.norm = p;
		this.eps = eps;
		this.keepdim = keepdim;
	}

	override forward(x1: Tensor, x2: Tensor): Tensor {
		return F.pairwiseDistance(x1, x2, this.norm, this.eps, this.keepdim);
	}
}
