import * as check from "../../../check.ts";
import { scope } from "../../../tensor/scope.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { BoundingBoxes } from "../../tvTensors/boundingBoxes.ts";
import { Mask } from "../../tvTensors/image.ts";
import { KeyPoints } from "../../tvTensors/keyPoints.ts";
import { wrap } from "../../tvTensors/wrap.ts";

/** What a function of geometry does with each kind. */
export interface Kernels {
	/** [..., C, H, W]. */
	image(image: Tensor): Tensor;
	/** [..., H, W], at least three dimensions; as images, unless it is said. */
	mask?(mask: Tensor): Tensor;
	boxes(boxes: BoundingBoxes): BoundingBoxes;
	keyPoints(points: KeyPoints): KeyPoints;
}

/** `input` by the kernel of its kind, as the kind that it is; plain tensors are images. */
export function byKind<T extends Tensor>(
	op: string,
	input: T,
	kernels: Kernels,
): T {
	if ((input as Tensor | null)?.constructor === Tensor) {
		return kernels.image(input) as T;
	}
	return scope(() => ofKind(op, input, kernels) as T);
}

function ofKind(op: string, input: Tensor, kernels: Kernels): Tensor {
	if (input instanceof BoundingBoxes) return kernels.boxes(input);
	if (input instanceof KeyPoints) return kernels.keyPoints(input);
	if (input instanceof Mask) {
		const kernel = kernels.mask ?? kernels.image;
		const output =
			input.ndim < 3 ? kernel(input.unsqueeze(0)).squeeze(0) : kernel(input);
		return output === input ? input : wrap(output, input);
	}
	if (input instanceof Tensor) return wrap(kernels.image(input), input);
	throw check.invalidType(op, "image", "Tensor", input);
}
