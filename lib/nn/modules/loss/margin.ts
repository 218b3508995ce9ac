import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import type { Buffer } from "../../parameter.ts";
import {
	flag,
	nullable,
	real,
	type Setting,
	settings,
	unchecked,
	whole,
} from "../../settings.ts";
import { PairwiseDistance } from "../distance.ts";
import { buffer, factor, type Given, Plain, REDUCTION } from "./common.ts";

/** log(1 + e^(-target · input)), targets being 1 or -1. */
export class SoftMarginLoss extends Plain {
	override forward(input: Tensor, target: Tensor): Tensor {
		return F.softMarginLoss(input, target, this.reduction);
	}
}

/** The hinge loss of several classes [N, C] at once; a sample's classes in the target [N, C] end at the first -1. */
export class MultiLabelMarginLoss extends Plain {
	override forward(input: Tensor, target: Tensor): Tensor {
		return F.multilabelMarginLoss(input, target, this.reduction);
	}
}

export interface MultiMarginLossOptions extends F.ReductionOption {
	/** The power of each violation, 1 (default) or 2. */
	p?: 1 | 2 | undefined;
	/** Default 1. */
	margin?: number | undefined;
	/** A factor per class, [C]. */
	weight?: Tensor | null | undefined;
}

/** The hinge loss of one class: Σ max(0, margin - input[target] + input[i])ᵖ / C over the others. */
export class MultiMarginLoss extends Module<Given, Tensor> {
	readonly p: number;
	readonly margin: number;
	weight: Buffer | null; // [C]
	readonly reduction: F.Reduction;

	constructor(options: MultiMarginLossOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			p: whole(1, { min: 1, max: 2 }),
			margin: real(1),
			weight: factor,
			...REDUCTION,
		});
		if (given.weight !== null && given.weight.dim() !== 1)
			throw check.invalidValue(
				new.target.name,
				"weight",
				`expected 1 dimension, got ${given.weight.dim()}`,
			);
		this.p = given.p;
		this.margin = given.margin;
		this.weight = buffer(given.weight);
		this.reduction = given.reduction;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		const { p, margin, weight, reduction } = this;
		return F.multiMarginLoss(input, target, p, margin, weight, reduction);
	}
}

export interface MarginLossOptions extends F.ReductionOption {
	margin?: number | undefined;
}

abstract class Margin<Inputs extends unknown[]> extends Module<Inputs, Tensor> {
	readonly margin: number;
	readonly reduction: F.Reduction;

	constructor(fallback: number, options: MarginLossOptions) {
		super();
		const { margin, reduction } = settings(new.target.name, options, {
			margin: real(fallback),
			...REDUCTION,
		});
		this.margin = margin;
		this.reduction = reduction;
	}
}

/** input where the target is 1, max(0, margin - input) where it is -1. `margin` is 1 by default. */
export class HingeEmbeddingLoss extends Margin<Given> {
	constructor(options: MarginLossOptions = {}) {
		super(1, options);
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.hingeEmbeddingLoss(input, target, this.margin, this.reduction);
	}
}

type Pair = [input1: Tensor, input2: Tensor, target: Tensor];

/** 1 - cos(input1, input2) where the target is 1, max(0, cos - margin) where it is -1. `margin` is 0 by default. */
export class CosineEmbeddingLoss extends Margin<Pair> {
	constructor(options: MarginLossOptions = {}) {
		super(0, options);
	}

	override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
		const { margin, reduction } = this;
		return F.cosineEmbeddingLoss(input1, input2, target, margin, reduction);
	}
}

/** max(0, -target (input1 - input2) + margin): a target of 1 wants input1 higher, -1 input2. `margin` is 0 by default. */
export class MarginRankingLoss extends Margin<Pair> {
	constructor(options: MarginLossOptions = {}) {
		super(0, options);
	}

	override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
		const { margin, reduction } = this;
		return F.marginRankingLoss(input1, input2, target, margin, reduction);
	}
}

export interface TripletMarginLossOptions extends F.ReductionOption {
	/** Default 1. */
	margin?: number | undefined;
	/** The norm's p. Default 2. */
	p?: number | undefined;
	/** Default 1e-6. */
	eps?: number | undefined;
	/** Takes |positive - negative| where that is smaller than |anchor - negative|. Default false. */
	swap?: boolean | undefined;
}

type Triplet = [anchor: Tensor, positive: Tensor, negative: Tensor];

/** max(0, |anchor - positive| - |anchor - negative| + margin). */
export class TripletMarginLoss extends Module<Triplet, Tensor> {
	readonly margin: number;
	readonly p: number;
	readonly eps: number;
	readonly swap: boolean;
	readonly reduction: F.Reduction;

	constructor(options: TripletMarginLossOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			margin: positive(1),
			p: real(2),
			eps: real(1e-6),
			swap: flag(false),
			...REDUCTION,
		});
		this.margin = given.margin;
		this.p = given.p;
		this.eps = given.eps;
		this.swap = given.swap;
		this.reduction = given.reduction;
	}

	override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
		const { margin, p, eps, swap, reduction } = this;
		return F.tripletMarginLoss(anchor, positive, negative, {
			margin,
			p,
			eps,
			swap,
			reduction,
		});
	}
}

/** A number above 0. */
function positive(fallback: number): Setting<number> {
	return {
		fallback,
		check(op, name, value) {
			if (check.number(op, name, value) <= 0)
				throw check.invalidValue(
					op,
					name,
					`expected a number above 0, got ${value}`,
				);
		},
	};
}

/** `TripletMarginLoss` with any distance. */
export class TripletMarginWithDistanceLoss extends Module<Triplet, Tensor> {
	readonly distanceFunction: F.DistanceFunction;
	readonly margin: number;
	readonly swap: boolean;
	readonly reduction: F.Reduction;

	constructor(options: F.TripletMarginWithDistanceOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			distanceFunction: nullable({
				...unchecked<F.DistanceFunction | null>(null),
				check: check.callable,
			}),
			margin: positive(1),
			swap: flag(false),
			...REDUCTION,
		});
		this.distanceFunction = given.distanceFunction ?? new PairwiseDistance();
		this.margin = given.margin;
		this.swap = given.swap;
		this.reduction = given.reduction;
	}

	override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
		const { distanceFunction, margin, swap, reduction } = this;
		return F.tripletMarginWithDistanceLoss(anchor, positive, negative, {
			distanceFunction,
			margin,
			swap,
			reduction,
		});
	}
}
