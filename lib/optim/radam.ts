import * as check from "../check.ts";
import { where, zerosLike } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Elementwise, nextStep, type StateLanes } from "./elementwise.ts";
import {
	type Hyper,
	oneMinus,
	over,
	power,
	squareRoot,
	times,
} from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkBetas, checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface RAdamOptions extends CommonOptions {
	/** Decay of the running averages of the gradient and of its square, each in [0, 1). Default: [0.9, 0.999]. */
	betas: readonly [number, number];
	/** Added to the denominator. Default: 1e-8. */
	eps: number;
	/** Default: 0. */
	weightDecay: number;
	/** Shrinks the parameters by lr · weightDecay instead of adding an L2 penalty to the gradient. Default: false. */
	decoupledWeightDecay: boolean;
	capturable: boolean;
}

export type RAdamState = { step: Tensor; exp_avg: Tensor; exp_avg_sq: Tensor };

/** The corrections of both averages (of the second one the root), and the rectification; null: the variance is too uncertain for one. */
type RAdamNumbers = {
	correction1: Hyper;
	correction2: Hyper;
	/** With tensors: [whether there is one, the rectification]. */
	rectification: number | null | [isCertain: Tensor, Tensor];
};

/**
 * RAdam, Adam with a rectified rate, as in "On the variance of the adaptive learning rate and beyond".
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.001), betas ([0.9, 0.999]), eps (1e-8), weightDecay (0), decoupledWeightDecay (false), foreach, maximize (false),
 * capturable (false), differentiable (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.RAdam
 * @example
 * const optimizer = new RAdam(model.parameters(), { lr: 1e-3 });
 */
export class RAdam extends Elementwise<RAdamOptions, RAdamState, RAdamNumbers> {
	constructor(
		params: Params<RAdamOptions>,
		options: Partial<RAdamOptions> = {},
	) {
		const defaults: RAdamOptions = {
			lr: 1e-3,
			betas: [0.9, 0.999],
			eps: 1e-8,
			weightDecay: 0,
			maximize: false,
			foreach: null,
			capturable: false,
			decoupledWeightDecay: false,
			differentiable: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<RAdamOptions>): void {
		const { op } = this;
		checkBetas(op, options.betas);
		checkRange(op, "eps", "epsilon value", options.eps);
		checkRange(op, "weightDecay", "weight_decay value", options.weightDecay);
		check.boolean(op, "decoupledWeightDecay", options.decoupledWeightDecay);
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<RAdamOptions>,
	): RAdamState {
		return {
			step: this.scalar(0, param, group),
			exp_avg: zerosLike(param),
			exp_avg_sq: zerosLike(param),
		};
	}

	protected override advance(
		states: readonly RAdamState[],
		{ betas, capturable }: ParamGroup<RAdamOptions>,
	): RAdamNumbers {
		const step = nextStep(states, capturable);
		const decay = power(betas[1], step);
		const correction = oneMinus(decay);
		// The length of the average of squares: in the end, and now.
		const end = 2 / (1 - betas[1]) - 1;
		const share = over(times(times(2, step), decay), correction);
		const factor = (end - 4) * (end - 2);
		let rectification: RAdamNumbers["rectification"];
		if (typeof share === "number") {
			const now = end - share;
			rectification =
				now > 5
					? (((now - 4) * (now - 2) * end) / (factor * now)) ** 0.5
					: null;
		} else {
			const now = share.rsub(end);
			const squared = now.sub(4).mul(now.sub(2)).mul(end).div(now.mul(factor));
			rectification = [now.gt(5), squared.pow(0.5)];
		}
		return {
			correction1: oneMinus(power(betas[0], step)),
			correction2: squareRoot(correction),
			rectification,
		};
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ exp_avg, exp_avg_sq }: StateLanes<RAdamState>,
		{ correction1, correction2, rectification }: RAdamNumbers,
		group: ParamGroup<RAdamOptions>,
	): void {
		const { lr, betas, eps, weightDecay, differentiable } = group;
		let slope = grad;
		if (weightDecay !== 0) {
			if (group.decoupledWeightDecay)
				param.mul_(oneMinus(times(lr, weightDecay)));
			else slope = grad.add(param, weightDecay);
		}
		exp_avg.lerp_(slope, 1 - betas[0]);
		exp_avg_sq.decaySquare_(slope, betas[1]);
		let update = exp_avg.div(correction1).mul_(lr);
		if (rectification !== null) {
			const root = exp_avg_sq.sqrt();
			const inverse = (
				differentiable ? root.add(eps) : root.add_(eps)
			).reciprocal();
			const adaptive = differentiable
				? inverse.mul(correction2)
				: inverse.mul_(correction2);
			if (typeof rectification === "number")
				update = update.mul_(adaptive).mul_(rectification);
			else {
				const [isCertain, factor] = rectification;
				update = update.mul_(
					adaptive.mul(factor).each((x) => where(isCertain, x, 1)),
				);
			}
		}
		param.add_(update, -1);
	}
}
