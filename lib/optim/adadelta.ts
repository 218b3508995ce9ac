import { zerosLike } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Elementwise, nextStep, type StateLanes } from "./elementwise.ts";
import { hyperValue } from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkBetween, checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface AdadeltaOptions extends CommonOptions {
	/** Decay of the running averages of squares, in [0, 1]. Default: 0.9. */
	rho: number;
	/** Added under the roots. Default: 1e-6. */
	eps: number;
	/** L2 penalty. Default: 0. */
	weightDecay: number;
	capturable: boolean;
}

export type AdadeltaState = {
	step: Tensor;
	square_avg: Tensor;
	acc_delta: Tensor;
};

/**
 * Adadelta, as in "ADADELTA: An Adaptive Learning Rate Method".
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (1), rho (0.9), eps (1e-6), weightDecay (0), maximize (false), capturable (false), foreach, differentiable (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.Adadelta
 * @example
 * const optimizer = new Adadelta(model.parameters(), { rho: 0.95 });
 */
export class Adadelta extends Elementwise<AdadeltaOptions, AdadeltaState> {
	constructor(
		params: Params<AdadeltaOptions>,
		options: Partial<AdadeltaOptions> = {},
	) {
		const defaults: AdadeltaOptions = {
			lr: 1,
			rho: 0.9,
			eps: 1e-6,
			weightDecay: 0,
			maximize: false,
			capturable: false,
			foreach: null,
			differentiable: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<AdadeltaOptions>): void {
		const { op } = this;
		checkBetween(op, "rho", "rho value", options.rho, 0, 1);
		checkRange(op, "eps", "epsilon value", options.eps);
		checkRange(op, "weightDecay", "weight_decay value", options.weightDecay);
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<AdadeltaOptions>,
	): AdadeltaState {
		return {
			step: this.scalar(0, param, group),
			square_avg: zerosLike(param),
			acc_delta: zerosLike(param),
		};
	}

	protected override advance(states: readonly AdadeltaState[]): undefined {
		nextStep(states, true);
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ square_avg, acc_delta }: StateLanes<AdadeltaState>,
		_: undefined,
		{ lr, rho, eps, weightDecay, differentiable }: ParamGroup<AdadeltaOptions>,
	): void {
		const slope = weightDecay === 0 ? grad : grad.add(param, weightDecay);
		square_avg.decaySquare_(slope, rho);
		const deviation = square_avg.add(eps).sqrt_();
		const root = acc_delta.add(eps).sqrt_();
		const delta = (differentiable ? root.clone() : root)
			.div_(deviation)
			.mul_(slope);
		acc_delta.decaySquare_(delta, rho);
		param.sub_(delta, hyperValue(lr));
	}
}
