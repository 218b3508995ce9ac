/** `linearCrossEntropy` piece by piece: the scores of all samples are never there at once. */
import {
	type FunctionCtx,
	Function as GradientFunction,
	onceDifferentiable,
} from "../../../autograd/index.ts";
import * as check from "../../../check.ts";
import {
	emptyLike,
	full,
	linear,
	logSoftmax,
	ones,
	zeros,
	zerosLike,
} from "../../../generated/functions.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { DType } from "../../../types.ts";
import type { Reduction } from "./reduction.ts";

/** How the samples are taken in pieces, and how precisely half precision is computed. */
export interface LinearCrossEntropyOptions {
	/** Whether backward may go through a loss of reduction "mean" or "sum" twice, which takes one more copy of the gradients. Default false. */
	allowRetainGraph?: boolean | undefined;
	/** Samples in a piece. Default: as `chunkingMethod` says, or all where that is null. */
	batchChunkSize?: number | null | undefined;
	/** "aspect_ratio": scores take as much memory as the input does; "aspect_ratio:4": a quarter of that. Default "auto". */
	chunkingMethod?: string | null | undefined;
	/**
	 * "accurate" multiplies matrices in `accDtype`, "balanced" only sums gradients in it, "compact" also saves the memory for that.
	 * Default "auto": "accurate" for half precision on the CPU, else "compact".
	 */
	accPolicy?: "auto" | "accurate" | "balanced" | "compact" | undefined;
	/** What is summed in. Default: float32 for half precision with the policy "auto", else the input's dtype. */
	accDtype?: DType | null | undefined;
}

const METHOD = /^aspect_ratio(?::0*([1-9]\d*))?$/;
const POLICIES = ["auto", "accurate", "balanced", "compact"] as const;

/** Throws if an option has a value that is not allowed. */
export function checkChunkOptions(
	op: string,
	name: string,
	given: unknown,
): void {
	if (typeof given !== "object" || given === null || Array.isArray(given))
		throw check.invalidType(op, name, "object or null", given);
	const options = given as LinearCrossEntropyOptions;
	check.options(op, options, [
		"allowRetainGraph",
		"batchChunkSize",
		"chunkingMethod",
		"accPolicy",
		"accDtype",
	]);
	const { allowRetainGraph = false, batchChunkSize = null } = options;
	const { chunkingMethod = "auto", accPolicy = "auto", accDtype } = options;
	check.boolean(op, `${name}.allowRetainGraph`, allowRetainGraph);
	if (batchChunkSize !== null)
		check.integer(op, `${name}.batchChunkSize`, batchChunkSize, { min: 1 });
	if (
		chunkingMethod !== null &&
		chunkingMethod !== "auto" &&
		!(typeof chunkingMethod === "string" && METHOD.test(chunkingMethod))
	)
		throw check.invalidType(
			op,
			`${name}.chunkingMethod`,
			'"auto", "aspect_ratio", "aspect_ratio:N" or null',
			chunkingMethod,
		);
	check.oneOf(op, `${name}.accPolicy`, accPolicy, POLICIES);
	if (accDtype !== undefined && accDtype !== null)
		check.oneOf(op, `${name}.accDtype`, accDtype, [
			"float16",
			"bfloat16",
			"float32",
			"float64",
		]);
}

interface Plan {
	size: number;
	policy: "accurate" | "balanced" | "compact";
	dtype: DType;
	allowRetainGraph: boolean;
	reduction: Reduction;
}

