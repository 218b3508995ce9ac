/** An operator that divides by an argument before it looks at it. */
import * as check from "../check.ts";
import { $nativeGroupNorm } from "../generated/operators.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * What `groupNorm` computes: channels in groups, each with mean 0 and variance 1 in each sample; with the means and what deviations
 * were divided by.
 *
 * @param input [N, C, ...], of N · C · HxW elements
 * @param weight what each channel is multiplied by: [C], or null
 * @param bias what is added to each channel: [C], or null
 * @param group how many groups, 1 or more
 * @param eps what is added to the variances
 * @returns [result, means, 1 / deviations]: the input's shape, [N, group] and [N, group]
 * @throws TorchError where group is below 1: of a meta tensor LibTorch would end the process
 *
 * @example
 * torch.nativeGroupNorm(torch.ones(1, 4, 2), null, null, 1, 4, 2, 2, 1e-5)[1].tolist(); // [[1, 1]]
 */
export function nativeGroupNorm(
	input: Tensor,
	weight: Tensor | null,
	bias: Tensor | null,
	N: number,
	C: number,
	HxW: number,
	group: number,
	eps: number,
): [Tensor, Tensor, Tensor] {
	check.integer("nativeGroupNorm", "group", group, { min: 1 });
	const args = [input, weight, bias, N, C, HxW, group, eps];
	return $nativeGroupNorm.call(args) as [Tensor, Tensor, Tensor];
}
