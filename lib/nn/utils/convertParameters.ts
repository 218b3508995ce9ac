import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Tensors, tensorsOf } from "./tensors.ts";

function listOf(op: string, parameters: Tensors): Tensor[] {
	const list = tensorsOf(op, "parameters", parameters);
	const device = list[0]?.device;
	if (list.some((parameter) => parameter.device !== device))
		throw check.invalidValue(
			op,
			"parameters",
			"Found two parameters on different devices, this is currently not supported.",
		);
	return list;
}

/**
 * All parameters in one vector, in order. Gradients go through it.
 *
 * @see torch.nn.utils.parameters_to_vector
 */
export function parametersToVector(parameters: Tensors): Tensor {
	return cat(
		listOf("parametersToVector", parameters).map((parameter) =>
			parameter.reshape(-1),
		),
	);
}

/**
 * Makes the parameters views of the parts of a vector, in order.
 *
 * @throws TorchError for a vector that is shorter than the parameters together
 * @see torch.nn.utils.vector_to_parameters
 */
export function vectorToParameters(vec: Tensor, parameters: Tensors): void {
	const op = "vectorToParameters";
	if (!(vec instanceof Tensor))
		throw check.invalidType(op, "vec", "Tensor", vec);
	const list = listOf(op, parameters);
	const count = list.reduce((sum, parameter) => sum + parameter.numel(), 0);
	if (vec.numel() < count)
		throw check.invalidValue(
			op,
			"vec",
			`expected ${count} elements, got ${vec.numel()}`,
		);
	let offset = 0;
	for (const parameter of list) {
		const size = parameter.numel();
		parameter.data = vec.detach().narrow(0, offset, size).viewAs(parameter);
		offset += size;
	}
}
