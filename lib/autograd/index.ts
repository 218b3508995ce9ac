/** torch.autograd: gradients as values, and running several graphs backward at once. */
import * as check from "../check.ts";
import {
	type AccumulateOptions,
	accumulate,
	type Gradients,
	slotsOf,
	slotsOfGradients,
	type Tensors,
} from "../tensor/gradients.ts";

export * from "./anomaly.ts";
export { FunctionContext } from "./context.ts";
export * as forwardAd from "./forwardAd.ts";
export {
	AutogradFunction as Function,
	type FunctionClass,
	type FunctionCtx,
	type FunctionGradients,
	type FunctionInputs,
} from "./function.ts";
export * as functional from "./functional/index.ts";
export { type GradOptions, grad } from "./grad.ts";
export {
	type GradcheckOptions,
	type GradgradcheckOptions,
	gradcheck,
	gradgradcheck,
} from "./gradcheck/gradcheck.ts";
export * as graph from "./graph.ts";
export {
	enableGrad,
	inferenceMode,
	isGradEnabled,
	isInferenceModeEnabled,
	noGrad,
	setGradEnabled,
} from "./modes.ts";
export { onceDifferentiable } from "./onceDifferentiable.ts";

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
