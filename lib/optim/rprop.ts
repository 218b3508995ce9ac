import * as check from "../check.ts";
import { fullLike, zerosLike } from "../generated/functions.ts";
import { privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Elementwise, nextStep, type StateLanes } from "./elementwise.ts";
import { hyperValue } from "./hyper.ts";
import type { Lanes } from "./lanes.ts";
import type { CommonOptions, ParamGroup, Params } from "./types.ts";

export interface RpropOptions extends CommonOptions {
	/** What a step size is multiplied by where the gradient changes its sign, and where it keeps it. Default: [0.5, 1.2]. */
	etas: readonly [number, number];
	/** The smallest and the greatest step size. Default: [1e-6, 50]. */
	stepSizes: readonly [number, number];
	capturable: boolean;
}

/** `threshold_backward(x, y, limit)`: x, but 0 where y is at most the limit */
const zeroWhereAtMost = privateOperator("threshold_backward");

export type RpropState = { step: Tensor; prev: Tensor; step_size: Tensor };

/**
 * Resilient backpropagation: each element has a step size of its own, and only the sign of its gradient counts.
 *
 * @param params parameters, named parameters, or groups of them with options of their own
 * @param options lr (0.01, the first step size), etas ([0.5, 1.2]), stepSizes ([1e-6, 50]), capturable (false), foreach,
 * maximize (false), differentiable (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.Rprop
 * @example
 * const optimizer = new Rprop(model.parameters(), { stepSizes: [1e-6, 1] });
 */
export class Rprop extends Elementwise<RpropOptions, RpropState> {
	constructor(
		params: Params<RpropOptions>,
		options: Partial<RpropOptions> = {},
	) {
		const defaults: RpropOptions = {
			lr: 1e-2,
			etas: [0.5, 1.2],
			stepSizes: [1e-6, 50],
			foreach: null,
			maximize: false,
			differentiable: false,
			capturable: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<RpropOptions>): void {
		const { op } = this;
		for (const name of ["etas", "stepSizes"] as const) {
			const pair: unknown = options[name];
			if (!Array.isArray(pair) || pair.length !== 2)
				throw check.invalidValue(op, name, "expected [number, number]");
			for (const [i, x] of pair.entries()) check.number(op, `${name}[${i}]`, x);
		}
		const [down, up] = options.etas;
		if (!(down > 0 && down < 1 && up > 1))
			throw check.invalidValue(
				op,
				"etas",
				`Invalid eta values: ${down}, ${up}`,
			);
	}

	protected override newState(
		param: Tensor,
		group: ParamGroup<RpropOptions>,
		grad: Tensor,
	): RpropState {
		const lr = hyperValue(group.lr);
		return {
			step: this.scalar(0, param, group),
			prev: zerosLike(param),
			step_size: fullLike(grad, param.isComplex() ? { re: lr, im: lr } : lr),
		};
	}

	protected override advance(states: readonly RpropState[]): undefined {
		nextStep(states, true);
	}

	protected override formula(
		param: Lanes,
		grad: Lanes,
		{ prev, step_size }: StateLanes<RpropState>,
		_: undefined,
		{ etas, stepSizes, differentiable }: ParamGroup<RpropOptions>,
	): void {
		const [down, up] = etas;
		const before = differentiable ? prev.clone() : prev;
		const sign = grad.mul(before).sign(); // -1, 0 or 1
		// Masks would say the same and take five times as long: what is at most the first number becomes the second.
		const factor = sign.each((x) =>
			x
				.mul(up)
				.threshold(-up / 2, down)
				.threshold(0, 1),
		);
		// A gradient that has changed its sign has gone too far: it is left out once.
		const slope = grad.each(
			(x, signOfX) => zeroWhereAtMost(x, signOfX, -0.5) as Tensor,
			sign,
		);
		step_size.mul_(factor).clamp_(...stepSizes);
		param.addcmul_(slope.sign(), step_size, -1);
		prev.copy_(slope);
	}
}
