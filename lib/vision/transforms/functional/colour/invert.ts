import { rsub } from "../../../../generated/functions.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
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
export function invert(image: Tensor): Tensor {
	imageShape("invert", image);
	return inverted("invert", image);
}

/** @internal */
export function inverted(op: string, image: Tensor): Tensor {
	if (image.isFloatingPoint()) return rsub(image, 1);
	if (image.dtype === "uint8") return image.bitwiseNot();
	// the bit of the sign stays
	const bits = BigInt(bitsOf(op, "image", image.dtype));
	return image.bitwiseXor((1n << bits) - 1n);
}
