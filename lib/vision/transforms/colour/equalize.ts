import type { Tensor } from "../../../tensor/tensor.ts";
import { equalize } from "../functional/colour/equalize.ts";
import { RandomApplyTransform } from "../transform.ts";
import { type Probability, probabilityOf } from "./probability.ts";

/** Equalises the histogram of each channel with probability `p`, 0.5 by default: `new RandomEqualize(0.3)` or `new RandomEqualize({ p: 0.3 })`. */
export class RandomEqualize extends RandomApplyTransform {
	constructor(...args: Probability) {
		super(probabilityOf("RandomEqualize", args));
	}

	protected override apply(image: Tensor): Tensor {
		return equalize(image);
	}
}
