import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../types.ts";
import { optional } from "../arguments.ts";

/** max(0, x) of each element; `inplace` (default false) overwrites the input. */
export function relu(
	input: Tensor,
	inplace: boolean | { inplace?: boolean | undefined } = false,
): Tensor {
	const overwrite =
		typeof inplace === "object"
			? optional("relu", { inplace: false }, [inplace]).inplace
			: inplace;
	return overwrite ? input.relu_() : input.relu();
}

/** Which dimension sums to one, and the dtype to compute in (default: the input's). */
export interface SoftmaxOptions {
	dim?: number | null | undefined;
	dtype?: DType | undefined;
}

/** exp(x) / Σ exp(x) along `dim`. Without `dim` PyTorch's old choice is made: 0 for 0, 1 or 3 dimensions, else 1. */
export function softmax(
	input: Tensor,
	dim?: number | null,
	dtype?: DType,
): Tensor;
export function softmax(input: Tensor, options: SoftmaxOptions): Tensor;
export function softmax(input: Tensor, ...rest: unknown[]): Tensor {
	const { dim, dtype } = optional("softmax", softmaxDefaults, rest);
	return generated.softmax(input, dim ?? implicitDim(input), dtype);
}

/** log(softmax(x)) along `dim`, computed without overflow. Without `dim` as in `softmax`. */
export function logSoftmax(
	input: Tensor,
	dim?: number | null,
	dtype?: DType,
): Tensor;
export function logSoftmax(input: Tensor, options: SoftmaxOptions): Tensor;
export function logSoftmax(input: Tensor, ...rest: unknown[]): Tensor {
	const { dim, dtype } = optional("logSoftmax", softmaxDefaults, rest);
	return generated.logSoftmax(input, dim ?? implicitDim(input), dtype);
}

const softmaxDefaults = {
	dim: null as number | null,
	dtype: undefined as DType | undefined,
};

function implicitDim(input: Tensor): number {
	return [0, 1, 3].includes(input.dim()) ? 0 : 1;
}
