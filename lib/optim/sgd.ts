import * as check from "../check.ts";
import { emptyLike } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";

import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Hyper, hyperValue, minusScaled_, plusScaled } from "./hyper.ts";
import { type Batch, Optimizer } from "./optimizer.ts";
import { checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface SGDOptions extends CommonOptions {
	/** Default: 0. */
	momentum: number;
	/** Share of a new gradient that stays out of the momentum. Default: 0. */
	dampening: number;
	/** L2 penalty. Default: 0. */
	weightDecay: Hyper;
	/** Nesterov's momentum; needs momentum without dampening. Default: false. */
	nesterov: boolean;
}

/** null: as older versions of PyTorch saved a run without momentum. */
export type SGDState = { momentum_buffer?: Tensor | null };

const fusedSgd = privateOperator("_fused_sgd_");
const fusedSgdTensorLr = privateOperator("_fused_sgd_", "tensor_lr");

/**
 * Stochastic gradient descent, with momentum if wanted.
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.001), momentum (0), dampening (0), weightDecay (0), nesterov (false), maximize (false), foreach,
 * differentiable, fused
 * @throws TorchError for an option out of its range
 * @see torch.optim.SGD
 * @example
 * const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 */
export class SGD extends Optimizer<SGDOptions, SGDState> {
	constructor(params: Params<SGDOptions>, options: Partial<SGDOptions> = {}) {
		const defaults: SGDOptions = {
			lr: 1e-3,
			momentum: 0,
			dampening: 0,
			weightDecay: 0,
			nesterov: false,
			maximize: false,
			foreach: null,
			differentiable: false,
			fused: null,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<SGDOptions>): void {
		const { op } = this;
		const { momentum, dampening, weightDecay, nesterov } = options;
		checkRange(op, "momentum", "momentum value", momentum);
		checkRange(op, "weightDecay", "weight_decay value", weightDecay);
		check.boolean(op, "nesterov", options.nesterov);
		check.number(op, "dampening", dampening);
		if (nesterov && (momentum <= 0 || dampening !== 0))
			throw check.invalidValue(
				op,
				"nesterov",
				"Nesterov momentum requires a momentum and zero dampening",
			);
	}

	protected override newState(): SGDState {
		return {};
	}

	protected override update(
		param: Tensor,
		grad: Tensor,
		state: SGDState,
		{ lr, momentum, dampening, weightDecay, nesterov }: ParamGroup<SGDOptions>,
	): void {
		let direction =
			weightDecay === 0 ? grad : plusScaled(grad, param, weightDecay);
		if (momentum !== 0) {
			let buffer = state.momentum_buffer;
			if (buffer)
				buffer.mul_(momentum).add_(direction, { alpha: 1 - dampening });
			else buffer = state.momentum_buffer = keep(direction.detach().clone());
			direction = nesterov
				? direction.add(buffer, { alpha: momentum })
				: buffer;
		}
		minusScaled_(param, direction, lr);
	}

	/** The kernel makes either first steps or later ones. */
	protected override batchOf(state: SGDState): string {
		return state.momentum_buffer ? "later" : "first";
	}

	protected override updateFused(
		{ params, grads, states }: Batch<SGDState>,
		group: ParamGroup<SGDOptions>,
	): void {
		const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
		const isFirst = momentum !== 0 && !states[0]?.momentum_buffer;
		if (isFirst)
			for (const [i, state] of states.entries())
				state.momentum_buffer = keep(emptyLike(grads[i] as Tensor));
		const kernel = typeof lr === "number" ? fusedSgd : fusedSgdTensorLr;
		kernel(
			params,
			grads,
			momentum === 0 ? [] : states.map((state) => state.momentum_buffer),
			hyperValue(weightDecay),
			momentum,
			lr,
			dampening,
			nesterov,
			maximize,
			isFirst,
		);
	}
}
