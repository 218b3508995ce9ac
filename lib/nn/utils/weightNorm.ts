import * as check from "../../check.ts";
import { normExceptDim } from "../../generated/functions.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Optional, optional } from "../arguments.ts";
import type { AnyModule } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { beside } from "./members.ts";
import {
	type Fields,
	parameterField,
	Recomputed,
	recompute,
	stopRecomputing,
} from "./recomputed.ts";

const computed = privateOperator("_weight_norm");

/** v · g / ‖v‖, the norm over all dimensions but `dim`; -1: over all. */
class WeightNorm extends Recomputed {
	readonly op = "weightNorm";
	readonly dim: number;

	constructor(field: string, dim: number) {
		super(field);
		this.dim = dim;
	}

	override replace(fields: Fields, weight: Parameter): void {
		const size = normExceptDim(weight.detach(), 2, this.dim);
		fields[beside(this.field, "G")] = new Parameter(size);
		fields[beside(this.field, "V")] = new Parameter(weight.detach());
	}

	override compute(fields: Fields): Tensor {
		const g = fields[beside(this.field, "G")];
		const v = fields[beside(this.field, "V")];
		return computed(v, g, this.dim) as Tensor;
	}

	override clear(fields: Fields): void {
		delete fields[beside(this.field, "G")];
		delete fields[beside(this.field, "V")];
	}
}

/**
 * PyTorch's older weight norm, for models whose checkpoints have `weight_g` and `weight_v`: these are parameters in the place of `weight`,
 * which is computed anew before every call. New models take `parametrizations.weightNorm`, which loads such checkpoints, too.
 *
 * @param rest name ("weight"), dim (0; the sizes are one for each index of this dimension, null: one for all)
 * @returns the module
 * @throws TorchError where the module has no such parameter
 * @see torch.nn.utils.weight_norm
 * @example
 * const layer = nn.utils.weightNorm(new nn.Linear(20, 40));
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
	const { field, weight } = parameterField(op, module, name);
	if (dim !== null)
		check.integer(op, "dim", dim, { min: -1, max: weight.dim() - 1 });
	recompute(module, new WeightNorm(field, dim ?? -1));
	return module;
}

/**
 * Takes `weightNorm` away again: `weight` is a parameter, as it is now.
 *
 * @returns the module
 * @throws TorchError where it is not there
 * @see torch.nn.utils.remove_weight_norm
 */
export function removeWeightNorm<Parent extends AnyModule>(
	module: Parent,
	name = "weight",
): Parent {
	stopRecomputing("removeWeightNorm", module, name, WeightNorm);
	return module;
}
