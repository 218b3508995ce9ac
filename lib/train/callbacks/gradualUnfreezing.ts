import * as check from "../../check.ts";
import { type AnyModule, Module } from "../../nn/index.ts";
import type { Callback, Run } from "../callback.ts";

export interface GradualUnfreezingOptions {
	/** How many epochs one part learns before the next does, too. Default 1. */
	every?: number | undefined;
}

/**
 * Fine-tunes a model from its head down: the first part learns from the first epoch on, the second from epoch `every` + 1 on, … What does not learn yet is
 * frozen and in evaluation mode, so that its running statistics stay. Modules in no part always learn.
 *
 * ```ts
 * const callback = new train.GradualUnfreezing([model.fc, model.layer4, model.layer3], { every: 2 });
 * ```
 *
 * @see Howard and Ruder, Universal Language Model Fine-tuning, https://arxiv.org/abs/1801.06146
 */
export class GradualUnfreezing implements Callback {
	readonly #parts: readonly (readonly AnyModule[])[];
	readonly #every: number;

	/** @param parts modules, or several together, in the order in which they begin to learn */
	constructor(
		parts: readonly (AnyModule | readonly AnyModule[])[],
		options: GradualUnfreezingOptions = {},
	) {
		const op = "GradualUnfreezing";
		check.options(op, options, ["every"]);
		this.#every = check.integer(op, "every", options.every ?? 1, { min: 1 });
		this.#parts = check.array(op, "parts", parts).map((part) => [part].flat());
		for (const [i, part] of this.#parts.entries())
			for (const module of part)
				if (!(module instanceof Module))
					throw check.invalidType(op, `parts[${i}]`, "Module", module);
	}

	/** How many parts learn in an epoch. */
	#learning({ epoch }: Run): number {
		return 1 + Math.floor((epoch - 1) / this.#every);
	}

	onTrainBegin(run: Run): void {
		const known = new Set(run.model.modules());
		for (const [i, part] of this.#parts.entries())
			for (const module of part)
				if (!known.has(module))
					throw check.invalidValue(
						"GradualUnfreezing",
						`parts[${i}]`,
						`${module.constructor.name} is not in the model that is trained`,
					);
	}

	onEpochBegin(run: Run): void {
		const learning = this.#learning(run);
		for (const [i, part] of this.#parts.entries())
			for (const module of part)
				module.requiresGrad_(i < learning).train(i < learning);
	}
}
