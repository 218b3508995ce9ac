import * as check from "../check.ts";
import {
	maximum,
	viewAsReal,
	zeros,
	zerosLike,
} from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import { tensor } from "../tensor/creation.ts";
import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device } from "../types.ts";
import {
	type Hyper,
	hyperValue,
	negative,
	oneMinus,
	operand,
	over,
	plusScaled,
	power,
	squareRoot,
	times,
} from "./hyper.ts";
import { type Batch, Optimizer } from "./optimizer.ts";
import { checkRange } from "./options.ts";
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
	/** Keeps every number that changes in tensors, so that a step can be captured in a CUDA graph. Default: false. */
	capturable: boolean;
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

const addToEach = privateOperator("_foreach_add_", "Scalar");
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
export class Adam extends Optimizer<AdamOptions, AdamState> {
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
		check.boolean(op, "capturable", options.capturable);
		check.boolean(op, "decoupledWeightDecay", options.decoupledWeightDecay);
		checkRange(op, "eps", "epsilon value", eps);
		if (!Array.isArray(betas) || betas.length !== 2)
			throw check.invalidValue(op, "betas", "expected [number, number]");
		for (const i of [0, 1])
			checkRange(op, "betas", `beta parameter at index ${i}`, betas[i], 1);
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
		{ amsgrad, capturable }: ParamGroup<AdamOptions>,
		fused: boolean,
	): AdamState {
		const device = fused || capturable ? (param.device as Device) : "cpu";
		const state: AdamState = {
			step: zeros([], { dtype: "float32", device }),
			exp_avg: zerosLike(param),
			exp_avg_sq: zerosLike(param),
		};
		if (amsgrad) state.max_exp_avg_sq = zerosLike(param);
		return state;
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

	protected override update(
		param: Tensor,
		grad: Tensor,
		state: AdamState,
		group: ParamGroup<AdamOptions>,
	): void {
		const { lr, eps, weightDecay, amsgrad, capturable, differentiable } = group;
		const [beta1, beta2] = group.betas;
		if (grad.layout !== "strided")
			throw check.invalidValue(
				this.op,
				"params",
				"Adam does not support sparse gradients, please consider SparseAdam instead",
			);
		state.step.add_(1);
		if (weightDecay !== 0) {
			if (group.decoupledWeightDecay)
				param.mul_(operand(oneMinus(times(lr, weightDecay))));
			else grad = plusScaled(grad, param, weightDecay);
		}

		const [p, g, average, square] = [
			realView(param),
			realView(grad),
			realView(state.exp_avg),
			realView(state.exp_avg_sq),
		];
		const decay1 = typeof beta1 === "number" ? beta1 : beta1.to(p);
		average.lerp_(g, operand(oneMinus(decay1)));
		decaySquare(square, g, beta2, differentiable);
		let second = square;
		if (amsgrad) {
			second = realView(state.max_exp_avg_sq ?? noMaximum(state));
			second.copy_(maximum(differentiable ? second.clone() : second, square));
		}

		const step =
			capturable || differentiable ? state.step : Number(state.step.item());
		const stepSize = over(lr, oneMinus(power(beta1, step)));
		const correction = squareRoot(oneMinus(power(beta2, step)));
		if (typeof step === "number") {
			const denominator = second.sqrt().div(operand(correction)).add_(eps);
			p.addcdiv_(average, denominator, { value: -hyperValue(stepSize) });
		} else {
			// The step size is a tensor, which addcdiv cannot take: it goes into the denominator.
			const size = negative(stepSize);
			const denominator = second
				.sqrt()
				.div(operand(times(correction, size)))
				.add_(operand(over(eps, size)));
			p.addcdiv_(differentiable ? average.clone() : average, denominator);
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
		addToEach(steps, 1);
		const [plain, tensorLr] = group.decoupledWeightDecay
			? [fusedAdamw, fusedAdamwTensorLr]
			: [fusedAdam, fusedAdamTensorLr];
		(typeof lr === "number" ? plain : tensorLr)(
			params,
			grads,
			states.map((state) => state.exp_avg),
			states.map((state) => state.exp_avg_sq),
			amsgrad
				? states.map((state) => state.max_exp_avg_sq ?? noMaximum(state))
				: [],
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

/** For a group that was switched to amsgrad after its first step. */
function noMaximum(state: AdamState): Tensor {
	state.max_exp_avg_sq = keep(zerosLike(state.exp_avg_sq));
	return state.max_exp_avg_sq;
}

/** Complex numbers as pairs of real ones, in the same memory. */
function realView(x: Tensor): Tensor {
	return x.isComplex() ? viewAsReal(x) : x;
}

/** square ← beta · square + (1 - beta) · grad² */
function decaySquare(
	square: Tensor,
	grad: Tensor,
	beta: Hyper,
	differentiable: boolean,
): void {
	if (differentiable && typeof beta !== "number" && beta.requiresGrad)
		square.lerp_(grad.square(), operand(oneMinus(beta)));
	else
		square
			.mul_(operand(beta))
			.addcmul_(grad, grad, { value: hyperValue(oneMinus(beta)) });
}
