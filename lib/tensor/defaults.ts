/** The dtype that numbers get when none is asked for. */

import { native } from "../binding.ts";
import * as check from "../check.ts";
import { type DType, floatTypes } from "../types.ts";

/**
 * Sets the dtype of new tensors of numbers that are not whole, and of zeros, randn and the like. Default: "float32".
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_dtype.html
 */
export function setDefaultDtype(dtype: DType): void {
	native.setDefaultDtype(
		check.oneOf("setDefaultDtype", "dtype", dtype, floatTypes),
	);
}

export function getDefaultDtype(): DType {
	return native.defaultDtype() as DType;
}

export const defaultDtype: () => DType = getDefaultDtype;
