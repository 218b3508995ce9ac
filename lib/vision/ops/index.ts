/** Operators and blocks for images, boxes and regions: torchvision.ops. */
export {
	type BoxFormat,
	boxArea,
	boxConvert,
	boxIou,
	clipBoxesToImage,
	completeBoxIou,
	distanceBoxIou,
	generalizedBoxIou,
	masksToBoxes,
	removeSmallBoxes,
} from "./boxes.ts";
export {
	Conv2dNormActivation,
	Conv3dNormActivation,
	type ConvNormActivationOptions,
} from "./convNormActivation.ts";
export * from "./deformConv.ts";
export * from "./dropBlock.ts";
export * from "./featurePyramid.ts";
export { FrozenBatchNorm2d } from "./frozenBatchNorm.ts";
export type { ActivationLayer, Layer, NormLayer } from "./layers.ts";
export * from "./losses.ts";
export { MLP, type MLPOptions } from "./mlp.ts";
export { batchedNms, nms } from "./nms.ts";
export { Permute } from "./permute.ts";
export type { OutputSize, Regions } from "./regions.ts";
export {
	PSRoIAlign,
	psRoiAlign,
	RoIAlign,
	type RoiAlignOptions,
	roiAlign,
} from "./roiAlign.ts";
export * from "./roiPool.ts";
export {
	SqueezeExcitation,
	type SqueezeExcitationOptions,
} from "./squeezeExcitation.ts";
export {
	StochasticDepth,
	type StochasticDepthMode,
	stochasticDepth,
} from "./stochasticDepth.ts";
