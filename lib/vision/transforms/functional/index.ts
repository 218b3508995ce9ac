/** Transforms as functions, with every parameter given; the names are torchvision.transforms.v2.functional's. */

import { importable } from "../../../data/importable.ts";
import * as functional from "./index.ts";

export type { CropSize } from "../parameters.ts";
export {
	type AffineOptions,
	affine,
	type RotateOptions,
	rotate,
} from "./affine.ts";
export * from "./boxes/index.ts";
export { centerCrop } from "./centerCrop.ts";
export * from "./colour/index.ts";
export { convertImageDtype } from "./convertImageDtype.ts";
export { crop } from "./crop.ts";
export {
	type ElasticOptions,
	elastic,
	elastic as elasticTransform,
} from "./elastic.ts";
export {
	type FiveCrops,
	fiveCrop,
	type TenCropOptions,
	type TenCrops,
	tenCrop,
} from "./fiveCrop.ts";
export {
	horizontalFlip,
	horizontalFlip as hflip,
	verticalFlip,
	verticalFlip as vflip,
} from "./flip.ts";
export type { Fill, ImageSize, Interpolation } from "./image.ts";
export {
	getDimensions,
	getNumChannels,
	getNumChannels as getImageNumChannels,
	getNumFrames,
	getSize,
} from "./meta.ts";
export { normalize } from "./normalize.ts";
export { type Padding, type PaddingMode, type PadOptions, pad } from "./pad.ts";
export { type PerspectiveOptions, perspective } from "./perspective.ts";
export type { Corners } from "./perspectiveCoefficients.ts";
export { resize } from "./resize.ts";
export type {
	ResizeInterpolation,
	ResizeOptions,
	ResizeSize,
} from "./resizeArguments.ts";
export { resizedCrop } from "./resizedCrop.ts";
export { uniformTemporalSubsample } from "./temporal.ts";
export { toImage } from "./toImage.ts";
export { type Layout, type Pixels, toTensor } from "./toTensor.ts";

importable(import.meta.url, functional);
