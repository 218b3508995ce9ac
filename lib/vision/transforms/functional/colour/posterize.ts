import * as check from "../../../../check.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { bitsOf, imageShape } from "./pixels.ts";

/**
 * Keeps only the uppermost bits of each value. An image that has no more bits is given back itself.
 *
 * ```ts
 * posterize(torch.tensor([[[201]]], { dtype: "uint8" }), 2); // 192
 * ```
 *
 * @param image [..., C, H, W]
 * @param bits 0 to 8; floating point images keep 2^bits levels
 */
export function posterize(image: Tensor, bits: number): Tensor {
	const op = "posterize";
	imageShape(op, image);
	check.integer(op, "bits", bits, { min: 0, max: 8 });
	if (image.isFloatingPoint()) {
		const levels = 2 ** bits;
		return scope(() =>
			image
				.mul(levels)
				.floor_()
				.clamp_(0, levels - 1)
				.mul_(1 / levels),
		);
	}
	const all = bitsOf(op, "image", image.dtype);
	if (bits >= all) return image;
	const mask = ((1n << BigInt(bits)) - 1n) << BigInt(all - bits);
	return image.bitwiseAnd(mask);
}
