/** Image transforms; the names, parameters and random numbers are torchvision.transforms.v2's. */

import { importable } from "../../data/importable.ts";
import * as transforms from "./index.ts";

export { RandomAffine, type RandomAffineOptions } from "./affine.ts";
export * from "./auto/index.ts";
export { BatchTransform } from "./batch.ts";
export {
	ClampBoundingBoxes,
	ClampKeyPoints,
	ConvertBoundingBoxFormat,
	SetClampingMode,
} from "./boxes.ts";
export { CenterCrop } from "./centerCrop.ts";
export * from "./colour/index.ts";
export { Compose, type Step } from "./compose.ts";
export { RandomApply, RandomChoice, RandomOrder } from "./containers.ts";
export {
	ConvertImageDtype,
	type DTypes,
	type Pure,
	ToDtype,
	ToImage,
	ToPureTensor,
} from "./conversion.ts";
export { RandomCrop, type RandomCropOptions } from "./crop.ts";
export { ElasticTransform, type ElasticTransformOptions } from "./elastic.ts";
export { FiveCrop, TenCrop } from "./fiveCrop.ts";
export { RandomHorizontalFlip, RandomVerticalFlip } from "./flip.ts";
export * as functional from "./functional/index.ts";
export { RandomIoUCrop, type RandomIoUCropOptions } from "./iouCrop.ts";
export { Identity, Lambda } from "./lambda.ts";
export { LinearTransformation } from "./linearTransformation.ts";
export * from "./mix/index.ts";
export { Normalize } from "./normalize.ts";
export { Pad, type PadTransformOptions } from "./pad.ts";
export type { CropSize, Fills, Range } from "./parameters.ts";
export {
	RandomPerspective,
	type RandomPerspectiveOptions,
} from "./perspective.ts";
export type { Random } from "./random.ts";
export {
	RandomResize,
	type RandomResizeOptions,
	RandomShortestSize,
	type RandomShortestSizeOptions,
	ScaleJitter,
	type ScaleJitterOptions,
} from "./randomResize.ts";
export { Resize } from "./resize.ts";
export {
	RandomResizedCrop,
	type RandomResizedCropOptions,
} from "./resizedCrop.ts";
export { RandomRotation, type RandomRotationOptions } from "./rotation.ts";
export type { Sample } from "./sample.ts";
export {
	type LabelsGetter,
	SanitizeBoundingBoxes,
	type SanitizeBoundingBoxesOptions,
	SanitizeKeyPoints,
} from "./sanitize.ts";
export { UniformTemporalSubsample } from "./temporal.ts";
export { ToTensor } from "./toTensor.ts";
export {
	GeometricTransform,
	RandomApplyTransform,
	Transform,
} from "./transform.ts";
export { RandomZoomOut, type RandomZoomOutOptions } from "./zoomOut.ts";

importable(import.meta.url, transforms);
