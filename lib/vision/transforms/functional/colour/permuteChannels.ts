import * as check from "../../../../check.ts";
import { arange } from "../../../../generated/functions.ts";
import { tensor } from "../../../../tensor/creation.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { imageShape } from "./pixels.ts";

/**
 * The channels in another order.
 *
 * ```ts
 * permuteChannels(image, [2, 1, 0]); // RGB to BGR
 * ```
 *
 * @param image [..., C, H, W]
 * @param permutation channel i of the result is channel `permutation[i]` of the image
 */
export function permuteChannels<T extends Tensor>(
	image: T,
	permutation: readonly number[],
): T {
	return ofImage("permuteChannels", image, (plain) =>
		inOrder(plain, permutation),
	);
}

function inOrder(image: Tensor, permutation: readonly number[]): Tensor {
	const op = "permuteChannels";
	const channels = imageShape(op, image).at(-3) as number;
	check.array(op, "permutation", permutation);
	const sorted = [...permutation].sort((a, b) => a - b);
	if (sorted.length !== channels || sorted.some((value, i) => value !== i)) {
		throw check.invalidValue(
			op,
			"permutation",
			`expected each of 0 to ${channels - 1} once, for an image of ${channels} channels, got ${check.describe(permutation)}`,
		);
	}
	if (image.numel() === 0) return image;
	using index = tensor(permutation, { dtype: "int64", device: image.device });
	return image.indexSelect(-3, index);
}

/** @internal The channels of each image [N, C, H, W] in an order of its own. */
export function permuteEach(
	images: Tensor,
	orders: readonly (readonly number[])[],
): Tensor {
	return scope(() => {
		const { device } = images;
		const index = tensor(orders, { dtype: "int64", device });
		const channels = images.size(1);
		const offsets = arange(orders.length, { device }).mul(channels);
		const rows = index.add(offsets.unsqueeze(1)).flatten();
		return images.flatten(0, 1).indexSelect(0, rows).view(images.shape);
	});
}
