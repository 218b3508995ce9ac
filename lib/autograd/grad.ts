import { native } from "../binding.ts";
import * as check from "../check.ts";
import { watched } from "../tensor/anomaly.ts";
import {
	type Gradients,
	type GraphOptions,
	slotsOf,
	slotsOfGradients,
	slotsOfInputs,
	type Tensors,
} from "../tensor/gradients.ts";
import type { Tensor } from "../tensor/tensor.ts";

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
	const outputSlots = slotsOf("grad", "outputs", outputs);
	const inputSlots = slotsOfInputs("grad", inputs);
	const seeds = slotsOfGradients("grad", "gradOutputs", gradOutputs);
	return watched(() =>
		native.gradOf(
			outputSlots,
			inputSlots,
			seeds,
			retainGraph,
			createGraph,
			allowUnused,
		),
	) as (Tensor | null)[];
}