/** What the options mean for this input, [N, in], and weight, [C, in]. */
function planOf(
	op: string,
	input: Tensor,
	linearWeight: Tensor,
	options: LinearCrossEntropyOptions,
	reduction: Reduction,
): Plan {
	const { batchChunkSize = null, accPolicy = "auto", accDtype } = options;
	const isHalf = /16$/.test(input.dtype);
	const isHalfOnCpu = isHalf && input.device === "cpu";
	let { chunkingMethod: method = "auto" } = options;
	if (method === "auto") {
		const best = isHalfOnCpu ? "aspect_ratio" : "aspect_ratio:2";
		method = batchChunkSize === null ? best : null;
	}
	const samples = input.size(0);
	let size = Math.min(batchChunkSize ?? samples, samples);
	if (method !== null) {
		size = byAspectRatio(method, samples, input.size(1), linearWeight.size(0));
		if (batchChunkSize !== null && batchChunkSize !== size)
			throw check.invalidValue(
				op,
				"options.batchChunkSize",
				`expected ${size}, which chunkingMethod (${JSON.stringify(method)}) gives, or no chunkingMethod, got ${batchChunkSize}`,
			);
	}
	const dtype =
		accDtype ?? (isHalf && accPolicy === "auto" ? "float32" : input.dtype);
	if (dtype !== input.dtype && !(isHalf && dtype === "float32"))
		throw check.invalidValue(
			op,
			"options.accDtype",
			`expected ${input.dtype}, as the input is, or float32 for half precision, got ${dtype}`,
		);
	const best = isHalfOnCpu ? "accurate" : "compact";
	return {
		size: Math.max(1, size), // also where there are no samples
		policy: accPolicy === "auto" ? best : accPolicy,
		dtype,
		allowRetainGraph: options.allowRetainGraph ?? false,
		reduction,
	};
}

/** So many samples that their scores take as much memory as all inputs, or a part of it: a power of 2 before it is divided. */
function byAspectRatio(
	method: string,
	samples: number,
	inFeatures: number,
	classes: number,
): number {
	const divisor = Number(METHOD.exec(method)?.[1] ?? 1);
	const wanted = Math.ceil(samples / Math.ceil(classes / inFeatures));
	const power = 2 ** Math.ceil(Math.log2(Math.max(1, wanted)));
	return Math.max(1, Math.min(Math.floor(power / divisor), samples));
}

/** The factor of each sample, [N]: its class's weight, 0 where it is ignored, and divided by their sum for a mean. */
function factorsOf(
	target: Tensor,
	weight: Tensor | null,
	ignoreIndex: number,
	{ dtype, reduction }: Plan,
): { classes: Tensor; factors: Tensor } {
	const isIgnored = target.eq(ignoreIndex);
	const classes = target.maskedFill(isIgnored, 0);
	const all =
		weight === null
			? ones([target.size(0)], { dtype, device: target.device as "cpu" })
			: weight.to({ dtype }).indexSelect(0, classes);
	const factors = all.maskedFill(isIgnored, 0);
	return {
		classes,
		factors: reduction === "mean" ? factors.div(factors.sum()) : factors,
	};
}

interface Wanted {
	input: boolean;
	linearWeight: boolean;
	linearBias: boolean;
}

interface Computed {
	/** [] or, without a reduction, [N]. */
	loss: Tensor;
	/** Of input, weight and bias, for an upstream gradient of 1 or those that `factors` were multiplied by. */
	gradients: (Tensor | null)[];
}

/** Goes through the samples, piece by piece. */
function compute(
	input: Tensor,
	linearWeight: Tensor,
	linearBias: Tensor | null,
	classes: Tensor,
	factors: Tensor,
	plan: Plan,
	wanted: Wanted,
): Computed {
	const { dtype, policy, reduction } = plan;
	const own = input.dtype;
	const exact = policy === "accurate" ? dtype : own;
	const weight = linearWeight.to({ dtype: exact });
	const bias = linearBias?.to({ dtype: exact }) ?? null;
	const samples = input.size(0);
	const place = { dtype, device: input.device as "cpu" };
	const isNone = reduction === "none";
	const isEmpty = reduction === "mean" && samples === 0;
	const loss = full(isNone ? [samples] : [], isEmpty ? Number.NaN : 0, place);
	const gradInput = wanted.input ? emptyLike(input) : null;
	const gradWeight = wanted.linearWeight
		? zerosLike(linearWeight, {
				dtype: policy === "compact" ? own : dtype,
			})
		: null;
	const gradBias = wanted.linearBias
		? zeros([linearWeight.size(0)], place)
		: null;
	for (let begin = 0; begin < samples; begin += plan.size)
		scope(() => {
			const length = Math.min(plan.size, samples - begin);
			const part = (x: Tensor) => x.narrow(0, begin, length);
			const x = part(input).to({ dtype: exact });
			const target = part(classes).unsqueeze(1);
			const factor = part(factors);
			const scores = linear(x, weight, bias).to({ dtype });
			const logs = logSoftmax(scores, 1);
			const losses = logs.gather(1, target).squeeze(1).mul(factor);
			if (isNone) part(loss).sub_(losses);
			else loss.sub_(losses.sum());
			if (!wanted.input && !gradWeight && !gradBias) return;
			// The gradient of a score is its probability, less 1 at the target.
			const gradScores = logs
				.exp_()
				.scatterAdd_(1, target, ones(target.shape, place).neg())
				.mul_(factor.unsqueeze(1));
			gradBias?.add_(gradScores.sum(0));
			const slopes = gradScores.to({ dtype: exact });
			if (gradInput) part(gradInput).copy_(slopes.matmul(weight));
			if (gradWeight && gradWeight.dtype === slopes.dtype)
				gradWeight.addmm_(slopes.t(), x);
			else gradWeight?.add_(slopes.t().matmul(x));
		});
	return {
		loss: loss.to({ dtype: own }),
		gradients: [
			gradInput,
			gradWeight?.to({ dtype: own }) ?? null,
			gradBias?.to({ dtype: own }) ?? null,
		],
	};
}

