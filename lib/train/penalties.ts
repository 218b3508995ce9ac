/** Penalties on weights that are added to the loss. */
import * as check from "../check.ts";
import type { Optimizer } from "../optim/index.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How strongly: the same for all parameters, or one number for each parameter group of the optimizer. */
export type Strength = number | readonly number[];

/**
 * The elastic penalty of weights: l1 · Σ|w| + l2 · Σw². With `l2` 0 it is the lasso's.
 *
 * Weight decay of an optimizer is another thing than `l2`: SGD's `weightDecay` λ is `l2` λ / 2, AdamW's does not go through the gradient.
 *
 * @returns no dimensions; null without parameters or without strength
 * @see https://scikit-learn.org/stable/modules/linear_model.html#elastic-net
 * @example
 * const penalty = train.elasticPenalty(model.parameters(), { l1: 1e-5, l2: 1e-4 });
 * (penalty === null ? loss : loss.add(penalty)).backward();
 */
export function elasticPenalty(
	parameters: Iterable<Tensor>,
	{ l1 = 0, l2 = 0 }: { l1?: number | undefined; l2?: number | undefined },
): Tensor | null {
	const op = "elasticPenalty";
	check.number(op, "l1", l1, { min: 0 });
	check.number(op, "l2", l2, { min: 0 });
	return scope(() => {
		let sum: Tensor | null = null;
		const add = (term: Tensor) => {
			sum = sum === null ? term : sum.add(term);
		};
		for (const parameter of parameters) {
			if (!parameter.requiresGrad) continue;
			if (l1 > 0) add(parameter.abs().sum().mul(l1));
			if (l2 > 0) add(parameter.square().sum().mul(l2));
		}
		return sum;
	});
}

/** The penalties of all parameter groups. */
export class Penalties {
	readonly #optimizer: Optimizer;
	readonly #l1: Strength;
	readonly #l2: Strength;
	readonly isEmpty: boolean;

	constructor(op: string, optimizer: Optimizer, l1: Strength, l2: Strength) {
		this.#optimizer = optimizer;
		this.#l1 = checked(op, "l1", l1, optimizer);
		this.#l2 = checked(op, "l2", l2, optimizer);
		this.isEmpty = l1 === 0 && l2 === 0;
	}

	/** `loss` with all penalties. */
	addTo(loss: Tensor): Tensor {
		if (this.isEmpty) return loss;
		let sum = loss;
		for (const [i, { params }] of this.#optimizer.paramGroups.entries()) {
			const penalty = elasticPenalty(params, {
				l1: of(this.#l1, i),
				l2: of(this.#l2, i),
			});
			if (penalty !== null) sum = sum.add(penalty);
		}
		return sum;
	}
}

function of(strength: Strength, group: number): number {
	return typeof strength === "number" ? strength : (strength[group] ?? 0);
}

function checked(
	op: string,
	name: string,
	strength: Strength,
	{ paramGroups }: Optimizer,
): Strength {
	if (!Array.isArray(strength))
		return check.number(op, name, strength, { min: 0 });
	if (strength.length !== paramGroups.length)
		throw check.invalidValue(
			op,
			name,
			`expected a number, or one for each of ${paramGroups.length} parameter groups, got ${strength.length}`,
		);
	for (const [i, one] of strength.entries())
		check.number(op, `${name}[${i}]`, one, { min: 0 });
	return strength;
}
