import * as check from "../check.ts";
import { emptyLike } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Batch, Elementwise, type StateLanes } from "./elementwise.ts";
import { type Hyper, hyperValue } from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
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
	fused: boolean | null;
}

/** null: as older versions of PyTorch saved a run without momentum. */
export type SGDState = { momentum_buffer?: Tensor | null };

type SGDNumbers = { isFirst: boolean };

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
export class SGD extends Elementwise<SGDOptions, SGDState, SGDNumbers> {
	/** States whose momentum was made, but is not set yet. */
	readonly #empty = new WeakSet<SGDState>();

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

	protected override get scalars(): readonly string[] {
		return [];
	}

	protected override newState(): SGDState {
		return {};
	}

	/** The first step only makes the momentum, of the gradient itself. */
	protected override prepare(
		state: SGDState,
		_param: Tensor,
		grad: Tensor,
		{ momentum }: ParamGroup<SGDOptions>,
	): void {
		if (momentum === 0 || state.momentum_buffer) return;
		state.momentum_buffer = keep(emptyLike(grad));
		this.#empty.add(state);
	}

	/** A kernel makes either first steps or later ones. */
	protected override batchOf(state: SGDState): string {
		return this.#empty.has(state) ? "first" : "later";
	}

	protected override advance(states: readonly SGDState[]): SGDNumbers {
		const isFirst = this.#empty.has(states[0] as SGDState);
		for (const state of states) this.#empty.delete(state);
		return { isFirst };
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ momentum_buffer }: StateLanes<SGDState>,
		{ isFirst }: SGDNumbers,
		{ lr, momentum, dampening, weightDecay, nesterov }: ParamGroup<SGDOptions>,
	): void {
		let direction = weightDecay === 0 ? grad : grad.add(param, weightDecay);
		if (momentum !== 0 && momentum_buffer) {
			if (isFirst) momentum_buffer.copy_(direction.detach());
			else momentum_buffer.mul_(momentum).add_(direction, 1 - dampening);
			direction = nesterov
				? direction.add(momentum_buffer, momentum)
				: momentum_buffer;
		}
		param.sub_(direction, lr);
	}

	protected override updateSparse(
		param: Tensor,
		grad: Tensor,
		state: SGDState,
		group: ParamGroup<SGDOptions>,
	): void {
		this.update(param, grad, state, group);
	}

	protected override updateFused(
		{ params, grads, states }: Batch<SGDState>,
		group: ParamGroup<SGDOptions>,
	): void {
		const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
		const { isFirst } = this.advance(states);
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
