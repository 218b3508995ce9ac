/** Full backward hooks of modules: an identity around the inputs and one around the output tell their gradients. */

import type { FunctionContext } from "../autograd/context.ts";
import { AutogradFunction } from "../autograd/function.ts";
import { isGradEnabled } from "../autograd/modes.ts";
import { TorchError } from "../errors.ts";
import { isTensor } from "../handle.ts";
import type { GraphNode } from "../tensor/graphNode.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A gradient for each input or output; null where there is none. */
export type ModuleGradients = (Tensor | null)[];

/** Returns nothing, or the gradients to go on with instead of `gradInputs`. */
export type FullBackwardHook = (
	module: unknown,
	gradInputs: ModuleGradients,
	gradOutputs: ModuleGradients,
) => ModuleGradients | undefined;

/** Returns nothing, or the gradients to go on with instead of `gradOutputs`. */
export type FullBackwardPreHook = (
	module: unknown,
	gradOutputs: ModuleGradients,
) => ModuleGradients | undefined;

/** The identity; its node sees the gradients of all tensors at once. */
class BackwardHookFunction extends AutogradFunction {
	static forward(ctx: FunctionContext, ...tensors: Tensor[]): Tensor[] {
		ctx.markNonDifferentiable(...tensors.filter((t) => !t.requiresGrad));
		return tensors;
	}

	static backward(
		_ctx: FunctionContext,
		...gradients: (Tensor | null)[]
	): (Tensor | null)[] {
		return gradients;
	}
}

interface Wrapped {
	values: unknown[];
	/** Places of the tensors; null where none requires gradients. */
	places: number[] | null;
}

/** Puts the identity around the tensors among `values`, and hands its node to `use`. */
function wrap(
	values: readonly unknown[],
	use: (node: GraphNode) => void,
): Wrapped {
	const places = values.flatMap((value, i) => (isTensor(value) ? [i] : []));
	const tensors = places.map((i) => values[i] as Tensor);
	if (!isGradEnabled() || !tensors.some((tensor) => tensor.requiresGrad))
		return { values: [...values], places: null };
	const wrapped = BackwardHookFunction.apply(...tensors);
	const node = wrapped.find((tensor) => tensor.requiresGrad)?.gradFn;
	if (node) use(node);
	const result = [...values];
	for (const [k, i] of places.entries()) result[i] = wrapped[k];
	return { values: result, places };
}

function packed(
	places: readonly number[],
	gradients: ModuleGradients,
	count: number,
): ModuleGradients {
	const result: ModuleGradients = new Array(count).fill(null);
	for (const [k, i] of places.entries()) result[i] = gradients[k] ?? null;
	return result;
}

function wrongNumber(
	kind: string,
	argument: string,
	got: number,
	expected: number,
): TorchError {
	return new TorchError(
		`${kind} returned an invalid number of ${argument}, got ${got}, but expected ${expected}`,
		{ code: "ERR_INVALID_ARG_VALUE", op: "backward" },
	);
}

/** The hooks of one call of a module. */
export class BackwardHooks {
	readonly #module: unknown;
	readonly #before: readonly FullBackwardPreHook[];
	readonly #after: readonly FullBackwardHook[];
	#inputPlaces: number[] | null = null;
	#inputCount = 0;
	/** Between the output's gradients and the inputs' of one backward. */
	#gradOutputs: ModuleGradients | null = null;

	constructor(
		module: unknown,
		before: readonly FullBackwardPreHook[],
		after: readonly FullBackwardHook[],
	) {
		this.#module = module;
		this.#before = before;
		this.#after = after;
	}

	wrapInputs<Inputs extends unknown[]>(inputs: Inputs): Inputs {
		const { values, places } = wrap(inputs, (node) =>
			node.registerHook((gradients) => this.#onInputs(gradients)),
		);
		this.#inputPlaces = places;
		this.#inputCount = inputs.length;
		return values as Inputs;
	}

	wrapOutput<Output>(output: Output): Output {
		const isList = Array.isArray(output);
		if (!isList && !isTensor(output)) {
			process.emitWarning(
				`For backward hooks to be called, module output should be a Tensor or an array of Tensors but received ${typeof output}`,
			);
			return output;
		}
		const outputs: unknown[] = isList ? output : [output];
		const places = outputs.flatMap((each, i) => (isTensor(each) ? [i] : []));
		const { length } = outputs;
		const { values } = wrap(outputs, (node) =>
			node.registerPrehook((gradients) =>
				this.#onOutputs(gradients, places, length),
			),
		);
		return (isList ? values : values[0]) as Output;
	}

	#onOutputs(
		gradients: ModuleGradients,
		places: readonly number[],
		count: number,
	): ModuleGradients {
		let current = packed(places, gradients, count);
		for (const hook of this.#before) {
			const changed = hook(this.#module, current);
			if (changed === undefined || changed === null) continue;
			const list = Array.isArray(changed) ? changed : [changed];
			if (list.length !== count)
				throw wrongNumber(
					"Backward pre hook",
					"grad_output",
					list.length,
					count,
				);
			current = list;
		}
		this.#gradOutputs = current;
		if (this.#inputPlaces === null) this.#withoutInputs(current);
		return places.map((i) => current[i] ?? null);
	}

	/** No input requires gradients: the hooks are called at once, and can change nothing. */
	#withoutInputs(gradOutputs: ModuleGradients): void {
		this.#gradOutputs = null;
		if (this.#after.length === 0) return;
		process.emitWarning(
			"Full backward hook is firing when gradients are computed with respect to module outputs since no inputs require gradients.",
		);
		const none = packed([], [], this.#inputCount);
		for (const hook of this.#after) {
			const result = hook(this.#module, none, gradOutputs);
			if (result?.some((gradient) => gradient !== null))
				throw new TorchError(
					"Backward hook for Modules where no input requires gradient should always return undefined or null for all gradients.",
					{ code: "ERR_INVALID_ARG_VALUE", op: "backward" },
				);
		}
	}

	#onInputs(gradients: ModuleGradients): ModuleGradients | undefined {
		const gradOutputs = this.#gradOutputs;
		const places = this.#inputPlaces;
		// Gradients may reach the inputs without the output, in a double backward.
		if (gradOutputs === null || places === null) return undefined;
		let current = packed(places, gradients, this.#inputCount);
		for (const hook of this.#after) {
			const changed = hook(this.#module, current, gradOutputs);
			if (changed === undefined || changed === null) continue;
			const list = Array.isArray(changed) ? changed : [changed];
			if (list.length !== current.length)
				throw wrongNumber(
					"Backward hook",
					"grad_input",
					list.length,
					current.length,
				);
			current = list;
		}
		this.#gradOutputs = null;
		return places.map((i) => current[i] ?? null);
	}
}
