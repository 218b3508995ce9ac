import * as check from "../../../../check.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
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
export function posterize<T extends Tensor>(image: T, bits: number): T {
	const op = "posterize";
	check.integer(op, "bits", bits, { min: 0, max: 8 });
	return ofImage(op, image, (plain) => keepBits(op, plain, bits));
}

function keepBits(op: string, image: Tensor, bits: number): Tensor {
	imageShape(op, image);
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
