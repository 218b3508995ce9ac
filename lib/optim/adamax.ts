import { zerosLike } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Elementwise, nextStep, type StateLanes } from "./elementwise.ts";
import { type Hyper, hyperValue, oneMinus, over, power } from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkBetas, checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface AdamaxOptions extends CommonOptions {
	/** Decay of the running average of the gradient and of its greatest size, each in [0, 1). Default: [0.9, 0.999]. */
	betas: readonly [number, number];
	/** Added to the size of the gradient. Default: 1e-8. */
	eps: number;
	/** L2 penalty. Default: 0. */
	weightDecay: number;
	capturable: boolean;
}

export type AdamaxState = { step: Tensor; exp_avg: Tensor; exp_inf: Tensor };

/**
 * Adamax, Adam by the infinity norm, as in "Adam: A Method for Stochastic Optimization".
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.002), betas ([0.9, 0.999]), eps (1e-8), weightDecay (0), maximize (false), foreach, differentiable (false),
 * capturable (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.Adamax
 * @example
 * const optimizer = new Adamax(model.parameters(), { lr: 1e-3 });
 */
export class Adamax extends Elementwise<AdamaxOptions, AdamaxState, Hyper> {
	constructor(
		params: Params<AdamaxOptions>,
		options: Partial<AdamaxOptions> = {},
	) {
		const defaults: AdamaxOptions = {
			lr: 2e-3,
			betas: [0.9, 0.999],
			eps: 1e-8,
			weightDecay: 0,
			foreach: null,
			maximize: false,
			differentiable: false,
			capturable: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<AdamaxOptions>): void {
		const { op } = this;
		checkBetas(op, options.betas);
		checkRange(op, "eps", "epsilon value", options.eps);
		checkRange(op, "weightDecay", "weight_decay value", options.weightDecay);
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<AdamaxOptions>,
	): AdamaxState {
		return {
			step: this.scalar(0, param, group),
			exp_avg: zerosLike(param),
			exp_inf: zerosLike(param),
		};
	}

	/** The rate after the correction of the average. */
	protected override advance(
		states: readonly AdamaxState[],
		{ lr, betas, capturable }: ParamGroup<AdamaxOptions>,
	): Hyper {
		const step = nextStep(states, capturable);
		const rate = over(lr, oneMinus(power(betas[0], step)));
		return typeof step === "number" ? hyperValue(rate) : rate;
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ exp_avg, exp_inf }: StateLanes<AdamaxState>,
		rate: Hyper,
		{ betas, eps, weightDecay }: ParamGroup<AdamaxOptions>,
	): void {
		const slope = weightDecay === 0 ? grad : grad.add(param, weightDecay);
		exp_avg.lerp_(slope, 1 - betas[0]);
		exp_inf.mul_(betas[1]).maximum_(slope.abs().add_(eps));
		if (typeof rate === "number") param.addcdiv_(exp_avg, exp_inf, -rate);
		else param.addcdiv_(exp_avg.mul(rate), exp_inf, -1);
	}
}
