/** Checkpointing by a custom function, whose backward computes forward again and runs that backward. */

import type { FunctionCtx } from "../../autograd/function.ts";
import { AutogradFunction } from "../../autograd/function.ts";
import { backward } from "../../autograd/index.ts";
import { enableGrad } from "../../autograd/modes.ts";
import { TorchError } from "../../errors.ts";
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";

interface State {
	run: (...args: unknown[]) => unknown;
	others: unknown[];
	places: number[];
}

export class CheckpointFunction extends AutogradFunction {
	static forward(
		ctx: FunctionCtx<State>,
		run: (...args: unknown[]) => unknown,
		again: (...args: unknown[]) => unknown,
		...args: unknown[]
	): unknown {
		ctx.run = again;
		ctx.places = args.flatMap((arg, i) => (isTensor(arg) ? [i] : []));
		ctx.others = args.map((arg) => (isTensor(arg) ? null : arg));
		ctx.saveForBackward(...ctx.places.map((i) => args[i] as Tensor));
		return run(...args);
	}

	static backward(
		ctx: FunctionCtx<State>,
		...gradients: (Tensor | null)[]
	): (Tensor | null)[] {
		const args = [...ctx.others];
		const saved = ctx.savedTensors;
		for (const [k, i] of ctx.places.entries()) {
			const tensor = saved[k] as Tensor;
			args[i] = tensor.detach().requiresGrad_(tensor.requiresGrad);
		}
		const result = enableGrad(() => ctx.run(...args));
		const outputs: unknown[] = Array.isArray(result) ? result : [result];
		const kept = outputs.flatMap((output, i) =>
			isTensor(output) && (output as Tensor).requiresGrad ? [i] : [],
		);
		if (kept.length === 0)
			throw new TorchError(
				"none of output has requiresGrad, this checkpoint() is not necessary",
				{ code: "ERR_TORCH", op: "checkpoint" },
			);
		backward(
			kept.map((i) => outputs[i] as Tensor),
			{ gradTensors: kept.map((i) => gradients[i] ?? null) },
		);
		return [
			null,
			null,
			...args.map((arg) => (isTensor(arg) ? (arg as Tensor).grad : null)),
		];
	}
}
