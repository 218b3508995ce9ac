import * as check from "../check.ts";
import { zerosLike } from "../generated/functions.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Elementwise, nextStep, type StateLanes } from "./elementwise.ts";
import { hyperValue } from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface RMSpropOptions extends CommonOptions {
	/** Decay of the running average of squares. Default: 0.99. */
	alpha: number;
	/** Added to the denominator. Default: 1e-8. */
	eps: number;
	/** L2 penalty. Default: 0. */
	weightDecay: number;
	/** Default: 0. */
	momentum: number;
	/** Divides by an estimate of the deviation instead of the root of the mean square. Default: false. */
	centered: boolean;
	capturable: boolean;
}

export type RMSpropState = {
	step: Tensor;
	square_avg: Tensor;
	momentum_buffer?: Tensor;
	grad_avg?: Tensor;
};

/**
 * RMSprop, of Hinton's lectures; centred as in "Generating Sequences With Recurrent Neural Networks".
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.01), alpha (0.99), eps (1e-8), weightDecay (0), momentum (0), centered (false), capturable (false), foreach,
 * maximize (false), differentiable (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.RMSprop
 * @example
 * const optimizer = new RMSprop(model.parameters(), { momentum: 0.9 });
 */
export class RMSprop extends Elementwise<RMSpropOptions, RMSpropState> {
	constructor(
		params: Params<RMSpropOptions>,
		options: Partial<RMSpropOptions> = {},
	) {
		const defaults: RMSpropOptions = {
			lr: 1e-2,
			momentum: 0,
			alpha: 0.99,
			eps: 1e-8,
			centered: false,
			weightDecay: 0,
			capturable: false,
			foreach: null,
			maximize: false,
			differentiable: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<RMSpropOptions>): void {
		const { op } = this;
		checkRange(op, "eps", "epsilon value", options.eps);
		checkRange(op, "momentum", "momentum value", options.momentum);
		checkRange(op, "weightDecay", "weight_decay value", options.weightDecay);
		checkRange(op, "alpha", "alpha value", options.alpha);
		check.boolean(op, "centered", options.centered);
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<RMSpropOptions>,
	): RMSpropState {
		const state: RMSpropState = {
			step: this.scalar(0, param, group),
			square_avg: zerosLike(param),
		};
		if (group.momentum > 0) state.momentum_buffer = zerosLike(param);
		if (group.centered) state.grad_avg = zerosLike(param);
		return state;
	}

	/** For a group whose options were changed after its first step. */
	protected override prepare(
		state: RMSpropState,
		param: Tensor,
		_grad: Tensor,
		{ momentum, centered }: ParamGroup<RMSpropOptions>,
	): void {
		if (momentum > 0) state.momentum_buffer ??= keep(zerosLike(param));
		if (centered) state.grad_avg ??= keep(zerosLike(param));
	}

	protected override advance(states: readonly RMSpropState[]): undefined {
		nextStep(states, true);
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ square_avg, momentum_buffer, grad_avg }: StateLanes<RMSpropState>,
		_: undefined,
		group: ParamGroup<RMSpropOptions>,
	): void {
		const { alpha, eps, weightDecay, momentum, centered } = group;
		const lr = hyperValue(group.lr);
		const slope = weightDecay === 0 ? grad : grad.add(param, weightDecay);
		square_avg.decaySquare_(slope, alpha);
		const root =
			centered && grad_avg
				? square_avg
						.addcmul(grad_avg.lerp_(slope, 1 - alpha), grad_avg, -1)
						.sqrt_()
				: square_avg.sqrt();
		const denominator = group.differentiable ? root.add(eps) : root.add_(eps);
		if (momentum > 0 && momentum_buffer)
			param.sub_(
				momentum_buffer.mul_(momentum).addcdiv_(slope, denominator, 1),
				lr,
			);
		else param.addcdiv_(slope, denominator, -lr);
	}
}
