import type { Tensor } from "../../../tensor/tensor.ts";

/** Mirrors an image [..., H, W] left to right. */
export function horizontalFlip(image: Tensor): Tensor {
	return image.flip([-1]);
}
