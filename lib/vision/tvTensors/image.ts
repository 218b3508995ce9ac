import { TVTensor } from "./tvTensor.ts";

/** An image or a batch of images, [..., C, H, W]: uint8 from 0 to 255, or floating point from 0 to 1. */
export class Image extends TVTensor {
	declare protected readonly kind: "image";
}

/** Frames, [..., T, C, H, W], which are transformed alike. */
export class Video extends TVTensor {
	declare protected readonly kind: "video";
}

/** Masks of segmentation or detection, [..., H, W]: transformed as the image is, by nearest neighbours, and never in colour. */
export class Mask extends TVTensor {
	declare protected readonly kind: "mask";
}
