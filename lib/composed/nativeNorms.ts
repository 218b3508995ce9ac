/** Operators that use an argument before they look at it. */
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { $nativeBatchNorm, $nativeGroupNorm } from "../generated/operators.ts";
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

/**
 * What `batchNorm` computes: each channel with mean 0 and variance 1 over the batch, or by what is given of other batches; with the
 * means and what deviations were divided by.
 *
 * @param input [N, C, ...]
 * @param weight what each channel is multiplied by: [C], or null
 * @param bias what is added to each channel: [C], or null
 * @param runningMean [C]; changed in training; null only in training
 * @param runningVar [C], as runningMean
 * @param training whether the batch's own means are taken
 * @param momentum how much of the batch goes into runningMean and runningVar: 0 to 1
 * @param eps what is added to the variances
 * @returns [result, means, 1 / deviations]: the input's shape, [C] and [C]; the latter two are empty where not in training
 * @throws TorchError where there is neither training nor a running mean and variance: LibTorch would end the process
 *
 * @example
 * torch.nativeBatchNorm(torch.ones(2, 1), null, null, null, null, true, 0.1, 1e-5)[1].tolist(); // [1]
 */
export function nativeBatchNorm(
	input: Tensor,
	weight: Tensor | null,
	bias: Tensor | null,
	runningMean: Tensor | null,
	runningVar: Tensor | null,
	training: boolean,
	momentum: number,
	eps: number,
): [Tensor, Tensor, Tensor] {
	const given = { runningMean, runningVar };
	for (const [argument, value] of Object.entries(given))
		if (training === false && (value ?? null) === null)
			throw new TorchError("expected a tensor where training is false", {
				code: "ERR_INVALID_ARG_TYPE",
				op: "nativeBatchNorm",
				argument,
			});
	const statistics = [runningMean, runningVar, training, momentum, eps];
	const args = [input, weight, bias, ...statistics];
	return $nativeBatchNorm.call(args) as [Tensor, Tensor, Tensor];
}
