import type { Tensor } from "../../../tensor/tensor.ts";
import { autocontrast } from "../functional/colour/autocontrast.ts";
import { RandomApplyTransform } from "../transform.ts";
import { type Probability, probabilityOf } from "./probability.ts";

/** Spreads the values of each channel from black to white with probability `p`, 0.5 by default: `new RandomAutocontrast(0.3)` or `new RandomAutocontrast({ p: 0.3 })`. */
export class RandomAutocontrast extends RandomApplyTransform {
	constructor(...args: Probability) {
		super(probabilityOf("RandomAutocontrast", args));
	}

	protected override apply(image: Tensor): Tensor {
		return autocontrast(image);
	}
}
