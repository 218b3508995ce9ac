import type { Tensor } from "../../tensor/tensor.ts";
import { type Hyper, hyperValue, minus, plus, times } from "../hyper.ts";
import { cubicMinimum, greatest, least, type Place } from "./interpolate.ts";

/** A place, and the gradient there. */
export interface Evaluated extends Place {
	gradient: Tensor;
}

export interface LineSearch {
	/** The loss and the gradient at a step along the direction. */
	evaluate: (step: Hyper) => { loss: number; gradient: Tensor };
	direction: Tensor;
	/** Where the line begins: at step 0. */
	start: Evaluated;
	firstStep: Hyper;
	/** How many evaluations there may be after the first. */
	maxSteps: number;
	toleranceChange: number;
}

const sufficientDecrease = 1e-4;
const curvature = 0.9;

/**
 * A step that satisfies the strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization", algorithms 3.5 and 3.6): a bracket
 * around such a step is found, then made narrower.
 */
export function strongWolfe(search: LineSearch): {
	found: Evaluated;
	evaluations: number;
} {
	const { direction, start, maxSteps, toleranceChange } = search;
	const size = direction.abs().max();
	const flat = hyperValue(times(-curvature, start.slope));
	let evaluations = 0;
	const evaluate = (at: Hyper): Evaluated => {
		evaluations += 1;
		const { loss, gradient } = search.evaluate(at);
		return { at, loss, gradient, slope: gradient.dot(direction) };
	};
	const isTooHigh = ({ at, loss }: Place) => {
		const fall = times(times(sufficientDecrease, at), start.slope);
		return loss > hyperValue(plus(start.loss, fall));
	};
	const isFlat = ({ slope }: Place) => Math.abs(hyperValue(slope)) <= flat;

	let before = start;
	let now = evaluate(search.firstStep);
	let bracket: Evaluated[] = [];
	let isDone = false;
	let step = 0;
	for (; step < maxSteps; step++) {
		if (isTooHigh(now) || (step > 1 && now.loss >= before.loss)) {
			bracket = [before, now];
			break;
		}
		if (isFlat(now)) {
			bracket = [now];
			isDone = true;
			break;
		}
		if (hyperValue(now.slope) >= 0) {
			bracket = [before, now];
			break;
		}
		const nearest = plus(now.at, times(0.01, minus(now.at, before.at)));
		const next = cubicMinimum(before, now, [nearest, times(now.at, 10)]);
		before = now;
		now = evaluate(next);
	}
	if (step >= maxSteps) bracket = [start, now];

	let [low, high] = lowest(bracket);
	let isSlow = false;
	for (; !isDone && step < maxSteps; step++) {
		const [a, b] = bracket as [Evaluated, Evaluated];
		const width = hyperValue(times(minus(b.at, a.at), size));
		if (Math.abs(width) < toleranceChange) break;
		let next = cubicMinimum(a, b);
		// A step too near to an end makes little progress: the second time it goes a tenth of the way inwards.
		const [from, to] = [least(a.at, b.at), greatest(a.at, b.at)];
		const margin = times(0.1, minus(to, from));
		const [toEnd, toStart] = [minus(to, next), minus(next, from)].map(
			hyperValue,
		) as [number, number];
		if (Math.min(toEnd, toStart) < hyperValue(margin)) {
			if (isSlow || toEnd <= 0 || toStart <= 0) {
				next =
					Math.abs(toEnd) < Math.abs(toStart)
						? minus(to, margin)
						: plus(from, margin);
				isSlow = false;
			} else isSlow = true;
		} else isSlow = false;

		const tried = evaluate(next);
		const [best, other] = [bracket[low], bracket[high]] as [
			Evaluated,
			Evaluated,
		];
		if (isTooHigh(tried) || tried.loss >= best.loss) {
			bracket[high] = tried;
			[low, high] = lowest(bracket);
			continue;
		}
		if (isFlat(tried)) isDone = true;
		else if (hyperValue(times(tried.slope, minus(other.at, best.at))) >= 0)
			bracket[high] = best;
		bracket[low] = tried;
	}
	return { found: bracket[low] as Evaluated, evaluations };
}

/** Where the lower loss is, and where the other one. */
function lowest(bracket: readonly Evaluated[]): [number, number] {
	const [first, last] = [bracket[0], bracket.at(-1)] as [Evaluated, Evaluated];
	return first.loss <= last.loss ? [0, 1] : [1, 0];
}
