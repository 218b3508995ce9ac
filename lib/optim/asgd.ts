import * as check from "../check.ts";
import { zerosLike } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Elementwise, nextStep, type StateLanes } from "./elementwise.ts";
import {
	type Hyper,
	hyperValue,
	oneMinus,
	operand,
	over,
	plus,
	power,
	times,
} from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import { checkRange } from "./options.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

const copyToEach = privateOperator("_foreach_copy_");

export interface ASGDOptions extends CommonOptions {
	/** Decay term. Default: 1e-4. */
	lambd: number;
	/** Power by which the rate falls. Default: 0.75. */
	alpha: number;
	/** The step at which averaging starts. Default: 1e6. */
	t0: number;
	/** L2 penalty. Default: 0. */
	weightDecay: number;
	capturable: boolean;
}

export type ASGDState = {
	step: Tensor;
	/** The rate of the next step. */
	eta: Tensor;
	/** The share of the next step's parameters in their average. */
	mu: Tensor;
	/** The average of the parameters. */
	ax: Tensor;
};

type ASGDNumbers = { eta: Hyper; mu: Hyper };

/**
 * Averaged stochastic gradient descent, as in "Acceleration of stochastic approximation by averaging". The averages are `ax` in the
 * state of each parameter.
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.01), lambd (1e-4), alpha (0.75), t0 (1e6), weightDecay (0), foreach, maximize (false), differentiable (false),
 * capturable (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.ASGD
 * @example
 * const optimizer = new ASGD(model.parameters(), { t0: 1000 });
 */
export class ASGD extends Elementwise<ASGDOptions, ASGDState, ASGDNumbers> {
	constructor(params: Params<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
		const defaults: ASGDOptions = {
			lr: 1e-2,
			lambd: 1e-4,
			alpha: 0.75,
			t0: 1e6,
			weightDecay: 0,
			foreach: null,
			maximize: false,
			differentiable: false,
			capturable: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<ASGDOptions>): void {
		for (const name of ["lambd", "alpha", "t0"] as const)
			check.number(this.op, name, options[name]);
		checkRange(
			this.op,
			"weightDecay",
			"weight_decay value",
			options.weightDecay,
		);
	}

	protected override get scalars(): readonly string[] {
		return ["step", "eta", "mu"];
	}

	protected override stepsOnDevice(_group: ParamGroup<ASGDOptions>): boolean {
		return true;
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<ASGDOptions>,
	): ASGDState {
		return {
			step: this.scalar(0, param, group),
			eta: this.scalar(hyperValue(group.lr), param, group),
			mu: this.scalar(1, param, group),
			ax: zerosLike(param),
		};
	}

	protected override advance(
		states: readonly ASGDState[],
		group: ParamGroup<ASGDOptions>,
	): ASGDNumbers {
		const { lr, lambd, alpha, t0, capturable } = group;
		const step = nextStep(states, capturable);
		const { eta, mu } = states[0] as ASGDState;
		const now: ASGDNumbers = capturable
			? { eta: eta.clone(), mu: mu.clone() }
			: { eta: hyperValue(eta), mu: hyperValue(mu) };
		if (typeof step === "number") {
			const slower = plus(times(times(lambd, lr), step), 1);
			eta.fill_(hyperValue(over(lr, power(slower, alpha))));
			mu.fill_(1 / Math.max(1, step - t0));
		} else {
			const slower = step.mul(operand(times(lambd, lr))).add(1);
			eta.copy_(slower.pow(alpha).reciprocal().mul(operand(lr)));
			mu.copy_(step.sub(t0).clampMin(1).reciprocal());
		}
		const others = states.slice(1);
		if (others.length > 0)
			for (const name of ["eta", "mu"] as const)
				copyToEach(
					others.map((state) => state[name]),
					new Array(others.length).fill(name === "eta" ? eta : mu),
				);
		return now;
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ ax }: StateLanes<ASGDState>,
		{ eta, mu }: ASGDNumbers,
		{ lambd, weightDecay }: ParamGroup<ASGDOptions>,
	): void {
		const slope = weightDecay === 0 ? grad : grad.add(param, weightDecay);
		param.mul_(oneMinus(times(lambd, eta)));
		if (typeof eta === "number") param.sub_(slope, eta);
		else param.add_(slope.mul(eta), -1);
		if (mu === 1) ax.copy_(param);
		else ax.add_(param.sub(ax).mul_(mu));
	}
}
