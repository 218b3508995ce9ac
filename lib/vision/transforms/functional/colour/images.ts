import * as check from "../../../../check.ts";
import { Tensor } from "../../../../tensor/tensor.ts";
import { isImage, wrap } from "../../../tvTensors/wrap.ts";

/** @internal What `change` makes of an image or video, as the kind that it is. Masks, boxes and points have no colour. */
export function ofImage<T extends Tensor>(
	op: string,
	image: T,
	change: (image: Tensor) => Tensor,
): T {
	if ((image as Tensor | null)?.constructor === Tensor) {
		return change(image) as T;
	}
	if (!(image instanceof Tensor) || !isImage(image)) {
		throw check.invalidType(op, "image", "an image", image);
	}
	const result = change(image);
	return result === image ? image : wrap(result as T, image);
}
