/** Transforms as functions, with every parameter given; the names are torchvision.transforms.v2.functional's. */

export {
	type AffineOptions,
	affine,
	type RotateOptions,
	rotate,
} from "./affine.ts";
export { crop } from "./crop.ts";
export { horizontalFlip, horizontalFlip as hflip } from "./flip.ts";
export type { Fill, ImageSize, Interpolation } from "./image.ts";
export { normalize } from "./normalize.ts";
export { type Padding, type PaddingMode, type PadOptions, pad } from "./pad.ts";
export { type Layout, type Pixels, toTensor } from "./toTensor.ts";
