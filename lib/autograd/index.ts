/** torch.autograd: gradients as values, and running several graphs backward at once. */
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { isTensor, slotOf } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";

export * from "./modes.ts";

export interface GradOptions {
	/** dL/doutput for each output; null where an output has one element and weighs 1. */
	gradOutputs?: Tensor | readonly (Tensor | null)[] | null;
	/** Default: the value of `createGraph`. */
	retainGraph?: boolean;
	/** Record the computation of the gradients, for gradients of them. Default: false. */
	createGraph?: boolean;
}

function list(
	op: string,
	argument: string,
	value: Tensor | readonly Tensor[],
): readonly Tensor[] {
	const tensors = Array.isArray(value)
		? (value as readonly Tensor[])
		: [value as Tensor];
	for (const tensor of tensors)
		if (!isTensor(tensor))
			throw check.invalidType(op, argument, "Tensor or Tensor[]", tensor);
	return tensors;
}

function gradients(
	op: string,
	argument: string,
	value: Tensor | readonly (Tensor | null)[] | null | undefined,
): (number | null)[] | null {
	if (value === null || value === undefined) return null;
	return (Array.isArray(value) ? value : [value]).map((g: Tensor | null) => {
		if (g !== null && !isTensor(g))
			throw check.invalidType(op, argument, "Tensor or null", g);
		return g && slotOf(g);
	});
}

/**
 * The gradients of `outputs` with respect to `inputs`; no `grad` changes.
 *
 * @returns one for each input; with `allowUnused`, null for one that the outputs do not depend on
 * @throws TorchError where an input is not used and `allowUnused` is not set
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
 *
 * @example
 * const x = torch.tensor([3], { dtype: "float32", requiresGrad: true });
 * const [dx] = torch.autograd.grad(x.pow(2), x); // tensor([6.])
 */
export function grad(
	outputs: Tensor | readonly Tensor[],
	inputs: Tensor | readonly Tensor[],
	options?: GradOptions & { allowUnused?: false },
): Tensor[];
export function grad(
	outputs: Tensor | readonly Tensor[],
	inputs: Tensor | readonly Tensor[],
	options: GradOptions & { allowUnused: boolean },
): (Tensor | null)[];
export function grad(
	outputs: Tensor | readonly Tensor[],
	inputs: Tensor | readonly Tensor[],
	options: GradOptions & { allowUnused?: boolean } = {},
): (Tensor | null)[] {
	check.options("grad", options, [
		"gradOutputs",
		"retainGraph",
		"createGraph",
		"allowUnused",
	]);
	const {
		gradOutputs,
		createGraph = false,
		retainGraph = createGraph,
		allowUnused = false,
	} = options;
	return native.gradOf(
		list("grad", "outputs", outputs).map(slotOf),
		list("grad", "inputs", inputs).map(slotOf),
		gradients("grad", "gradOutputs", gradOutputs),
		retainGraph,
		createGraph,
		allowUnused,
	) as (Tensor | null)[];
}

export interface BackwardOptions {
	gradTensors?: Tensor | readonly (Tensor | null)[] | null;
	retainGraph?: boolean;
	createGraph?: boolean;
	inputs?: Tensor | readonly Tensor[];
}

/**
 * Adds the gradients of several tensors to the `grad` of the leaves that they were computed from.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.backward.html
 */
export function backward(
	tensors: Tensor | readonly Tensor[],
	options: BackwardOptions = {},
): void {
	check.options("backward", options, [
		"gradTensors",
		"retainGraph",
		"createGraph",
		"inputs",
	]);
	const {
		gradTensors,
		createGraph = false,
		retainGraph = createGraph,
		inputs,
	} = options;
	native.backward(
		list("backward", "tensors", tensors).map(slotOf),
		gradients("backward", "gradTensors", gradTensors),
		retainGraph,
		createGraph,
		inputs === undefined
			? null
			: list("backward", "inputs", inputs).map(slotOf),
	);
}
