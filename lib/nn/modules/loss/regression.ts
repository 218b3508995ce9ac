import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { KL_DIV_REDUCTIONS } from "../../functional/loss/regression.ts";
import { Module } from "../../module.ts";
import { choice, flag, real, settings } from "../../settings.ts";
import { type Given, Plain, REDUCTION } from "./common.ts";

/** The mean absolute error between input and target of one shape. */
export class L1Loss extends Plain {
	override forward(input: Tensor, target: Tensor): Tensor {
		return F.l1Loss(input, target, this.reduction);
	}
}

/** The mean squared error between input and target of one shape. */
export class MSELoss extends Plain {
	override forward(input: Tensor, target: Tensor): Tensor {
		return F.mseLoss(input, target, this.reduction);
	}
}

export interface SmoothL1LossOptions extends F.ReductionOption {
	/** Where the square goes over into a line. Default 1. */
	beta?: number | undefined;
}

/** d² / 2β of differences d below `beta`, |d| - β/2 of larger ones. */
export class SmoothL1Loss extends Module<Given, Tensor> {
	readonly reduction: F.Reduction;
	readonly beta: number;

	constructor(options: SmoothL1LossOptions = {}) {
		super();
		const { reduction, beta } = settings(new.target.name, options, {
			...REDUCTION,
			beta: real(1, { min: 0 }),
		});
		this.reduction = reduction;
		this.beta = beta;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.smoothL1Loss(input, target, this.reduction, this.beta);
	}
}

export interface HuberLossOptions extends F.ReductionOption {
	/** Where the square goes over into a line. Default 1. */
	delta?: number | undefined;
}

/** d² / 2 of differences d below `delta`, δ (|d| - δ/2) of larger ones. */
export class HuberLoss extends Module<Given, Tensor> {
	readonly reduction: F.Reduction;
	readonly delta: number;

	constructor(options: HuberLossOptions = {}) {
		super();
		const { reduction, delta } = settings(new.target.name, options, {
			...REDUCTION,
			delta: real(1),
		});
		this.reduction = reduction;
		this.delta = delta;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.huberLoss(input, target, this.reduction, this.delta);
	}
}

export interface KLDivLossOptions {
	/** "batchmean" divides the sum by the batch's size, which is the divergence's definition. Default "mean". */
	reduction?: F.KlDivReduction | undefined;
	/** Whether targets are log-probabilities. Default false. */
	logTarget?: boolean | undefined;
}

/** The Kullback-Leibler divergence of targets, probabilities, from inputs, log-probabilities. */
export class KLDivLoss extends Module<Given, Tensor> {
	readonly reduction: F.KlDivReduction;
	readonly logTarget: boolean;

	constructor(options: KLDivLossOptions = {}) {
		super();
		const { reduction, logTarget } = settings(new.target.name, options, {
			reduction: choice<F.KlDivReduction>("mean", KL_DIV_REDUCTIONS),
			logTarget: flag(false),
		});
		this.reduction = reduction;
		this.logTarget = logTarget;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		return F.klDiv(input, target, this.reduction, this.logTarget);
	}
}

export interface PoissonNLLLossOptions extends F.ReductionOption {
	/** Whether inputs are logarithms of expectations. Default true. */
	logInput?: boolean | undefined;
	/** Whether Stirling's approximation of log(target!) is added. Default false. */
	full?: boolean | undefined;
	/** Added to inputs that are no logarithms. Default 1e-8. */
	eps?: number | undefined;
}

/** The negative log likelihood of targets that are Poisson distributed with the inputs' expectations. */
export class PoissonNLLLoss extends Module<Given, Tensor> {
	readonly logInput: boolean;
	readonly full: boolean;
	readonly eps: number;
	readonly reduction: F.Reduction;

	constructor(options: PoissonNLLLossOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			logInput: flag(true),
			full: flag(false),
			eps: real(1e-8),
			...REDUCTION,
		});
		this.logInput = given.logInput;
		this.full = given.full;
		this.eps = given.eps;
		this.reduction = given.reduction;
	}

	override forward(input: Tensor, target: Tensor): Tensor {
		const { logInput, full, eps, reduction } = this;
		return F.poissonNllLoss(input, target, logInput, full, eps, reduction);
	}
}

export interface GaussianNLLLossOptions extends F.ReductionOption {
	/** Whether log(2π) / 2 is added. Default false. */
	full?: boolean | undefined;
	/** The least variance. Default 1e-6. */
	eps?: number | undefined;
}

/** The negative log likelihood of targets that are normally distributed with the inputs' expectations and the variances `variance`. */
export class GaussianNLLLoss extends Module<
	[input: Tensor, target: Tensor, variance: Tensor | number],
	Tensor
> {
	readonly full: boolean;
	readonly eps: number;
	readonly reduction: F.Reduction;

	constructor(options: GaussianNLLLossOptions = {}) {
		super();
		const { full, eps, reduction } = settings(new.target.name, options, {
			full: flag(false),
			eps: real(1e-6),
			...REDUCTION,
		});
		this.full = full;
		this.eps = eps;
		this.reduction = reduction;
	}

	override forward(
		input: Tensor,
		target: Tensor,
		variance: Tensor | number,
	): Tensor {
		const { full, eps, reduction } = this;
		return F.gaussianNllLoss(input, target, variance, full, eps, reduction);
	}
}
