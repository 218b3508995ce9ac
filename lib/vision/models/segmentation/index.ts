export { IntermediateLayerGetter } from "./backbone.ts";
export * from "./deeplabv3.ts";
export * from "./fcn.ts";
export { LRASPP, lrasppMobilenetV3Large } from "./lraspp.ts";
export {
	DeepLabV3,
	FCN,
	type SegmentationOptions,
	type SegmentationOutput,
} from "./segmentation.ts";
