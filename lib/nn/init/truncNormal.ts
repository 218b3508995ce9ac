import { noGrad } from "../../autograd/index.ts";
import { emptyLike, full, where } from "../../generated/functions.ts";
import type { Generator } from "../../generator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";
import { type Normal, noGenerator, type Uniform } from "./random.ts";

type TruncNormal = Normal & Uniform;

/** Fills with N(mean, std²) cut off at `a` and `b`, by default N(0, 1) between -2 and 2. */
export function truncNormal_<T extends Tensor>(
	tensor: T,
	mean?: number,
	std?: number,
	a?: number,
	b?: number,
	generator?: Generator,
): T;
export function truncNormal_<T extends Tensor>(
	tensor: T,
	options: TruncNormal,
): T;
export function truncNormal_<T extends Tensor>(
	tensor: T,
	...rest: unknown[]
): T {
	const defaults = { mean: 0, std: 1, a: -2, b: 2, generator: noGenerator };
	const { mean, std, a, b, generator } = optional(
		"truncNormal_",
		defaults,
		rest,
	);
	if (tensor.device === "meta") return tensor; // no values that could lie outside
	return noGrad(() => {
		const kept = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
		return kept > 0.3
			? redrawn(tensor, mean, std, a, b, generator)
			: rejected(tensor, mean, std, a, b, generator);
	});
}

/** Draws normally, and again where the result lies outside: few draws when the bounds keep most of them. */
function redrawn<T extends Tensor>(
	tensor: T,
	mean: number,
	std: number,
	a: number,
	b: number,
	generator?: Generator,
): T {
	const rounded = (bound: number) =>
		full([], bound, { dtype: tensor.dtype }).item() as number;
	const [low, high] = [rounded(a), rounded(b)];
	let result: Tensor = tensor.normal_(mean, std, { generator });
	for (;;) {
		const outside = result.lt(low).bitwiseOr(result.gt(high));
		if (!outside.any().item()) break;
		result = where(
			outside,
			emptyLike(result).normal_(mean, std, { generator }),
			result,
		);
	}
	return result === tensor ? tensor : tensor.copy_(result);
}

/** Draws uniformly between the bounds and accepts by the density: for bounds far out in a tail. */
function rejected<T extends Tensor>(
	tensor: T,
	mean: number,
	std: number,
	a: number,
	b: number,
	generator?: Generator,
): T {
	const mode = Math.max(a, Math.min(mean, b));
	const logPeak = -0.5 * ((mode - mean) / std) ** 2;
	const candidates = emptyLike(tensor);
	const accept = emptyLike(tensor);
	const isRefused = () => {
		candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
		return accept.uniform_({ generator }).log_().gt(candidates);
	};
	candidates.copy_(tensor.uniform_(a, b, { generator }));
	let pending: Tensor = isRefused();
	let result: Tensor = tensor;
	while (pending.any().item()) {
		candidates.uniform_(a, b, { generator });
		result = where(pending, candidates, result);
		pending = where(pending, isRefused(), pending);
	}
	return result === tensor ? tensor : tensor.copy_(result);
}

function normalCdf(x: number): number {
	return (
		(1 +
			(full([], x / Math.SQRT2, { dtype: "float64" })
				.erf()
				.item() as number)) /
		2
	);
}
