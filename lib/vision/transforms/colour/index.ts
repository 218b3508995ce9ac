/** Transforms of colour. */

export { RandomAutocontrast } from "./autocontrast.ts";
export { RandomChannelPermutation } from "./channelPermutation.ts";
export { CLAHE, RandomCLAHE, type RandomClaheOptions } from "./clahe.ts";
export { ColorJitter } from "./colorJitter.ts";
export { RandomEqualize } from "./equalize.ts";
export type { Amount, JitterOptions } from "./factors.ts";
export { GaussianBlur, type RandomBlurOptions } from "./gaussianBlur.ts";
export { GaussianNoise } from "./gaussianNoise.ts";
export { Grayscale, RandomGrayscale, RGB } from "./grayscale.ts";
export { RandomInvert } from "./invert.ts";
export { JPEG } from "./jpeg.ts";
export {
	type PhotometricDistortOptions,
	RandomPhotometricDistort,
} from "./photometricDistort.ts";
export { RandomPosterize } from "./posterize.ts";
export { RandomAdjustSharpness } from "./sharpness.ts";
export { RandomSolarize } from "./solarize.ts";
