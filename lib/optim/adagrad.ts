import * as check from "../check.ts";
import { fullLike } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
	type Batch,
	Elementwise,
	nextStep,
	type StateLanes,
} from "./elementwise.ts";
import { hyperValue, over } from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkRange } from "./options.ts";
import { withValues } from "./sparse.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface AdagradOptions extends CommonOptions {
	/** The rate of step t is lr / (1 + (t - 1) · lrDecay). Default: 0. */
	lrDecay: number;
	/** L2 penalty. Default: 0. */
	weightDecay: number;
	/** Where the sum of squares begins. Default: 0. */
	initialAccumulatorValue: number;
	/** Added to the denominator. Default: 1e-10. */
	eps: number;
	fused: boolean | null;
}

export type AdagradState = { step: Tensor; sum: Tensor };

const fusedAdagrad = privateOperator("_fused_adagrad_");

/**
 * Adagrad, as in "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization". Gradients may be sparse.
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.01), lrDecay (0), weightDecay (0), initialAccumulatorValue (0), eps (1e-10), maximize (false), foreach,
 * differentiable (false), fused
 * @throws TorchError for an option out of its range
 * @see torch.optim.Adagrad
 * @example
 * const optimizer = new Adagrad(model.parameters(), { lr: 0.05 });
 */
export class Adagrad extends Elementwise<
	AdagradOptions,
	AdagradState,
	{ rate: number }
> {
	constructor(
		params: Params<AdagradOptions>,
		options: Partial<AdagradOptions> = {},
	) {
		const defaults: AdagradOptions = {
			lr: 1e-2,
			lrDecay: 0,
			eps: 1e-10,
			weightDecay: 0,
			initialAccumulatorValue: 0,
			foreach: null,
			maximize: false,
			differentiable: false,
			fused: null,
		};
		super(params, defaults, options);
		for (const group of this.paramGroups)
			for (const param of group.params) this.stateOf(param, group, param);
	}

	protected override check(options: Readonly<AdagradOptions>): void {
		const { op } = this;
		checkRange(op, "lrDecay", "lr_decay value", options.lrDecay);
		checkRange(op, "weightDecay", "weight_decay value", options.weightDecay);
		checkRange(
			op,
			"initialAccumulatorValue",
			"initial_accumulator_value value",
			options.initialAccumulatorValue,
		);
		checkRange(op, "eps", "epsilon value", options.eps);
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<AdagradOptions>,
	): AdagradState {
		const start = group.initialAccumulatorValue;
		return {
			step: this.scalar(0, param, group),
			sum: fullLike(
				param.detach(),
				param.isComplex() ? { re: start, im: start } : start,
			),
		};
	}

	protected override advance(
		states: readonly AdagradState[],
		{ lr, lrDecay }: ParamGroup<AdagradOptions>,
	): { rate: number } {
		const step = hyperValue(nextStep(states, false));
		return { rate: hyperValue(over(lr, 1 + (step - 1) * lrDecay)) };
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ sum }: StateLanes<AdagradState>,
		{ rate }: { rate: number },
		{ weightDecay, eps }: ParamGroup<AdagradOptions>,
	): void {
		const slope = weightDecay === 0 ? grad : grad.add(param, weightDecay);
		sum.addcmul_(slope, slope, 1);
		param.addcdiv_(slope, sum.sqrt().add(eps), -rate);
	}

	/** The formula, at the places that the gradient has. */
	protected override updateSparse(
		param: Tensor,
		grad: Tensor,
		state: AdagradState,
		group: ParamGroup<AdagradOptions>,
	): void {
		if (group.weightDecay !== 0)
			throw check.invalidValue(
				this.op,
				"weightDecay",
				"weight_decay option is not compatible with sparse gradients",
			);
		const { rate } = this.advance([state], group);
		const slope = grad.coalesce(); // not linear: each place once
		const values = slope.values();
		state.sum.add_(withValues(slope, values.square()));
		const root = state.sum.sparseMask(slope).values().sqrt().add_(group.eps);
		param.add_(withValues(slope, values.div(root)), { alpha: -rate });
	}

	protected override updateFused(
		{ params, grads, states }: Batch<AdagradState>,
		group: ParamGroup<AdagradOptions>,
	): void {
		const device = params[0]?.device ?? "cpu";
		// A state that began with the plain formula counts its steps on the CPU, where a CUDA kernel cannot read.
		for (const state of states)
			if (state.step.device !== device)
				state.step = keep(state.step.to(device));
		nextStep(states, true);
		fusedAdagrad(
			params,
			grads,
			states.map((state) => state.sum),
			states.map((state) => state.step),
			hyperValue(group.lr),
			group.lrDecay,
			group.weightDecay,
			group.eps,
			group.maximize,
		);
	}
}
