/** torch.autograd: gradients as values, and running several graphs backward at once. */
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { isTensor, slotOf } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";

export * from "./modes.ts";

export interface GradOptions {
	/** dL/doutput for each output, of its shape; null where an output has one element and weighs 1. Default: null for all. */
	gradOutputs?: Tensor | readonly (Tensor | null)[] | null;
	/** Keep the graph for another backward. Default: the value of `createGraph`. */
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
 * @param options `allowUnused` (default: false) gives null for an input that the outputs do not depend on
 * @returns one for each input, of its shape
 * @throws TorchError where an input is not used and `allowUnused` is not set, an output has several elements and no gradient, or the
 *   graph is gone
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
	/** dL/dtensor for each tensor, of its shape; null where it has one element and weighs 1. Default: null for all. */
	gradTensors?: Tensor | readonly (Tensor | null)[] | null;
	/** Keep the graph for another backward. Default: the value of `createGraph`. */
	retainGraph?: boolean;
	/** Record the computation of the gradients, for gradients of them. Default: false. */
	createGraph?: boolean;
	/** Accumulate into these only. Default: into every leaf that the graph reaches. */
	inputs?: Tensor | readonly Tensor[];
}

/**
 * Adds the gradients of several tensors to the `grad` of the leaves that they were computed from.
 *
 * @throws TorchError where a tensor has several elements and no gradient, or the graph is gone
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.backward.html
 *
 * @example
 * const x = torch.ones([2], { requiresGrad: true });
 * torch.autograd.backward([x.sum(), x.mul(3)], { gradTensors: [null, torch.ones([2])] });
 * console.log(x.grad); // tensor([4., 4.])
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