function wantedOf(needs: readonly boolean[]): Wanted {
	const [input = false, linearWeight = false, linearBias = false] = needs;
	return { input, linearWeight, linearBias };
}

/** A loss in one number: its gradients are made along with it, since the scores are there only then. */
class ChunkedLoss extends GradientFunction {
	static forward(
		ctx: FunctionCtx<{ plan: Plan }>,
		input: Tensor,
		linearWeight: Tensor,
		linearBias: Tensor | null,
		classes: Tensor,
		factors: Tensor,
		plan: Plan,
	): Tensor {
		const wanted = wantedOf(ctx.needsInputGrad);
		const { loss, gradients } = compute(
			input,
			linearWeight,
			linearBias,
			classes,
			factors,
			plan,
			wanted,
		);
		ctx.plan = plan;
		ctx.saveForBackward(...gradients);
		return loss;
	}

	static backward = onceDifferentiable(
		(ctx: FunctionCtx<{ plan: Plan }>, upstream: Tensor) => {
			const { allowRetainGraph } = ctx.plan;
			const saved = ctx.savedTensors as (Tensor | null)[];
			const scaled = saved.map((gradient) =>
				allowRetainGraph
					? (gradient?.mul(upstream) ?? null)
					: (gradient?.mul_(upstream) ?? null),
			);
			return [...scaled, null, null, null];
		},
	);
}

/** A loss for each sample: its gradients are made in backward, which has to compute the scores anew. */
class ChunkedLosses extends GradientFunction {
	static forward(
		ctx: FunctionCtx<{ plan: Plan }>,
		input: Tensor,
		linearWeight: Tensor,
		linearBias: Tensor | null,
		classes: Tensor,
		factors: Tensor,
		plan: Plan,
	): Tensor {
		ctx.plan = plan;
		ctx.saveForBackward(input, linearWeight, linearBias, classes, factors);
		const none = wantedOf([]);
		return compute(
			input,
			linearWeight,
			linearBias,
			classes,
			factors,
			plan,
			none,
		).loss;
	}

	static backward = onceDifferentiable(
		(ctx: FunctionCtx<{ plan: Plan }>, upstream: Tensor) => {
			const [input, linearWeight, linearBias, classes, factors] =
				ctx.savedTensors as [Tensor, Tensor, Tensor | null, Tensor, Tensor];
			const { gradients } = compute(
				input,
				linearWeight,
				linearBias ?? null,
				classes,
				factors.mul(upstream.to({ dtype: factors.dtype })),
				ctx.plan,
				wantedOf(ctx.needsInputGrad),
			);
			return [...gradients, null, null, null];
		},
	);
}

/**
 * The loss, [] or [N].
 *
 * @param input [N, in]
 * @param linearWeight [C, in]
 * @param linearBias [C]
 * @param target classes, [N], int64
 * @param weight [C]
 */
export function chunkedLinearCrossEntropy(
	op: string,
	input: Tensor,
	linearWeight: Tensor,
	linearBias: Tensor | null,
	target: Tensor,
	weight: Tensor | null,
	reduction: Reduction,
	ignoreIndex: number,
	options: LinearCrossEntropyOptions,
): Tensor {
	const plan = planOf(op, input, linearWeight, options, reduction);
	const { classes, factors } = factorsOf(
		target,
		weight?.detach() ?? null,
		ignoreIndex,
		plan,
	);
	const Loss = reduction === "none" ? ChunkedLosses : ChunkedLoss;
	return Loss.apply(input, linearWeight, linearBias, classes, factors, plan);
}
