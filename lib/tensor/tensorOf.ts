/** torch.tensor */
import { chosenDevice } from "../placement.ts";
import type { NestedScalars, TensorOptions } from "./creation.ts";
import * as creation from "./creation.ts";
import type { Tensor } from "./tensor.ts";
import type { TypedArray } from "./typedArray.ts";

/**
 * A tensor with a copy of `data`.
 *
 * Without `dtype` it follows Python: numbers that are all whole (up to 2^53; a bigint up to 2^63) make int64, other numbers the default dtype
 * (float32), booleans bool, complex numbers complex64; a typed array and a tensor keep their own type. JavaScript does not tell 1.0 from
 * 1, so give the dtype where numbers come out of a computation.
 *
 * @param data a number, nested arrays of one length at each depth (their lengths are the shape), a typed array (of one dimension), or
 *   another tensor
 * @throws TorchError `ERR_INVALID_ARG_VALUE` where the arrays have different lengths, or the dtype does not hold a number
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
 *
 * @example
 * torch.tensor([[1, 2], [3, 4.5]]); // float32, [2, 2]
 * torch.tensor(new Float64Array(3), { requiresGrad: true });
 */
export function tensor(
	data: NestedScalars | TypedArray | Tensor,
	options: TensorOptions = {},
): Tensor {
	const chosen = chosenDevice();
	if (chosen === undefined) return creation.tensor(data, options);
	const device = options.device ?? chosen;
	return creation.tensor(data, { ...options, device });
}
