/** Nested tensors: several tensors of one dtype whose sizes differ, in one. (The strided layout; PyTorch's jagged one is a class in Python, and LibTorch has no operators for it.) */
import { as, checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import { $toPaddedTensor } from "../generated/operators.ts";
import { isTensor } from "../handle.ts";
import { privateOperator } from "../operator.ts";
import { chosenDevice } from "../placement.ts";
import { type NestedScalars, tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device, DType } from "../types.ts";

const fromList = privateOperator("_nested_tensor_from_tensor_list");

export interface AsNestedOptions {
	/** Default: the first tensor's. */
	dtype?: DType | undefined;
	/** Default: the first tensor's. */
	device?: Device | undefined;
}

export interface NestedOptions extends AsNestedOptions {
	/** Record gradients for it. Default: false. */
	requiresGrad?: boolean | undefined;
}

/**
 * A nested tensor of copies of the tensors, which autograd goes through. A tensor stands for those along its first dimension.
 *
 * `unbind` gives the parts, `toPaddedTensor` one plain tensor. It has no `shape`: not every operator knows nested tensors.
 *
 * @throws TorchError where the tensors have different numbers of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nested.as_nested_tensor.html
 */
export function asNestedTensor(
	ts: Tensor | readonly Tensor[],
	options: AsNestedOptions = {},
): Tensor {
	const op = "asNestedTensor";
	check.options(op, options, ["dtype", "device"]);
	const list = isTensor(ts) ? (ts as Tensor).unbind(0) : ts;
	return nest(op, list, options);
}

function nest(
	op: string,
	list: readonly Tensor[],
	{ dtype, device }: AsNestedOptions,
): Tensor {
	check.array(op, "ts", list);
	for (const [i, each] of list.entries()) checkTensor(op, `ts[${i}]`, each);
	const target = { ...(dtype && { dtype }), ...(device && { device }) };
	const placed = list.map((each) => each.to(target));
	return as(op, () => fromList(placed)) as Tensor;
}

/**
 * A nested tensor of copies, a leaf of its own.
 *
 * @param tensorList tensors, or what `torch.tensor` makes them of
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nested.nested_tensor.html
 *
 * @example
 * const nested = torch.nested.nestedTensor([torch.ones(2, 3), torch.ones(4, 3)]);
 * torch.nested.toPaddedTensor(nested, 0).shape; // [2, 4, 3]
 */
export function nestedTensor(
	tensorList: readonly (Tensor | NestedScalars)[],
	options: NestedOptions = {},
): Tensor {
	const op = "nestedTensor";
	check.options(op, options, ["dtype", "device", "requiresGrad"]);
	check.array(op, "tensorList", tensorList);
	const { requiresGrad = false, ...given } = options;
	const place = { ...given, device: given.device ?? chosenDevice() };
	check.boolean(op, "requiresGrad", requiresGrad);
	const list = tensorList.map((each) =>
		isTensor(each)
			? (each as Tensor).detach()
			: tensor(each as NestedScalars, place),
	);
	const made = nest(op, list, place);
	if (requiresGrad) made.requiresGrad = true;
	return made;
}

/**
 * A plain tensor of the nested one's parts, filled up with `padding`.
 *
 * @param outputSize default: the greatest sizes of the parts
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nested.to_padded_tensor.html
 */
export function toPaddedTensor(
	input: Tensor,
	padding: number,
	outputSize: readonly number[] | null = null,
): Tensor {
	return $toPaddedTensor.call3(input, padding, outputSize) as Tensor;
}
