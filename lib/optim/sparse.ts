import { privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";

const make = privateOperator("_sparse_coo_tensor_unsafe");

/** A sparse tensor with other values at the places of `like`, which is coalesced. */
export function withValues(like: Tensor, values: Tensor): Tensor {
	return make(like.indices(), values, like.shape) as Tensor;
}
