/** Image transforms; the names, parameters and random numbers are torchvision.transforms.v2's. */

export { RandomAffine, type RandomAffineOptions } from "./affine.ts";
export { Compose, type Step } from "./compose.ts";
export { RandomCrop, type RandomCropOptions } from "./crop.ts";
export { RandomHorizontalFlip } from "./flip.ts";
export * as functional from "./functional/index.ts";
export { Normalize } from "./normalize.ts";
export type { Range } from "./parameters.ts";
export type { Random } from "./random.ts";
export { RandomRotation } from "./rotation.ts";
export type { Sample } from "./sample.ts";
export { ToTensor } from "./toTensor.ts";
export {
	GeometricTransform,
	RandomApplyTransform,
	Transform,
} from "./transform.ts";
