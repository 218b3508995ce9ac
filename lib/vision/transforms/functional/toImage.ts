import { scope } from "../../../tensor/scope.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { Image } from "../../tvTensors/image.ts";
import { shapeOf } from "./image.ts";
import { fromPixels, type Pixels } from "./toTensor.ts";

/** An `Image` of a tensor [..., C, H, W] or [H, W], or of pixels; values stay as they are. */
export function toImage(image: Tensor | Pixels): Image {
	if (image instanceof Image) return image;
	return scope(() => {
		if (!(image instanceof Tensor)) {
			return new Image(fromPixels("toImage", image));
		}
		shapeOf("toImage", image, 2);
		return new Image(image.ndim === 2 ? image.unsqueeze(0) : image);
	});
}
