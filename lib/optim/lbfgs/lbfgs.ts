import { enableGrad, noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { cat, viewAsReal, zeros } from "../../generated/functions.ts";
import { keep, scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Hyper, hyperValue, minus, over, times } from "../hyper.ts";
import { gradOf, Optimizer } from "../optimizer.ts";
import type { BaseOptions, GroupInput, ParamGroup, Params } from "../types.ts";
import { least } from "./interpolate.ts";
import { strongWolfe } from "./strongWolfe.ts";

export interface LBFGSOptions extends BaseOptions {
	/** Iterations in one step. Default: 20. */
	maxIter: number;
	/** Evaluations of the closure in one step. Default: maxIter · 1.25. */
	maxEval: number;
	/** Ends a step where the greatest gradient is at most this. Default: 1e-7. */
	toleranceGrad: number;
	/** Ends a step where parameters or loss change by at most this. Default: 1e-9. */
	toleranceChange: number;
	/** How many changes are remembered. Default: 100. */
	historySize: number;
	/** null moves by lr, "strong_wolfe" searches along the direction. Default: null. */
	lineSearchFn: "strong_wolfe" | null;
}

/** What is remembered, under PyTorch's names, beside the first parameter. */
export type LBFGSState = {
	func_evals: number;
	n_iter: number;
	/** The direction and how far the last move went along it. */
	d?: Tensor;
	t?: Hyper;
	/** Changes of the gradient and of the parameters, and 1 / their product. */
	old_dirs?: Tensor[];
	old_stps?: Tensor[];
	ro?: Tensor[];
	H_diag?: Hyper;
	prev_flat_grad?: Tensor;
	prev_loss?: number;
	al?: (Tensor | null)[];
};

/**
 * L-BFGS: a step calls its closure several times. All parameters are one group.
 *
 * @param params parameters, or named parameters
 * @param options lr (1), maxIter (20), maxEval (maxIter · 1.25), toleranceGrad (1e-7), toleranceChange (1e-9), historySize (100),
 * lineSearchFn (null)
 * @throws TorchError for an option out of its range, for several groups, and for a step without closure
 * @see torch.optim.LBFGS
 * @example
 * const optimizer = new LBFGS(model.parameters(), { lineSearchFn: "strong_wolfe" });
 * optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = mseLoss(model(x), y);
 *   loss.backward();
 *   return loss;
 * });
 */
export class LBFGS extends Optimizer<LBFGSOptions, LBFGSState> {
	constructor(
		params: Params<LBFGSOptions>,
		options: Partial<LBFGSOptions> = {},
	) {
		const { maxIter = 20 } = options;
		const defaults: LBFGSOptions = {
			lr: 1,
			maxIter,
			maxEval: Math.floor((maxIter * 5) / 4),
			toleranceGrad: 1e-7,
			toleranceChange: 1e-9,
			historySize: 100,
			lineSearchFn: null,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<LBFGSOptions>): void {
		const { op } = this;
		for (const name of ["maxIter", "maxEval", "historySize"] as const)
			check.integer(op, name, options[name]);
		for (const name of ["toleranceGrad", "toleranceChange"] as const)
			check.number(op, name, options[name]);
		if (options.lineSearchFn !== null)
			check.oneOf(op, "lineSearchFn", options.lineSearchFn, ["strong_wolfe"]);
	}

	override addParamGroup(group: GroupInput<LBFGSOptions>): void {
		if (this.paramGroups.length > 0)
			throw check.invalidValue(
				this.op,
				"params",
				"LBFGS doesn't support per-parameter options (parameter groups)",
			);
		super.addParamGroup(group);
	}

	protected override newState(): LBFGSState {
		return { func_evals: 0, n_iter: 0 };
	}

	/** One parameter has no step of its own. */
	protected override update(): void {}

	protected override run<Loss>(closure: (() => Loss) | undefined): Loss {
		check.callable(this.op, "closure", closure);
		const evaluate = () => enableGrad(closure as () => Loss);
		return noGrad(() => this.#minimize(evaluate));
	}

	#minimize<Loss>(closure: () => Loss): Loss {
		const [group] = this.paramGroups as [ParamGroup<LBFGSOptions>];
		const { lr, maxIter, maxEval, toleranceGrad, toleranceChange } = group;
		const [first] = group.params as [Tensor];
		const state = this.stateOf(first, group, first);
		const isOptimal = (g: Tensor) => greatestOf(g) <= toleranceGrad;

		const firstLoss = closure();
		let loss = lossOf(this.op, firstLoss);
		let evaluations = 1;
		state.func_evals += 1;
		let gradient = flatGradient(group.params);
		if (isOptimal(gradient)) return firstLoss;

		for (let i = 1; i <= maxIter; i++) {
			state.n_iter += 1;
			const direction = scope(() => this.#direction(gradient, state, group));
			if (state.prev_flat_grad) state.prev_flat_grad.copy_(gradient);
			else state.prev_flat_grad = keep(gradient.clone());
			const lossBefore = loss;
			state.prev_loss = loss;

			let step: Hyper = lr;
			if (state.n_iter === 1)
				step = times(least(1, over(1, gradient.abs().sum())), lr);
			const slope = gradient.dot(direction);
			state.t = kept(step);
			if (hyperValue(slope) > -toleranceChange) break;

			let evaluated = 0;
			let isDone = false;
			if (group.lineSearchFn === "strong_wolfe") {
				const start = group.params.map((param) => param.clone());
				const { found, evaluations: searched } = strongWolfe({
					evaluate: (at) => {
						move(group.params, direction, hyperValue(at));
						const there = lossOf(this.op, closure());
						const gradientThere = flatGradient(group.params);
						for (const [k, param] of group.params.entries())
							param.copy_(start[k] as Tensor);
						return { loss: there, gradient: gradientThere };
					},
					direction,
					start: { at: 0, loss, gradient, slope },
					firstStep: step,
					maxSteps: maxEval - evaluations,
					toleranceChange,
				});
				({ loss, gradient, at: step } = found);
				state.t = kept(step);
				evaluated = searched;
				move(group.params, direction, hyperValue(step));
				isDone = isOptimal(gradient);
			} else {
				move(group.params, direction, hyperValue(step));
				// In a stochastic setting there is no use in evaluating what no iteration follows.
				if (i !== maxIter) {
					loss = lossOf(this.op, closure());
					gradient.dispose(); // its memory is the next one's
					gradient = flatGradient(group.params);
					isDone = isOptimal(gradient);
					evaluated = 1;
				}
			}
			evaluations += evaluated;
			state.func_evals += evaluated;
			if (
				evaluations >= maxEval ||
				isDone ||
				scope(() => greatestOf(direction.mul(step as Tensor))) <=
					toleranceChange ||
				Math.abs(loss - lossBefore) < toleranceChange
			)
				break;
		}
		return firstLoss;
	}

	/** Minus the gradient multiplied by an approximate inverse Hessian, in two loops over the changes that are remembered. */
	#direction(
		gradient: Tensor,
		state: LBFGSState,
		{ historySize }: LBFGSOptions,
	): Tensor {
		if (state.n_iter === 1 || !state.d || !state.prev_flat_grad) {
			state.old_dirs = [];
			state.old_stps = [];
			state.ro = [];
			state.H_diag = 1;
			state.d = keep(gradient.neg());
			return state.d;
		}
		const { old_dirs = [], old_stps = [], ro = [] } = state;
		const change = gradient.sub(state.prev_flat_grad);
		const moved = state.d.mul(state.t as Tensor);
		const product = change.dot(moved);
		if (hyperValue(product) > 1e-10) {
			for (const list of [old_dirs, old_stps, ro])
				if (list.length === historySize) list.shift();
			old_dirs.push(keep(change));
			old_stps.push(keep(moved));
			ro.push(keep(over(1, product) as Tensor));
			state.H_diag = keep(product.div(change.dot(change)));
		}
		state.al ??= new Array<Tensor | null>(historySize).fill(null);
		const { al } = state;
		// The last direction's memory is this one's.
		const q = state.d.copy_(gradient).neg_();
		for (let i = old_dirs.length - 1; i >= 0; i--) {
			const a = (old_stps[i] as Tensor).dot(q).mul(ro[i] as Tensor);
			al[i] = keep(a);
			q.add_(old_dirs[i] as Tensor, { alpha: -hyperValue(a) });
		}
		const direction = q.mul_(state.H_diag as Tensor);
		for (let i = 0; i < old_dirs.length; i++) {
			const b = (old_dirs[i] as Tensor).dot(direction).mul(ro[i] as Tensor);
			direction.add_(old_stps[i] as Tensor, {
				alpha: hyperValue(minus(al[i] as Tensor, b)),
			});
		}
		return direction;
	}
}

function lossOf(op: string, loss: unknown): number {
	if (typeof loss === "number") return loss;
	if (loss instanceof Tensor && loss.numel() === 1) return Number(loss.item());
	throw check.invalidType(
		op,
		"closure",
		"a function that returns the loss, a number or a Tensor of one element",
		loss,
	);
}

/** The gradients of all parameters in one, complex ones as pairs. */
function flatGradient(params: readonly Tensor[]): Tensor {
	return scope(() =>
		cat(
			params.map((param) => {
				const grad = gradOf(param);
				if (grad === null)
					return zeros([param.numel() * (param.isComplex() ? 2 : 1)], {
						dtype: param.isComplex() ? viewAsReal(param).dtype : param.dtype,
						device: param.device,
					});
				const dense = grad.layout === "strided" ? grad : grad.toDense();
				return (dense.isComplex() ? viewAsReal(dense) : dense).reshape(-1);
			}),
		).detach(),
	);
}

/** Moves all parameters along a direction. */
function move(
	params: readonly Tensor[],
	direction: Tensor,
	step: number,
): void {
	let offset = 0;
	for (const param of params) {
		const real = param.isComplex() ? viewAsReal(param) : param;
		const count = real.numel();
		const part = direction.narrow(0, offset, count).viewAs(real);
		real.add_(part, { alpha: step });
		offset += count;
	}
}

function greatestOf(x: Tensor): number {
	return scope(() => hyperValue(x.abs().max()));
}

function kept(x: Hyper): Hyper {
	return typeof x === "number" ? x : keep(x);
}
