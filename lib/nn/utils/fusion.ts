import * as check from "../../check.ts";
import { onesLike, rsqrt, zerosLike } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Module } from "../module.ts";
import type {
	BatchNorm1d,
	BatchNorm2d,
	BatchNorm3d,
} from "../modules/batchnorm.ts";
import { ConvBase } from "../modules/conv.ts";
import { Linear } from "../modules/linear.ts";
import { Parameter } from "../parameter.ts";

type AnyBatchNorm = BatchNorm1d | BatchNorm2d | BatchNorm3d;
interface Weighted {
	weight: Tensor;
	bias: Tensor | null;
}

/** What a batch normalisation does in evaluation, from its running statistics. */
export interface NormWeights {
	runningMean: Tensor;
	runningVar: Tensor;
	eps: number;
	weight: Tensor | null;
	bias: Tensor | null;
}

function normOf(op: string, bn: AnyBatchNorm): NormWeights {
	const { runningMean, runningVar, eps, weight, bias } = bn;
	if (runningMean === null || runningVar === null)
		throw check.invalidValue(op, "bn", "it has no running statistics");
	return { runningMean, runningVar, eps, weight, bias };
}

function checkEval(
	op: string,
	first: Module<never, unknown>,
	bn: AnyBatchNorm,
) {
	if (!(bn instanceof Module))
		throw check.invalidType(op, "bn", "BatchNorm", bn);
	if (first.training || bn.training)
		throw check.invalidValue(op, "bn", "Fusion only for eval!");
}

/**
 * The weights and the bias of a convolution that does what a convolution and a batch normalisation in evaluation do one after the other.
 *
 * @param transpose whether the weights are a transposed convolution's, [inputs, outputs, ...]. Default: false
 * @see torch.nn.utils.fuse_conv_bn_weights
 */
export function fuseConvBnWeights(
	weight: Tensor,
	bias: Tensor | null,
	norm: NormWeights,
	transpose = false,
): [weight: Parameter, bias: Parameter] {
	const { runningMean, runningVar, eps } = norm;
	const scale = norm.weight ?? onesLike(runningMean);
	const inverse = rsqrt(runningVar.add(eps));
	const shape = new Array<number>(weight.dim()).fill(1);
	shape[transpose ? 1 : 0] = -1;
	return parameters(
		weight,
		bias,
		weight.mul(scale.mul(inverse).reshape(shape)),
		(bias ?? zerosLike(runningMean))
			.sub(runningMean)
			.mul(inverse)
			.mul(scale)
			.add(norm.bias ?? zerosLike(runningMean)),
	);
}

/**
 * The same for a linear layer.
 *
 * @see torch.nn.utils.fuse_linear_bn_weights
 */
export function fuseLinearBnWeights(
	weight: Tensor,
	bias: Tensor | null,
	norm: NormWeights,
): [weight: Parameter, bias: Parameter] {
	const { runningMean, runningVar, eps } = norm;
	const scale = (norm.weight ?? onesLike(runningMean)).mul(
		rsqrt(runningVar.add(eps)),
	);
	return parameters(
		weight,
		bias,
		weight.mul(scale.unsqueeze(-1).to({ dtype: weight.dtype })),
		(bias ?? zerosLike(runningMean))
			.sub(runningMean)
			.mul(scale)
			.add(norm.bias ?? zerosLike(runningMean)),
	);
}

function parameters(
	weight: Tensor,
	bias: Tensor | null,
	fusedWeight: Tensor,
	fusedBias: Tensor,
): [Parameter, Parameter] {
	return [
		new Parameter(fusedWeight.to({ dtype: weight.dtype }), {
			requiresGrad: weight.requiresGrad,
		}),
		new Parameter(fusedBias.to({ dtype: (bias ?? weight).dtype }), {
			requiresGrad: bias?.requiresGrad ?? false,
		}),
	];
}

/**
 * A copy of a convolution that also does what the batch normalisation after it does. Both must be in evaluation mode.
 *
 * @param rest transpose: whether `conv` is a transposed convolution. Default: false
 * @see torch.nn.utils.fuse_conv_bn_eval
 * @example
 * const fused = nn.utils.fuseConvBnEval(conv.eval(), bn.eval());
 */
export function fuseConvBnEval<Conv extends ConvBase<never, never>>(
	conv: Conv,
	bn: AnyBatchNorm,
	transpose = false,
): Conv {
	const op = "fuseConvBnEval";
	if (!(conv instanceof ConvBase))
		throw check.invalidType(op, "conv", "convolution", conv);
	checkEval(op, conv, bn);
	const fused = conv.deepcopy();
	const { weight, bias } = fused as unknown as Weighted;
	setWeights(fused, fuseConvBnWeights(weight, bias, normOf(op, bn), transpose));
	return fused;
}

/**
 * A copy of a linear layer that also does what the batch normalisation after it does. Both must be in evaluation mode.
 *
 * @throws TorchError where the normalisation has neither 1 nor `outFeatures` features
 * @see torch.nn.utils.fuse_linear_bn_eval
 */
export function fuseLinearBnEval(linear: Linear, bn: AnyBatchNorm): Linear {
	const op = "fuseLinearBnEval";
	if (!(linear instanceof Linear))
		throw check.invalidType(op, "linear", "Linear", linear);
	checkEval(op, linear, bn);
	if (linear.outFeatures !== bn.numFeatures && bn.numFeatures !== 1)
		throw check.invalidValue(
			op,
			"bn",
			`expected ${linear.outFeatures} or 1 features, got ${bn.numFeatures}`,
		);
	const fused = linear.deepcopy();
	setWeights(
		fused,
		fuseLinearBnWeights(fused.weight, fused.bias, normOf(op, bn)),
	);
	return fused;
}

function setWeights(
	module: object,
	[weight, bias]: [Parameter, Parameter],
): void {
	Object.assign(module, { weight, bias });
}
