import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type Hyper,
	hyperValue,
	multiplier,
	operand,
	over,
	plus,
} from "../hyper.ts";

/** The new average of one tensor. `numAveraged`: how many models are in the average so far. */
export type AverageFn = (
	averaged: Tensor,
	current: Tensor,
	numAveraged: Hyper,
) => Tensor;

/** The same in place, for all tensors of one dtype and device. */
export type MultiAverageFn = (
	averaged: readonly Tensor[],
	current: readonly Tensor[],
	numAveraged: Hyper,
) => void;

const lerpEach = privateOperator("_foreach_lerp_", "Scalar");

function checkDecay(op: string, decay: number): number {
	return check.number(op, "decay", decay, { min: 0, max: 1 });
}

/**
 * An average that forgets: decay · average + (1 - decay) · model.
 *
 * @param decay from 0 to 1. Default: 0.999
 * @see torch.optim.swa_utils.get_ema_avg_fn
 */
export function getEmaAvgFn(decay = 0.999): AverageFn {
	checkDecay("getEmaAvgFn", decay);
	return (averaged, current) =>
		noGrad(() => {
			const old = averaged.mul(operand(multiplier(averaged, decay)));
			return old.add(current.mul(operand(multiplier(current, 1 - decay))));
		});
}

/**
 * An average that forgets, for many tensors by one kernel.
 *
 * @param decay from 0 to 1. Default: 0.999
 * @see torch.optim.swa_utils.get_ema_multi_avg_fn
 * @example
 * const ema = new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.999) });
 */
export function getEmaMultiAvgFn(decay = 0.999): MultiAverageFn {
	checkDecay("getEmaMultiAvgFn", decay);
	const one = getEmaAvgFn(decay);
	return (averaged, current) =>
		noGrad(() => {
			if (isContinuous(averaged)) lerpEach(averaged, current, 1 - decay);
			else
				for (const [i, average] of averaged.entries())
					average.copy_(one(average, current[i] as Tensor, 0));
		});
}

/**
 * The mean of all models: average + (model - average) / (n + 1).
 *
 * @see torch.optim.swa_utils.get_swa_avg_fn
 */
export function getSwaAvgFn(): AverageFn {
	return (averaged, current, numAveraged) =>
		noGrad(() =>
			averaged.add(current.sub(averaged).div(operand(plus(numAveraged, 1)))),
		);
}

/**
 * The mean of all models, for many tensors by one kernel.
 *
 * @see torch.optim.swa_utils.get_swa_multi_avg_fn
 */
export function getSwaMultiAvgFn(): MultiAverageFn {
	const one = getSwaAvgFn();
	return (averaged, current, numAveraged) =>
		noGrad(() => {
			if (isContinuous(averaged))
				lerpEach(averaged, current, hyperValue(over(1, plus(numAveraged, 1))));
			else
				for (const [i, average] of averaged.entries())
					average.copy_(one(average, current[i] as Tensor, numAveraged));
		});
}

function isContinuous([first]: readonly Tensor[]): boolean {
	return first === undefined || first.isFloatingPoint() || first.isComplex();
}
