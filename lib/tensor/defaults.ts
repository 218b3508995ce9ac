/** The dtype that numbers get when none is asked for. */

import { native } from "../binding.ts";
import * as check from "../check.ts";
import { type DType, floatTypes } from "../types.ts";

/**
 * Sets the dtype of new tensors of numbers that are not whole, and of zeros, randn and the like. Default: "float32".
 *
 * @param dtype "float32", "float64", "float16" or "bfloat16"; complex numbers become complex64, complex128 or complex32 to match
 * @throws TorchError `ERR_INVALID_ARG_TYPE` for any other
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_dtype.html
 *
 * @example
 * torch.setDefaultDtype("float64");
 * torch.zeros(2).dtype; // "float64"
 */
export function setDefaultDtype(dtype: DType): void {
	native.setDefaultDtype(
		check.oneOf("setDefaultDtype", "dtype", dtype, floatTypes),
	);
}

/**
 * The dtype of new tensors where none is asked for.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_default_dtype.html
 */
export function getDefaultDtype(): DType {
	return native.defaultDtype() as DType;
}

export const defaultDtype: () => DType = getDefaultDtype;
