import { noGrad } from "../../autograd/index.ts";
import type { AnyModule, Module } from "../../nn/index.ts";
import { getTotalNorm } from "../../nn/utils/index.ts";
import { getRngState, setRngState } from "../../random.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { BatchEvent, Callback, Run } from "../callback.ts";
import { Weights } from "./weights.ts";

/**
 * Ends training when a loss or a gradient is not finite, before the optimizer's step: the weights are those of the last good one. The history's `stopped`
 * and a warning say where it comes from: the batch, a parameter, the first module whose output is not finite, the loss function, or the module whose
 * gradients are not finite.
 *
 * ```ts
 * const history = await train.fit(model, { ...options, callbacks: [new train.TerminateOnNaN()] });
 * history.stopped; // "the loss is NaN in batch 3 of epoch 1: 2 (Log) is the first module whose output is not finite"
 * ```
 */
export class TerminateOnNaN implements Callback {
	#random: Tensor | null = null;

	onBatchBegin(): void {
		this.#random?.dispose();
		this.#random = getRngState();
	}

	onGradients(run: Run, event: BatchEvent): void {
		if (!allFinite(event.loss)) this.#stop(run, event);
		else this.#checkGradients(run, event);
	}

	/** A batch without a step, and LBFGS. */
	onBatchEnd(run: Run, event: BatchEvent): void {
		if (!allFinite(event.loss)) this.#stop(run, event);
	}

	onTrainEnd(): void {
		this.#random = null;
	}

	#checkGradients(run: Run, event: BatchEvent): void {
		const gradients = run.model.parameters().flatMap(({ grad }) => grad ?? []);
		if (scope(() => allFinite(getTotalNorm(gradients)))) return;
		// Backward goes from the last module to the first
		const bad = run.model
			.namedParameters()
			.findLast(([, { grad }]) => grad !== null && !allFinite(grad));
		stop(
			run,
			`a gradient is not finite in batch ${event.batch} of epoch ${run.epoch}: the one of ${bad?.[0] ?? "all parameters together"}${ownerOf(run.model, bad?.[0])} is the first on the way back from the loss`,
		);
	}

	#stop(run: Run, event: BatchEvent): void {
		const value = scope(() => Number(event.loss.mean().item()));
		const cause = noGrad(() => scope(() => this.#causeOf(run, event)));
		stop(
			run,
			`the loss is ${value} in batch ${event.batch} of epoch ${run.epoch}: ${cause}`,
		);
	}

	#causeOf(run: Run, { items, output }: BatchEvent): string {
		const inputs = items.slice(0, -1);
		if (!allFinite(inputs)) return "the batch has inputs that are not finite";
		if (!allFinite(items.at(-1)))
			return "the batch has a target that is not finite";
		const parameter = run.model
			.namedParameters()
			.find(([, one]) => !allFinite(one));
		if (parameter)
			return `${parameter[0]}${ownerOf(run.model, parameter[0])} is not finite itself`;
		if (allFinite(output))
			return "it is the loss function, as the model's output is finite";
		const found = this.#firstBad(run.model, inputs);
		return found === null
			? "the model's output is not finite"
			: `${found} is the first module whose output is not finite`;
	}

	/** The batch once more, with the same random numbers, and a look at each module's output. */
	#firstBad(model: AnyModule, inputs: readonly unknown[]): string | null {
		let found: string | null = null;
		const weights = new Weights();
		weights.copy(model);
		const handles = model.namedModules().map(([name, module]) =>
			(module as Module<unknown[], unknown>).registerForwardHook(
				(_module, _inputs, output) => {
					if (!allFinite(output)) found ??= called(name, module);
					return undefined;
				},
			),
		);
		const random = getRngState();
		try {
			if (this.#random !== null) setRngState(this.#random);
			(model as unknown as Module<unknown[], unknown>)(...inputs);
		} finally {
			setRngState(random);
			weights.restore(model); // running statistics
			for (const handle of handles) handle.remove();
		}
		return found;
	}
}

function stop(run: Run, reason: string): void {
	run.stop(reason);
	process.emitWarning(`fit: training is stopped: ${reason}`);
}

/** " (Linear)" for "layers.0.weight" */
function ownerOf(model: AnyModule, parameter: string | undefined): string {
	const path = parameter?.split(".").slice(0, -1).join(".") ?? "";
	return ` (${model.getSubmodule(path).constructor.name})`;
}

function called(name: string, module: AnyModule): string {
	const kind = module.constructor.name;
	return name === "" ? `the model itself (${kind})` : `${name} (${kind})`;
}

/** Whether all numbers in all tensors of a value are finite. */
function allFinite(value: unknown): boolean {
	if (value instanceof Tensor)
		return (
			!(value.isFloatingPoint() || value.isComplex()) ||
			scope(() => value.detach().isfinite().all().item() === true)
		);
	if (Array.isArray(value)) return value.every(allFinite);
	if (typeof value === "object" && value !== null)
		return Object.values(value).every(allFinite);
	return true;
}
