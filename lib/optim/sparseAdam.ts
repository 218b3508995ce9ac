import * as check from "../check.ts";
import { zerosLike } from "../generated/functions.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
	type Hyper,
	hyperValue,
	negative,
	oneMinus,
	operand,
	over,
	power,
	squareRoot,
	times,
} from "./hyper.ts";
import { Optimizer } from "./optimizer.ts";
import { checkBetas } from "./options.ts";
import { withValues } from "./sparse.ts";
import type { BaseOptions, GroupInput, ParamGroup, Params } from "./types.ts";

export interface SparseAdamOptions extends BaseOptions {
	/** Decay of the running averages of the gradient and of its square, each in [0, 1). Default: [0.9, 0.999]. */
	betas: readonly [number, number];
	/** Added to the denominator, above 0. Default: 1e-8. */
	eps: number;
	maximize: boolean;
}

export type SparseAdamState = {
	step: number;
	exp_avg: Tensor;
	exp_avg_sq: Tensor;
};

/**
 * Adam for sparse gradients, such as those of `new Embedding(…, { sparse: true })`: only what has a gradient changes, its averages too.
 *
 * @param params dense parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.001, above 0), betas ([0.9, 0.999]), eps (1e-8), maximize (false)
 * @throws TorchError for an option out of its range; in `step` for a gradient that is not sparse
 * @see torch.optim.SparseAdam
 * @example
 * const optimizer = new SparseAdam(embedding.parameters());
 */
export class SparseAdam extends Optimizer<SparseAdamOptions, SparseAdamState> {
	constructor(
		params: Params<SparseAdamOptions>,
		options: Partial<SparseAdamOptions> = {},
	) {
		const defaults: SparseAdamOptions = {
			lr: 1e-3,
			betas: [0.9, 0.999],
			eps: 1e-8,
			maximize: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<SparseAdamOptions>): void {
		const { op } = this;
		const above = (name: string, words: string, value: Hyper) => {
			if (!(hyperValue(value) > 0))
				throw check.invalidValue(
					op,
					name,
					`Invalid ${words}: ${hyperValue(value)}`,
				);
		};
		above("lr", "learning rate", options.lr);
		above("eps", "epsilon value", check.number(op, "eps", options.eps));
		checkBetas(op, options.betas);
	}

	override addParamGroup(group: GroupInput<SparseAdamOptions>): void {
		super.addParamGroup(group);
		for (const [i, param] of (this.paramGroups.at(-1)?.params ?? []).entries())
			if (param.layout !== "strided" || param.isComplex()) {
				this.paramGroups.pop();
				throw check.invalidValue(
					this.op,
					"params",
					param.isComplex()
						? `SparseAdam does not support complex parameters, but parameter ${i} is one`
						: `SparseAdam requires dense parameter tensors, but parameter ${i} is sparse`,
				);
			}
	}

	protected override newState(param: Tensor): SparseAdamState {
		return { step: 0, exp_avg: zerosLike(param), exp_avg_sq: zerosLike(param) };
	}

	protected override update(
		param: Tensor,
		grad: Tensor,
		state: SparseAdamState,
		{ lr, betas, eps }: ParamGroup<SparseAdamOptions>,
	): void {
		if (grad.layout !== "sparse_coo")
			throw check.invalidValue(
				this.op,
				"params",
				"SparseAdam does not support dense gradients, please consider Adam instead",
			);
		state.step += 1;
		const [beta1, beta2] = betas;
		const { step, exp_avg, exp_avg_sq } = state;
		const slope = grad.coalesce(); // not linear: each place once
		const values = slope.values();
		if (values.numel() === 0) return;

		/** An average goes on by a share of what it is away from `target`, at the places of the gradient; returns it there. */
		const approach = (average: Tensor, target: Tensor, share: number) =>
			scope(() => {
				const old = average.sparseMask(slope).values();
				const change = target.sub(old).mul_(share);
				average.add_(withValues(slope, change));
				return change.add_(old);
			});
		const first = approach(exp_avg, values, 1 - beta1);
		const second = approach(exp_avg_sq, values.pow(2), 1 - beta2);
		const denominator = second.sqrt_().add_(eps);
		const stepSize = over(
			times(lr, squareRoot(oneMinus(power(beta2, step)))),
			oneMinus(power(beta1, step)),
		);
		param.add_(
			withValues(
				slope,
				first.div_(denominator).mul_(operand(negative(stepSize))),
			),
		);
	}
}
