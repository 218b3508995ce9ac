/** Functions of an image's colours; the names are torchvision.transforms.v2.functional's. */

export { autocontrast } from "./autocontrast.ts";
export { adjustBrightness } from "./brightness.ts";
export { type ClaheOptions, clahe } from "./clahe.ts";
export { adjustContrast } from "./contrast.ts";
export { equalize } from "./equalize.ts";
export { type EraseOptions, erase } from "./erase.ts";
export { type AdjustGammaOptions, adjustGamma } from "./gamma.ts";
export { type GaussianBlurOptions, gaussianBlur } from "./gaussianBlur.ts";
export { type GaussianNoiseOptions, gaussianNoise } from "./gaussianNoise.ts";
export {
	type GrayscaleOptions,
	grayscaleToRgb,
	rgbToGrayscale,
	rgbToGrayscale as toGrayscale,
} from "./grayscale.ts";
export { adjustHue } from "./hue.ts";
export { invert } from "./invert.ts";
export { jpeg } from "./jpeg/jpeg.ts";
export { permuteChannels } from "./permuteChannels.ts";
export { posterize } from "./posterize.ts";
export { adjustSaturation } from "./saturation.ts";
export { adjustSharpness } from "./sharpness.ts";
export { solarize } from "./solarize.ts";
export { type ToDtypeOptions, toDtype } from "./toDtype.ts";
