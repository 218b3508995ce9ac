import { rsub } from "../../../../generated/functions.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { bitsOf, imageShape } from "./pixels.ts";

/**
 * White becomes black, and black white.
 *
 * ```ts
 * invert(torch.tensor([[[200]]], { dtype: "uint8" })); // 55
 * ```
 *
 * @param image [..., C, H, W]
 */
export function invert<T extends Tensor>(image: T): T {
	return ofImage("invert", image, (plain) => inverted("invert", plain));
}

/** @internal */
export function inverted(op: string, image: Tensor): Tensor {
	imageShape(op, image);
	if (image.isFloatingPoint()) return rsub(image, 1);
	if (image.dtype === "uint8") return image.bitwiseNot();
	// the bit of the sign stays
	const bits = BigInt(bitsOf(op, "image", image.dtype));
	return image.bitwiseXor((1n << bits) - 1n);
}
