/** torch.autograd: gradients as values, and running several graphs backward at once. */
import { native } from "../binding.ts";
import * as check from "../check.ts";
import {
	type AccumulateOptions,
	accumulate,
	type Gradients,
	type GraphOptions,
	slotsOf,
	slotsOfGradients,
	slotsOfInputs,
	type Tensors,
} from "../tensor/gradients.ts";
import type { Tensor } from "../tensor/tensor.ts";

export * from "./modes.ts";

export interface GradOptions extends GraphOptions {
	/** dL/doutput for each output, of its shape; null where an output has one element and weighs 1. Default: null for all. */
	gradOutputs?: Gradients;
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
	outputs: Tensors,
	inputs: Tensors,
	options?: GradOptions & { allowUnused?: false },
): Tensor[];
export function grad(
	outputs: Tensors,
	inputs: Tensors,
	options: GradOptions & { allowUnused: boolean },
): (Tensor | null)[];
export function grad(
	outputs: Tensors,
	inputs: Tensors,
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
		slotsOf("grad", "outputs", outputs),
		slotsOfInputs("grad", inputs),
		slotsOfGradients("grad", "gradOutputs", gradOutputs),
		retainGraph,
		createGraph,
		allowUnused,
	) as (Tensor | null)[];
}

export interface BackwardOptions extends AccumulateOptions {
	/** dL/dtensor for each tensor, of its shape; null where it has one element and weighs 1. Default: null for all. */
	gradTensors?: Gradients;
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
	tensors: Tensors,
	options: BackwardOptions = {},
): void {
	check.options("backward", options, [
		"gradTensors",
		"retainGraph",
		"createGraph",
		"inputs",
	]);
	accumulate(
		slotsOf("backward", "tensors", tensors),
		slotsOfGradients("backward", "gradTensors", options.gradTensors),
		options,
	);
}
