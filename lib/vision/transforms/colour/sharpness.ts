import type { Tensor } from "../../../tensor/tensor.ts";
import { checkFactor } from "../functional/colour/pixels.ts";
import { adjustSharpness } from "../functional/colour/sharpness.ts";
import { RandomApplyTransform } from "../transform.ts";
import { type Probability, probabilityOf } from "./probability.ts";

/** Sharpens by `sharpnessFactor` (0 smooths, 1 changes nothing, 2 sharpens) with probability `p`, 0.5 by default. */
export class RandomAdjustSharpness extends RandomApplyTransform {
	readonly sharpnessFactor: number;

	constructor(sharpnessFactor: number, ...args: Probability) {
		super(probabilityOf("RandomAdjustSharpness", args));
		checkFactor("RandomAdjustSharpness", "sharpnessFactor", sharpnessFactor);
		this.sharpnessFactor = sharpnessFactor;
	}

	protected override apply(image: Tensor): Tensor {
		return adjustSharpness(image, this.sharpnessFactor);
	}
}
