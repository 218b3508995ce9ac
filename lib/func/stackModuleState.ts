import * as check from "../check.ts";
import { stack } from "../generated/functions.ts";
import type { AnyModule } from "../nn/module.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The tensors of the same name in all modules, one upon the other along a new first dimension. */
function stacked(
	lists: readonly (readonly (readonly [name: string, tensor: Tensor])[])[],
	requiresGrad: boolean,
): Record<string, Tensor> {
	const [first = []] = lists;
	return Object.fromEntries(
		first.map(([name, { requiresGrad: isTrained }], i) => {
			const tensors = lists.map((list) => list[i]?.[1] as Tensor);
			const joined = stack(tensors).detach();
			return [name, joined.requiresGrad_(requiresGrad && isTrained)];
		}),
	);
}

/**
 * The parameters and buffers of several models of the same architecture, stacked: what `vmap` over `functionalCall` maps over.
 *
 * @returns [parameters, buffers] by name, each of shape [models, ...]
 * @throws TorchError where there is no model, or they differ in class or in training mode
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.stack_module_state.html
 *
 * @example
 * const models = [new torch.nn.Linear(3, 2), new torch.nn.Linear(3, 2)];
 * const [parameters, buffers] = torch.func.stackModuleState(models);
 * const run = torch.func.vmap((p: Record<string, torch.Tensor>, x: torch.Tensor) => torch.func.functionalCall(models[0], p, [x]), {
 *   inDims: [0, null],
 * });
 * run(parameters, torch.randn([4, 3])); // [2, 4, 2]
 */
export function stackModuleState(
	models: readonly AnyModule[],
): [parameters: Record<string, Tensor>, buffers: Record<string, Tensor>] {
	const op = "stackModuleState";
	const [first] = check.array(op, "models", models);
	if (first === undefined)
		throw check.invalidValue(op, "models", "expected one model or more");
	if (models.some((model) => model.training !== first.training))
		throw check.invalidValue(
			op,
			"models",
			"expected all to have the same training/eval mode",
		);
	if (models.some((model) => model.constructor !== first.constructor))
		throw check.invalidValue(
			op,
			"models",
			"expected all to be of the same class",
		);
	return [
		stacked(
			models.map((model) => model.namedParameters()),
			true,
		),
		stacked(
			models.map((model) => model.namedBuffers()),
			false,
		),
	];
}
