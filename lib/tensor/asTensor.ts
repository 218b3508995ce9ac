/** Tensors from what may be one already, and small functions of `torch` about them. */
import { checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import { chosenDevice } from "../placement.ts";
import type { Device, DType } from "../types.ts";
import { type NestedScalars, type TensorOptions, tensor } from "./creation.ts";
import type { Tensor } from "./tensor.ts";
import type { TypedArray } from "./typedArray.ts";

export interface AsTensorOptions {
	/** Default: what `data` is made of. */
	dtype?: DType;
	/** Default: the data's own, or `torch.getDefaultDevice()` if one is set. */
	device?: Device;
}

/**
 * `data` as a tensor: itself where it is one of this dtype and on this device, and autograd goes through what is converted. Of numbers
 * and arrays it is `torch.tensor`; `torch.fromBlob` shares an array's memory.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.as_tensor.html
 *
 * @example
 * torch.asTensor([1, 2.5], { dtype: "float64" });
 */
export function asTensor(
	data: NestedScalars | TypedArray | Tensor,
	options: AsTensorOptions = {},
): Tensor {
	check.options("asTensor", options, ["dtype", "device"]);
	const device = options.device ?? chosenDevice();
	const place = { ...options, device: device as Device };
	return isTensor(data) ? (data as Tensor).to(place) : tensor(data, place);
}

export interface AsarrayOptions extends TensorOptions {
	/** Copy even where nothing changes. Default: false. */
	copy?: boolean | null;
}

/**
 * `data` as a tensor that is a leaf: it shares the memory of a tensor of this dtype and on this device, unless `copy`.
 *
 * @param options `requiresGrad` (default false) holds for the result, whatever `data` does
 * @see https://docs.pytorch.org/docs/stable/generated/torch.asarray.html
 */
export function asarray(
	data: NestedScalars | TypedArray | Tensor,
	options: AsarrayOptions = {},
): Tensor {
	const op = "asarray";
	check.options(op, options, ["dtype", "device", "requiresGrad", "copy"]);
	const { requiresGrad = false, copy, dtype, device } = options;
	check.boolean(op, "requiresGrad", requiresGrad);
	const place = (device ?? chosenDevice()) as Device;
	if (!isTensor(data))
		return tensor(data, { ...omitCopy(options), device: place });
	const target = { dtype, device: place, copy: copy ?? false };
	const made = (data as Tensor).to(target);
	return made.detach().requiresGrad_(requiresGrad);
}

function omitCopy({ copy: _, ...others }: AsarrayOptions): TensorOptions {
	return others;
}

/** The number of elements. @see https://docs.pytorch.org/docs/stable/generated/torch.numel.html */
export function numel(input: Tensor): number {
	checkTensor("numel", "input", input);
	return input.numel();
}

/** Whether it was made in inference mode. @see https://docs.pytorch.org/docs/stable/generated/torch.is_inference.html */
export function isInference(input: Tensor): boolean {
	checkTensor("isInference", "input", input);
	return input.isInference();
}

/** The name of a tensor's type, "torch.FloatTensor"; of other values that of their class. @see https://docs.pytorch.org/docs/stable/generated/torch.typename.html */
export function typename(value: unknown): string {
	if (isTensor(value)) return (value as Tensor).type();
	return check.describe(value).split(" ")[0] as string;
}
