import * as check from "../../../check.ts";
import { normExceptDim } from "../../../generated/functions.ts";
import { privateOperator } from "../../../operator.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { type Optional, optional } from "../../arguments.ts";
import { type AnyModule, Module } from "../../module.ts";
import { stateName } from "../../names.ts";
import { registerParametrization } from "../parametrize/index.ts";

const compute = privateOperator("_weight_norm");

/** v · g / ‖v‖, the norm over all dimensions but `dim`; -1: over all. */
class _WeightNorm extends Module<[g: Tensor, v: Tensor], Tensor> {
	readonly dim: number;

	constructor(dim: number | null) {
		super();
		this.dim = dim ?? -1;
	}

	override forward(g: Tensor, v: Tensor): Tensor {
		return compute(v, g, this.dim) as Tensor;
	}

	rightInverse(weight: Tensor): Tensor[] {
		return [normExceptDim(weight, 2, this.dim), weight];
	}
}

/**
 * Splits a weight into its size, `original0`, and its direction, `original1`, as in "Weight Normalization". Checkpoints of PyTorch's older
 * weight_norm (`weight_g`, `weight_v`) load.
 *
 * @param rest name ("weight"), dim (0; the sizes are one for each index of this dimension, null: one for all)
 * @returns the module
 * @see torch.nn.utils.parametrizations.weight_norm
 * @example
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(20, 40));
 */
export function weightNorm<Parent extends AnyModule>(
	module: Parent,
	...rest: Optional<{ name: string; dim: number | null }, ["name", "dim"]>
): Parent {
	const op = "weightNorm";
	const { name, dim } = optional<{ name: string; dim: number | null }>(
		op,
		{ name: "weight", dim: 0 },
		rest,
	);
	if (dim !== null) check.integer(op, "dim", dim);
	registerParametrization(module, name, new _WeightNorm(dim), { unsafe: true });
	const key = stateName(name);
	module.registerLoadStateDictPreHook((_, state, prefix) => {
		for (const [i, part] of ["g", "v"].entries()) {
			const old = state[`${prefix}${key}_${part}`];
			if (old === undefined) continue;
			delete state[`${prefix}${key}_${part}`];
			state[`${prefix}parametrizations.${key}.original${i}`] = old;
		}
	});
	return module;
}
