import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { solarize } from "../functional/colour/solarize.ts";
import { RandomApplyTransform } from "../transform.ts";
import { type Probability, probabilityOf } from "./probability.ts";

/** Inverts the values that are `threshold` or more (at most white: 255 for uint8, 1 for floating point), with probability `p`, 0.5 by default. */
export class RandomSolarize extends RandomApplyTransform {
	readonly threshold: number;

	constructor(threshold: number, ...args: Probability) {
		super(probabilityOf("RandomSolarize", args));
		this.threshold = check.number("RandomSolarize", "threshold", threshold);
	}

	protected override apply(image: Tensor): Tensor {
		return solarize(image, this.threshold);
	}
}
