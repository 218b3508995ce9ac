import * as check from "../check.ts";
import { zerosLike } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import { tensor } from "../tensor/creation.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
	type Batch,
	Elementwise,
	nextStep,
	type StateLanes,
} from "./elementwise.ts";
import {
	type Hyper,
	hyperValue,
	negative,
	oneMinus,
	over,
	power,
	squareRoot,
	times,
} from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkBetas, checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, ParamState, Params } from "./types.ts";

export interface AdamOptions extends CommonOptions {
	/** Decay of the running averages of the gradient and of its square, each in [0, 1). Default: [0.9, 0.999]. */
	betas: readonly [Hyper, Hyper];
	/** Added to the denominator. Default: 1e-8. */
	eps: number;
	/** Default: 0 (AdamW: 0.01). */
	weightDecay: Hyper;
	/** Divides by the greatest average so far instead of the last. Default: false. */
	amsgrad: boolean;
	capturable: boolean;
	fused: boolean | null;
	/** Shrinks the parameters by lr · weightDecay instead of adding an L2 penalty to the gradient: AdamW. Default: false. */
	decoupledWeightDecay: boolean;
}

export type AdamState = {
	/** Steps so far: float32, no dimensions. On the CPU unless a kernel reads it on the device. */
	step: Tensor;
	exp_avg: Tensor;
	exp_avg_sq: Tensor;
	max_exp_avg_sq?: Tensor;
};

/** The rate of a step after the correction of the first average, and the root of that of the second. */
type AdamNumbers = { stepSize: Hyper; correction: Hyper };

const fusedAdam = privateOperator("_fused_adam_");
const fusedAdamw = privateOperator("_fused_adamw_");
const fusedAdamTensorLr = privateOperator("_fused_adam_", "tensor_lr");
const fusedAdamwTensorLr = privateOperator("_fused_adamw_", "tensor_lr");

/**
 * Adam, as in "Adam: A Method for Stochastic Optimization".
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.001), betas ([0.9, 0.999]), eps (1e-8), weightDecay (0), amsgrad (false), maximize (false), foreach,
 * capturable (false), differentiable (false), fused, decoupledWeightDecay (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.Adam
 * @example
 * const optimizer = new Adam(model.parameters(), { lr: 3e-4 });
 */
export class Adam extends Elementwise<AdamOptions, AdamState, AdamNumbers> {
	constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
		const defaults: AdamOptions = {
			lr: 1e-3,
			betas: [0.9, 0.999],
			eps: 1e-8,
			weightDecay: 0,
			amsgrad: false,
			maximize: false,
			foreach: null,
			capturable: false,
			differentiable: false,
			fused: null,
			decoupledWeightDecay: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<AdamOptions>): void {
		const { op } = this;
		const { lr, betas, eps, weightDecay, foreach, capturable } = options;
		check.boolean(op, "amsgrad", options.amsgrad);
		check.boolean(op, "decoupledWeightDecay", options.decoupledWeightDecay);
		checkRange(op, "eps", "epsilon value", eps);
		checkBetas(op, betas);
		checkRange(op, "weightDecay", "weight_decay value", weightDecay);
		if (typeof betas[0] !== typeof betas[1])
			throw check.invalidValue(
				op,
				"betas",
				"betas must be either both floats or both Tensors",
			);
		for (const [name, value] of Object.entries({ lr, "betas[0]": betas[0] }))
			if (typeof value !== "number" && foreach && !capturable)
				throw check.invalidValue(
					op,
					name,
					`${name} as a Tensor is not supported for capturable=False and foreach=True`,
				);
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<AdamOptions>,
	): AdamState {
		const state: AdamState = {
			step: this.scalar(0, param, group),
			exp_avg: zerosLike(param),
			exp_avg_sq: zerosLike(param),
		};
		if (group.amsgrad) state.max_exp_avg_sq = zerosLike(param);
		return state;
	}

