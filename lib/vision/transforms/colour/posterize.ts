import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { posterize } from "../functional/colour/posterize.ts";
import { RandomApplyTransform } from "../transform.ts";
import { type Probability, probabilityOf } from "./probability.ts";

/** Keeps the uppermost `bits` (0 to 8) of each value, with probability `p`, 0.5 by default. */
export class RandomPosterize extends RandomApplyTransform {
	readonly bits: number;

	constructor(bits: number, ...args: Probability) {
		super(probabilityOf("RandomPosterize", args));
		this.bits = check.integer("RandomPosterize", "bits", bits, {
			min: 0,
			max: 8,
		});
	}

	protected override apply(image: Tensor): Tensor {
		return posterize(image, this.bits);
	}
}
