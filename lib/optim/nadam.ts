import * as check from "../check.ts";
import { zerosLike } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Elementwise, nextStep, type StateLanes } from "./elementwise.ts";
import {
	type Hyper,
	hyperValue,
	negative,
	oneMinus,
	operand,
	over,
	power,
	times,
} from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkBetas, checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface NAdamOptions extends CommonOptions {
	/** Decay of the running averages of the gradient and of its square, each in [0, 1). Default: [0.9, 0.999]. */
	betas: readonly [number, number];
	/** Added to the denominator. Default: 1e-8. */
	eps: number;
	/** Default: 0. */
	weightDecay: number;
	/** How fast the momentum comes near to betas[0]. Default: 0.004. */
	momentumDecay: number;
	/** Shrinks the parameters by lr · weightDecay instead of adding an L2 penalty to the gradient. Default: false. */
	decoupledWeightDecay: boolean;
	capturable: boolean;
}

export type NAdamState = {
	step: Tensor;
	/** The product of all momenta so far. */
	mu_product: Tensor;
	exp_avg: Tensor;
	exp_avg_sq: Tensor;
};

/** What the gradient and the average are multiplied by, and the correction of the squares. */
type NAdamNumbers = { ofGrad: Hyper; ofAverage: Hyper; correction: Hyper };

const multiplyEach = privateOperator("_foreach_mul_", "Scalar");
const multiplyEachByTensor = privateOperator("_foreach_mul_", "Tensor");

/**
 * NAdam, Adam with Nesterov's momentum, as in "Incorporating Nesterov Momentum into Adam".
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.002), betas ([0.9, 0.999]), eps (1e-8), weightDecay (0), momentumDecay (0.004), decoupledWeightDecay (false),
 * foreach, maximize (false), capturable (false), differentiable (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.NAdam
 * @example
 * const optimizer = new NAdam(model.parameters(), { lr: 1e-3 });
 */
export class NAdam extends Elementwise<NAdamOptions, NAdamState, NAdamNumbers> {
	constructor(
		params: Params<NAdamOptions>,
		options: Partial<NAdamOptions> = {},
	) {
		const defaults: NAdamOptions = {
			lr: 2e-3,
			betas: [0.9, 0.999],
			eps: 1e-8,
			weightDecay: 0,
			momentumDecay: 4e-3,
			decoupledWeightDecay: false,
			maximize: false,
			foreach: null,
			capturable: false,
			differentiable: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<NAdamOptions>): void {
		const { op } = this;
		checkBetas(op, options.betas);
		checkRange(op, "eps", "epsilon value", options.eps);
		checkRange(op, "weightDecay", "weight_decay value", options.weightDecay);
		checkRange(
			op,
			"momentumDecay",
			"momentum_decay value",
			options.momentumDecay,
		);
		check.boolean(op, "decoupledWeightDecay", options.decoupledWeightDecay);
	}

	protected override get scalars(): readonly string[] {
		return ["step", "mu_product"];
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<NAdamOptions>,
	): NAdamState {
		return {
			step: this.scalar(0, param, group),
			mu_product: this.scalar(1, param, group),
			exp_avg: zerosLike(param),
			exp_avg_sq: zerosLike(param),
		};
	}

	protected override advance(
		states: readonly NAdamState[],
		group: ParamGroup<NAdamOptions>,
	): NAdamNumbers {
		const { lr, betas, momentumDecay, capturable } = group;
		const step = nextStep(states, capturable);
		const momentum = (at: Hyper): Hyper =>
			times(
				betas[0],
				oneMinus(times(0.5, power(0.96, times(at, momentumDecay)))),
			);
		const mu = momentum(step);
		const muNext = momentum(typeof step === "number" ? step + 1 : step.add(1));
		const products = states.map((state) => state.mu_product);
		if (typeof mu === "number") multiplyEach(products, mu);
		else multiplyEachByTensor(products, mu);
		const { mu_product } = states[0] as NAdamState;
		const product = capturable ? mu_product : hyperValue(mu_product);
		const down = negative(lr);
		const ofGrad = over(times(down, oneMinus(mu)), oneMinus(product));
		const ofAverage = over(
			times(down, muNext),
			oneMinus(times(product, muNext)),
		);
		return {
			ofGrad: capturable ? ofGrad : hyperValue(ofGrad),
			ofAverage: capturable ? ofAverage : hyperValue(ofAverage),
			correction: oneMinus(power(betas[1], step)),
		};
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ exp_avg, exp_avg_sq }: StateLanes<NAdamState>,
		{ ofGrad, ofAverage, correction }: NAdamNumbers,
		group: ParamGroup<NAdamOptions>,
	): void {
		const { betas, eps, weightDecay, differentiable } = group;
		let slope = grad;
		if (weightDecay !== 0) {
			if (group.decoupledWeightDecay)
				param.mul_(oneMinus(times(group.lr, weightDecay)));
			else slope = grad.add(param, weightDecay);
		}
		exp_avg.lerp_(slope, 1 - betas[0]);
		exp_avg_sq.decaySquare_(slope, betas[1]);
		const root = exp_avg_sq.div(correction).sqrt_();
		if (!differentiable && typeof ofGrad === "number") {
			const denominator = root.add_(eps);
			param.addcdiv_(slope, denominator, ofGrad);
			param.addcdiv_(exp_avg, denominator, Number(ofAverage));
		} else {
			const denominator = root.add(eps);
			param.addcdiv_(slope.mul(operand(ofGrad)), denominator, 1);
			param.addcdiv_(exp_avg.mul(operand(ofAverage)), denominator, 1);
		}
	}
}
