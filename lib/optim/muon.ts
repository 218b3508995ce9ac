import * as check from "../check.ts";
import { addmm, zerosLike } from "../generated/functions.ts";
import { vectorNorm } from "../generated/linalg.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { hyperValue, shrink_, times } from "./hyper.ts";
import { Optimizer } from "./optimizer.ts";
import { checkRange } from "./options.ts";
import type { BaseOptions, GroupInput, ParamGroup, Params } from "./types.ts";

export interface MuonOptions extends BaseOptions {
	/** Parameters shrink by lr · weightDecay. Default: 0.1. */
	weightDecay: number;
	/** Default: 0.95. */
	momentum: number;
	/** Nesterov's momentum. Default: true. */
	nesterov: boolean;
	/** Coefficients of the polynomial a x + b x³ + c x⁵ of the Newton-Schulz iteration. Default: [3.4445, -4.775, 2.0315]. */
	nsCoefficients: readonly [number, number, number];
	/** The least norm that is divided by. Default: 1e-7. */
	eps: number;
	/** Iterations, below 100. Default: 5. */
	nsSteps: number;
	/** How the rate follows from a matrix's shape: "original" (null) or "match_rms_adamw", for rates that suit AdamW. Default: null. */
	adjustLrFn: "original" | "match_rms_adamw" | null;
}

export type MuonState = { momentum_buffer: Tensor };

/**
 * Muon, for the matrices of hidden layers: steps by the momentum made orthogonal. Other parameters (biases, embeddings) go to another
 * optimiser, such as AdamW. The iteration is in bfloat16, as PyTorch's.
 *
 * @param params parameters of two dimensions, named parameters, or groups of them with options of their own
 * @param options lr (0.001), weightDecay (0.1), momentum (0.95), nesterov (true), nsCoefficients, eps (1e-7), nsSteps (5), adjustLrFn
 * @throws TorchError for an option out of its range, or a parameter that is no matrix
 * @see torch.optim.Muon
 * @example
 * const matrices = model.parameters().filter((p) => p.ndim === 2);
 * const optimizer = new Muon(matrices, { lr: 0.02 });
 */
export class Muon extends Optimizer<MuonOptions, MuonState> {
	constructor(params: Params<MuonOptions>, options: Partial<MuonOptions> = {}) {
		const defaults: MuonOptions = {
			lr: 1e-3,
			weightDecay: 0.1,
			momentum: 0.95,
			nesterov: true,
			nsCoefficients: [3.4445, -4.775, 2.0315],
			eps: 1e-7,
			nsSteps: 5,
			adjustLrFn: null,
		};
		super(params, defaults, options);
	}

	protected override check(options: Readonly<MuonOptions>): void {
		const { op } = this;
		const { nsCoefficients } = options;
		checkRange(op, "weightDecay", "weight decay", options.weightDecay);
		checkRange(op, "momentum", "momentum value", options.momentum);
		check.boolean(op, "nesterov", options.nesterov);
		if (!Array.isArray(nsCoefficients) || nsCoefficients.length !== 3)
			throw check.invalidValue(
				op,
				"nsCoefficients",
				"Coefficients must be exactly 3 values",
			);
		for (const [i, x] of nsCoefficients.entries())
			check.number(op, `nsCoefficients[${i}]`, x);
		check.number(op, "eps", options.eps);
		check.integer(op, "nsSteps", options.nsSteps, { min: 0, max: 99 });
		if (options.adjustLrFn !== null)
			check.oneOf(op, "adjustLrFn", options.adjustLrFn, [
				"original",
				"match_rms_adamw",
			]);
	}

	override addParamGroup(group: GroupInput<MuonOptions>): void {
		super.addParamGroup(group);
		for (const param of this.paramGroups.at(-1)?.params ?? [])
			if (param.ndim !== 2 || param.isComplex()) {
				this.paramGroups.pop();
				throw check.invalidValue(
					this.op,
					"params",
					param.ndim !== 2
						? `Muon only supports 2D parameters whereas we found a parameter with size: [${param.shape.join(", ")}]`
						: "Muon does not support complex parameters",
				);
			}
	}

	protected override newState(
		_param: Tensor,
		_group: ParamGroup<MuonOptions>,
		grad: Tensor,
	): MuonState {
		if (grad.layout !== "strided")
			throw check.invalidValue(
				this.op,
				"params",
				"Muon does not support sparse gradients",
			);
		return { momentum_buffer: zerosLike(grad) };
	}

	protected override update(
		param: Tensor,
		grad: Tensor,
		{ momentum_buffer }: MuonState,
		group: ParamGroup<MuonOptions>,
	): void {
		const { lr, momentum, nesterov, weightDecay, adjustLrFn } = group;
		momentum_buffer.lerp_(grad, 1 - momentum);
		const direction = nesterov
			? grad.lerp(momentum_buffer, momentum)
			: momentum_buffer;
		const update = orthogonal(direction, group);
		const [rows, columns] = param.shape as [number, number];
		const ratio =
			adjustLrFn === "match_rms_adamw"
				? 0.2 * Math.sqrt(Math.max(rows, columns))
				: Math.sqrt(Math.max(1, rows / columns));
		shrink_(param, lr, weightDecay);
		param.add_(update, { alpha: -hyperValue(times(lr, ratio)) });
	}
}

/** The orthogonal matrix that is nearest to x, about: Newton-Schulz iterations bring all singular values near to 1. */
function orthogonal(
	x: Tensor,
	{ nsCoefficients: [a, b, c], nsSteps, eps }: MuonOptions,
): Tensor {
	const isTall = x.size(0) > x.size(1);
	// No more rows than columns
	let result = scope(() => (isTall ? x.bfloat16().t() : x.bfloat16()));
	result.div_(vectorNorm(result, 2).clampMin(eps));
	for (let step = 0; step < nsSteps; step++) {
		const before = result;
		// What an iteration makes is freed before the next one, which takes its memory.
		result = scope(() => {
			const gram = before.matmul(before.t());
			const update = addmm(gram, gram, gram, { beta: b, alpha: c });
			return addmm(before, update, before, { beta: a });
		});
		if (before !== x) before.dispose();
	}
	return isTall ? result.t() : result;
}
