import type { Tensor } from "../../../tensor/tensor.ts";
import { checkTensor } from "../../arguments.ts";
import type * as F from "../../functional/index.ts";
import { REDUCTIONS } from "../../functional/loss/reduction.ts";
import { Module } from "../../module.ts";
import { Buffer } from "../../parameter.ts";
import { choice, nullable, type Setting, settings } from "../../settings.ts";

export const REDUCTION = { reduction: choice<F.Reduction>("mean", REDUCTIONS) };

/** A factor: kept in the state dict, moved with the module, not learnt. */
export const factor: Setting<Tensor | null> = nullable({
	fallback: null as Tensor | null,
	check: checkTensor,
});

export function buffer(tensor: Tensor | null): Buffer | null {
	return tensor && new Buffer(tensor);
}

/** A loss is called with what a model gave and what it should have given. */
export type Given = [input: Tensor, target: Tensor];

/** A loss with no other option than the reduction. */
export abstract class Plain<Inputs extends unknown[] = Given> extends Module<
	Inputs,
	Tensor
> {
	readonly reduction: F.Reduction;

	constructor(options: F.ReductionOption = {}) {
		super();
		this.reduction = settings(new.target.name, options, REDUCTION).reduction;
	}
}
