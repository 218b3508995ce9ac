/** Tensors that say what they stand for, as torchvision.tv_tensors has them: what samples for transforms are made of. */

import { importable } from "../../data/importable.ts";
import * as tvTensors from "./index.ts";

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

importable(import.meta.url, tvTensors);
