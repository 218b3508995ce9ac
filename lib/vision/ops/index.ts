/** Operators and blocks for images, boxes and regions: torchvision.ops. */
export {
	Conv2dNormActivation,
	Conv3dNormActivation,
	type ConvNormActivationOptions,
} from "./convNormActivation.ts";
export { FrozenBatchNorm2d } from "./frozenBatchNorm.ts";
export type { ActivationLayer, Layer, NormLayer } from "./layers.ts";
export { MLP, type MLPOptions } from "./mlp.ts";
export { Permute } from "./permute.ts";
export {
	SqueezeExcitation,
	type SqueezeExcitationOptions,
} from "./squeezeExcitation.ts";
export {
	StochasticDepth,
	type StochasticDepthMode,
	stochasticDepth,
} from "./stochasticDepth.ts";
