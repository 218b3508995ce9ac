/** What is done to modules, parameters and gradients: PyTorch's `torch.nn.utils`. */

export {
	fromSharedState,
	type SharedState,
	type SharedTensor,
	sharedState,
} from "../sharing.ts";
export {
	clipGradNorm_,
	clipGradsWithNorm_,
	clipGradValue_,
	getTotalNorm,
} from "./clipGrad.ts";
export { parametersToVector, vectorToParameters } from "./convertParameters.ts";
export {
	fuseConvBnEval,
	fuseConvBnWeights,
	fuseLinearBnEval,
	fuseLinearBnWeights,
	type NormWeights,
} from "./fusion.ts";
export {
	convertConv2dWeightMemoryFormat,
	convertConv3dWeightMemoryFormat,
} from "./memoryFormat.ts";
export * as parametrizations from "./parametrizations/index.ts";
export * as parametrize from "./parametrize/index.ts";
export * as prune from "./prune/index.ts";
export * as rnn from "./rnn.ts";
export { skipInit } from "./skipInit.ts";
export { removeSpectralNorm, spectralNorm } from "./spectralNorm.ts";
export * as stateless from "./stateless.ts";
export type { Tensors } from "./tensors.ts";
export { removeWeightNorm, weightNorm } from "./weightNorm.ts";
