import type { Tensor } from "../../../tensor/tensor.ts";
import { invert } from "../functional/colour/invert.ts";
import { RandomApplyTransform } from "../transform.ts";
import { type Probability, probabilityOf } from "./probability.ts";

/** Inverts the colours with probability `p`, 0.5 by default: `new RandomInvert(0.3)` or `new RandomInvert({ p: 0.3 })`. */
export class RandomInvert extends RandomApplyTransform {
	constructor(...args: Probability) {
		super(probabilityOf("RandomInvert", args));
	}

	protected override apply(image: Tensor): Tensor {
		return invert(image);
	}
}
