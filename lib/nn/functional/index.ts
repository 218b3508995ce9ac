/** torch.nn.functional: what modules compute, as functions. Those that LibTorch has as they are come from there. */
export {
	avgPool2d,
	conv1d,
	conv2d,
	conv3d,
	gelu,
	linear,
	pad,
} from "../../generated/functions.ts";
export * from "./activation.ts";
export * from "./dropout.ts";
export {
	type BceWithLogitsOptions,
	binaryCrossEntropyWithLogits,
	type CrossEntropyOptions,
	crossEntropy,
	type MseLossOptions,
	mseLoss,
	type NllLossOptions,
	nllLoss,
	type Reduction,
} from "./loss.ts";
export * from "./normalization.ts";
export * from "./pooling.ts";
export { type EmbeddingFunctionOptions, embedding } from "./sparse.ts";
