import type { Tensor } from "../../../../tensor/tensor.ts";
import { clampTo } from "./pixels.ts";

/** @internal ratio · image + (1 - ratio) · other, of floating point values, in the image's dtype. */
export function blend(
	image: Tensor,
	values: Tensor,
	other: Tensor,
	ratio: number,
): Tensor {
	// a copy that was made of whole numbers may be changed
	const scaled = values === image ? values.mul(ratio) : values.mul_(ratio);
	return clampTo(scaled.add_(other, { alpha: 1 - ratio }), image.dtype);
}
