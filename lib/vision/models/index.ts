/** Models for images, with torchvision's names, state-dict keys and first weights: Python's weights load. */

export * from "./alexnet.ts";
export * from "./convnext.ts";
export * from "./densenet.ts";
export * from "./efficientnets.ts";
export * from "./googlenet.ts";
export * from "./inception.ts";
export * from "./lenet.ts";
export * from "./mnasnet.ts";
export * from "./mobilenetV2.ts";
export {
	MobileNetV3,
	type MobileNetV3Options,
	mobilenetV3Large,
	mobilenetV3Small,
} from "./mobilenetV3.ts";
export {
	getModel,
	listModels,
	type ModelName,
	type ModelOf,
	type ModelOptions,
} from "./registry.ts";
export * from "./regnets.ts";
export * from "./resnet.ts";
export * from "./segmentation/index.ts";
export * from "./shufflenetV2.ts";
export * from "./squeezenet.ts";
export * from "./swinTransformer.ts";
export * from "./unet.ts";
export * from "./vgg.ts";
export * from "./visionTransformer.ts";
export * from "./weights/index.ts";
