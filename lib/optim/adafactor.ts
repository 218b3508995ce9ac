import * as check from "../check.ts";
import { zeros, zerosLike } from "../generated/functions.ts";
import { vectorNorm } from "../generated/linalg.ts";
import { getDefaultDtype } from "../tensor/defaults.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { hyperValue, over, shrink_, times } from "./hyper.ts";
import { Optimizer } from "./optimizer.ts";
import { checkRange } from "./options.ts";
import type { BaseOptions, ParamGroup, Params } from "./types.ts";

export interface AdafactorOptions extends BaseOptions {
	/** The decay of the second moment at step t is 1 - t^beta2Decay; at most 0. Default: -0.8. */
	beta2Decay: number;
	/** The least variance is eps[0]² (null: the dtype's precision), the least size of parameters eps[1]. Default: [null, 1e-3]. */
	eps: readonly [number | null, number];
	/** Updates are clipped to this root mean square, at least 1. Default: 1. */
	d: number;
	/** Parameters shrink by lr · weightDecay. Default: 0. */
	weightDecay: number;
	foreach: boolean | null;
	maximize: boolean;
}

export type AdafactorState = {
	step: Tensor;
	/** [..., rows, 1], with more than one dimension. */
	row_var?: Tensor;
	/** [..., 1, columns], with more than one dimension. */
	col_var?: Tensor;
	/** The parameter's shape, with up to one dimension. */
	variance?: Tensor;
};

const precision: { readonly [dtype: string]: number } = {
	float64: 2 ** -52,
	float32: 2 ** -23,
	float16: 2 ** -10,
	bfloat16: 2 ** -7,
};

/**
 * Adafactor, as in "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost": of a matrix's second moments it keeps the mean of each
 * row and column.
 *
 * @param params parameters, named parameters, or groups of them with options of their own; no complex ones
 * @param options lr (0.01), beta2Decay (-0.8), eps ([null, 1e-3]), d (1), weightDecay (0), foreach, maximize (false)
 * @throws TorchError for an option out of its range
 * @see torch.optim.Adafactor
 * @example
 * const optimizer = new Adafactor(model.parameters(), { lr: 1e-3 });
 */
export class Adafactor extends Optimizer<AdafactorOptions, AdafactorState> {
	constructor(
		params: Params<AdafactorOptions>,
		options: Partial<AdafactorOptions> = {},
	) {
		const defaults: AdafactorOptions = {
			lr: 1e-2,
			beta2Decay: -0.8,
			eps: [null, 1e-3],
			d: 1,
			weightDecay: 0,
			foreach: null,
			maximize: false,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<AdafactorOptions>): void {
		const { op } = this;
		const { eps } = options;
		check.number(op, "beta2Decay", options.beta2Decay, { max: 0 });
		if (!Array.isArray(eps) || eps.length !== 2)
			throw check.invalidValue(op, "eps", "expected [number | null, number]");
		if (eps[0] !== null) check.number(op, "eps[0]", eps[0], { min: 0 });
		check.number(op, "eps[1]", eps[1], { min: 0 });
		check.number(op, "d", options.d, { min: 1 });
		checkRange(op, "weightDecay", "weight_decay value", options.weightDecay);
	}

	protected override newState(
		param: Tensor,
		_group: ParamGroup<AdafactorOptions>,
		grad: Tensor,
	): AdafactorState {
		if (param.isComplex())
			throw check.invalidValue(
				this.op,
				"params",
				"Adafactor does not support complex parameters",
			);
		if (grad.layout !== "strided")
			throw check.invalidValue(
				this.op,
				"params",
				"Adafactor does not support sparse gradients",
			);
		const dtype = getDefaultDtype() === "float64" ? "float64" : "float32";
		const step = zeros([], { dtype });
		if (grad.dim() <= 1) return { step, variance: zerosLike(grad) };
		const { shape } = grad;
		const like = { dtype: grad.dtype, device: grad.device };
		return {
			step,
			row_var: zeros(shape.with(-1, 1), like),
			col_var: zeros(shape.with(-2, 1), like),
		};
	}

	protected override update(
		param: Tensor,
		grad: Tensor,
		state: AdafactorState,
		group: ParamGroup<AdafactorOptions>,
	): void {
		const { lr, beta2Decay, eps, d, weightDecay } = group;
		const least = eps[0] ?? precision[param.dtype] ?? 0;
		const step = hyperValue(state.step.add_(1));
		const weight = step ** beta2Decay;
		const size = Math.max(eps[1], rootMeanSquare(param));
		const slowest = 1 / Math.sqrt(step);
		const rate = times(size, slowest < hyperValue(lr) ? slowest : lr);
		if (weightDecay !== 0) shrink_(param, lr, weightDecay);

		const update = estimate(grad, state, weight, least)
			.clampMin_(least * least)
			.rsqrt_()
			.mul_(grad);
		const clip = Math.max(1, rootMeanSquare(update) / d);
		param.add_(update, { alpha: -hyperValue(over(rate, clip)) });
	}
}

/** Brings the variances up to date and returns what they say of each element, in memory of its own. */
function estimate(
	grad: Tensor,
	{ row_var, col_var, variance }: AdafactorState,
	weight: number,
	least: number,
): Tensor {
	if (variance) return variance.lerp_(grad.mul(grad), weight).clone();
	const rows = row_var as Tensor;
	const columns = col_var as Tensor;
	rows.lerp_(meanSquare(grad, -1), weight);
	columns.lerp_(meanSquare(grad, -2), weight);
	// The product of a column and a row: [..., rows, columns].
	return rows.mul(columns).div_(rows.mean(-2, true).clampMin_(least));
}

function meanSquare(x: Tensor, dim: number): Tensor {
	// The norm of rows so short (kernels of convolutions) takes ten times as long as the sum of squares.
	if (dim === -2 && x.dim() > 2 && x.size(-1) < 16 && /32|64/.test(x.dtype))
		return x.square().sum(dim, true).div_(x.size(dim));
	return vectorNorm(x, 2, [dim], true).square_().div_(x.size(dim));
}

function rootMeanSquare(x: Tensor): number {
	return hyperValue(vectorNorm(x, 2)) / Math.sqrt(x.numel());
}