	/** For a group that was switched to amsgrad after its first step. */
	protected override prepare(
		state: AdamState,
		_param: Tensor,
		_grad: Tensor,
		{ amsgrad }: ParamGroup<AdamOptions>,
	): void {
		if (amsgrad) state.max_exp_avg_sq ??= keep(zerosLike(state.exp_avg_sq));
	}

	protected override loadState(
		saved: ParamState,
		param: Tensor,
		group: ParamGroup<AdamOptions>,
	): AdamState {
		// Old checkpoints have plain numbers here.
		const step = saved.step;
		return super.loadState(
			typeof step === "number"
				? { ...saved, step: tensor(step, { dtype: "float32" }) }
				: saved,
			param,
			group,
		);
	}

	protected override updateSparse(): void {
		throw check.invalidValue(
			this.op,
			"params",
			"Adam does not support sparse gradients, please consider SparseAdam instead",
		);
	}

	protected override advance(
		states: readonly AdamState[],
		{ lr, betas, capturable, differentiable }: ParamGroup<AdamOptions>,
	): AdamNumbers {
		const step = nextStep(states, capturable || differentiable);
		const stepSize = over(lr, oneMinus(power(betas[0], step)));
		return {
			stepSize: typeof step === "number" ? hyperValue(stepSize) : stepSize,
			correction: squareRoot(oneMinus(power(betas[1], step))),
		};
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ exp_avg, exp_avg_sq, max_exp_avg_sq }: StateLanes<AdamState>,
		{ stepSize, correction }: AdamNumbers,
		group: ParamGroup<AdamOptions>,
	): void {
		const { lr, betas, eps, weightDecay, amsgrad, differentiable } = group;
		let direction = grad;
		if (weightDecay !== 0) {
			if (group.decoupledWeightDecay)
				param.mul_(oneMinus(times(lr, weightDecay)));
			else direction = grad.add(param, weightDecay);
		}
		exp_avg.lerp_(direction, oneMinus(param.like(betas[0])));
		exp_avg_sq.decaySquare_(direction, betas[1]);
		const second =
			amsgrad && max_exp_avg_sq
				? max_exp_avg_sq.maximum_(exp_avg_sq)
				: exp_avg_sq;
		if (typeof stepSize === "number") {
			const denominator = second.sqrt().div_(correction).add_(eps);
			param.addcdiv_(exp_avg, denominator, -stepSize);
		} else {
			// The step size is a tensor, which addcdiv cannot take: it goes into the denominator.
			const size = negative(stepSize);
			const denominator = second
				.sqrt()
				.div(times(correction, size))
				.add_(over(eps, size));
			param.addcdiv_(
				differentiable ? exp_avg.clone() : exp_avg,
				denominator,
				1,
			);
		}
	}

	protected override updateFused(
		{ params, grads, states }: Batch<AdamState>,
		group: ParamGroup<AdamOptions>,
	): void {
		const { lr, betas, eps, weightDecay, amsgrad, maximize } = group;
		const device = params[0]?.device ?? "cpu";
		// A state that began with the plain formula counts its steps on the CPU, where a CUDA kernel cannot read.
		if (device !== "cpu")
			for (const state of states)
				if (state.step.device !== device)
					state.step = keep(state.step.to(device));
		const steps = states.map((state) => state.step);
		nextStep(states, true);
		const [plain, tensorLr] = group.decoupledWeightDecay
			? [fusedAdamw, fusedAdamwTensorLr]
			: [fusedAdam, fusedAdamTensorLr];
		(typeof lr === "number" ? plain : tensorLr)(
			params,
			grads,
			states.map((state) => state.exp_avg),
			states.map((state) => state.exp_avg_sq),
			amsgrad ? states.map((state) => state.max_exp_avg_sq) : [],
			steps,
			lr,
			hyperValue(betas[0]),
			hyperValue(betas[1]),
			hyperValue(weightDecay),
			eps,
			amsgrad,
			maximize,
		);
	}
}
