import * as check from "../check.ts";
import { $chooseQparamsOptimized } from "../generated/operators.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * The range of values for quantisation that loses least: the whole range is cut at one end after the other, a bin at a time, and the best kept.
 *
 * @param input float32 values
 * @param numel how many of them count, from the first
 * @param nBins into how many bins the range is divided
 * @param ratio how much of the range may be cut off, 0 to 1
 * @param bitWidth bits of a quantised value
 * @returns [largest, smallest], of one element each
 * @throws TorchError where nBins is negative or ratio out of range: LibTorch would search without end
 *
 * @example
 * torch.chooseQparamsOptimized(torch.tensor([0, 1, 2, 4.0]), 4, 200, 0.16, 8)[0].tolist(); // [4]
 */
export function chooseQparamsOptimized(
	input: Tensor,
	numel: number,
	nBins: number,
	ratio: number,
	bitWidth: number,
): [Tensor, Tensor] {
	const op = "chooseQparamsOptimized";
	check.integer(op, "nBins", nBins, { min: 0 });
	check.number(op, "ratio", ratio, { min: 0, max: 1 });
	const args = [input, numel, nBins, ratio, bitWidth];
	return $chooseQparamsOptimized.call(args) as [Tensor, Tensor];
}
