import { arange, zerosLike } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkTensor } from "./arguments.ts";

/**
 * Sequences of different lengths, step by step: `data` holds the first step of all, then the second of those that have one, and so on.
 * Made by `nn.utils.rnn.packPaddedSequence`; RNN, LSTM and GRU take it and give it.
 */
export class PackedSequence {
	readonly data: Tensor; // [all steps, ...]
	/** How many sequences have each step, [longest], on the CPU. */
	readonly batchSizes: Tensor;
	/** Which sequence stands where, by length; null if they were sorted. */
	readonly sortedIndices: Tensor | null;
	readonly unsortedIndices: Tensor | null;

	constructor(
		data: Tensor,
		batchSizes: Tensor,
		sortedIndices: Tensor | null = null,
		unsortedIndices: Tensor | null = null,
	) {
		this.data = data;
		this.batchSizes = batchSizes;
		this.sortedIndices = sortedIndices;
		this.unsortedIndices = unsortedIndices ?? invertPermutation(sortedIndices);
	}
}

/** The permutation, [N], that undoes another. */
export function invertPermutation(permutation: Tensor): Tensor;
export function invertPermutation(permutation: Tensor | null): Tensor | null;
export function invertPermutation(permutation: Tensor | null): Tensor | null {
	if (permutation === null) return null;
	checkTensor("invertPermutation", "permutation", permutation);
	const positions = arange(0, permutation.numel(), {
		device: permutation.device,
	});
	return zerosLike(permutation).scatter_(0, permutation, positions);
}
