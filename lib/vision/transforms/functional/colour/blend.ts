import type { Tensor } from "../../../../tensor/tensor.ts";
import { clampTo, type Factor, factorOf } from "./pixels.ts";

/** @internal ratio · image + (1 - ratio) · other, of floating point values, in the image's dtype. */
export function blend(
	image: Tensor,
	values: Tensor,
	other: Tensor,
	ratio: Factor,
): Tensor {
	// a copy that was made of whole numbers may be changed
	const factor = factorOf(ratio, values);
	const scaled = values === image ? values.mul(factor) : values.mul_(factor);
	const sum =
		typeof ratio === "number"
			? scaled.add_(other, { alpha: 1 - ratio })
			: scaled.addcmul_(other, rest(ratio, values));
	return clampTo(sum, image.dtype);
}

function rest(ratios: readonly number[], values: Tensor): Tensor {
	return factorOf(
		ratios.map((ratio) => 1 - ratio),
		values,
	) as Tensor;
}
