import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Adds `by` to all values of an image, within what it has for its least and largest value. */
export function shiftChannels(image: Tensor, by: number): Tensor {
	return scope(() => {
		const { min, max } = image.aminmax();
		return image.add(by).clamp_({ min, max });
	});
}

/**
 * Multiplies a float32 image as Pillow's ImageEnhance.Brightness does: of bytes, and to bytes. Values beyond 0 to 255 are spread over
 * that range first, and back.
 */
export function shiftBrightness(image: Tensor, factor: number): Tensor {
	return scope(() => {
		const { min, max } = image.aminmax();
		const least = min.item() as number;
		const most = max.item() as number;
		if (least >= 0 && most <= 255) return brighten(image, factor);
		const above = image.sub(least);
		const top = above.max().item() as number;
		if (top !== 0) above.div_(top);
		return brighten(above.mul_(255), factor)
			.div_(255)
			.mul_(most - least)
			.add_(least);
	});
}

function brighten(image: Tensor, factor: number): Tensor {
	return image.trunc().mul_(factor).clamp_(0, 255).trunc_();
}
