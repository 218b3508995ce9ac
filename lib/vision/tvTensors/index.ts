/** Tensors that say what they stand for, as torchvision.tv_tensors has them: what samples for transforms are made of. */

export {
	BoundingBoxes,
	type BoundingBoxesOptions,
	type BoundingBoxFormat,
	type ClampingMode,
	isRotatedBoundingFormat,
} from "./boundingBoxes.ts";
export { Image, Mask, Video } from "./image.ts";
export { KeyPoints, type KeyPointsOptions } from "./keyPoints.ts";
export { type CanvasSize, TVTensor, type TVTensorData } from "./tvTensor.ts";
export { isKind, type WrapOptions, wrap } from "./wrap.ts";
