import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { where } from "../../generated/functions.ts";
import { tensor } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Colors, colorsOf } from "./colors.ts";
import { checkImage } from "./pixels.ts";

export interface DrawSegmentationMasksOptions {
	/** How opaque the colours are, 0 to 1: 0.8. */
	alpha?: number;
	/** One for all masks or one for each. Default: different ones. */
	colors?: Colors;
}

/**
 * Colours the parts of an image that masks cover. What two masks cover becomes black.
 *
 * @param image [3, H, W], uint8 or floating point (0 to 1)
 * @param masks bool [N, H, W] or [H, W]
 * @returns the image, coloured, in its own dtype
 * @throws TorchError for other shapes, dtypes and colours
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_segmentation_masks.html
 *
 * @example
 * const shown = vision.utils.drawSegmentationMasks(image, scores.gt(0.5), { alpha: 0.6, colors: "orange" });
 */
export function drawSegmentationMasks(
	image: Tensor,
	masks: Tensor,
	options: DrawSegmentationMasksOptions = {},
): Tensor {
	const op = "drawSegmentationMasks";
	check.options(op, options, ["alpha", "colors"]);
	const { alpha = 0.8, colors } = options;
	check.number(op, "alpha", alpha, { min: 0, max: 1 });
	checkImage(op, image, [3]);
	return noGrad(() =>
		scope(() => {
			const all = checkMasks(op, image, masks);
			const chosen = colorsOf(op, "colors", colors, all.size(0));
			if (all.size(0) === 0) return image;
			const { dtype, device } = image;
			let drawn = image.detach();
			chosen.forEach((color, i) => {
				const parts = dtype === "uint8" ? color : color.map((c) => c / 255);
				const ink = tensor(parts, { dtype, device }).reshape([3, 1, 1]);
				drawn = where(all.select(0, i), ink, drawn);
			});
			drawn = drawn.maskedFill(all.sum(0).gt(1), 0);
			return image
				.mul(1 - alpha)
				.add(drawn.mul(alpha))
				.to(dtype);
		}),
	);
}

function checkMasks(op: string, image: Tensor, masks: Tensor): Tensor {
	if (!(masks instanceof Tensor))
		throw check.invalidType(op, "masks", "Tensor", masks);
	const all = masks.dim() === 2 ? masks.unsqueeze(0) : masks;
	const [h, w] = image.shape.slice(1);
	if (
		all.dtype === "bool" &&
		all.dim() === 3 &&
		all.size(1) === h &&
		all.size(2) === w
	)
		return all;
	throw check.invalidValue(
		op,
		"masks",
		`expected bool [N, ${h}, ${w}], as large as the image, got ${masks.dtype} of shape [${masks.shape}]`,
	);
}
