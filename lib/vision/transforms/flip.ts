import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { horizontalFlip } from "./functional/flip.ts";
import { RandomApplyTransform } from "./transform.ts";

/** Mirrors left to right with probability `p`, 0.5 by default. */
export class RandomHorizontalFlip extends RandomApplyTransform {
	constructor(p = 0.5) {
		check.number("RandomHorizontalFlip", "p", p, { min: 0, max: 1 });
		super(p);
	}

	protected override transform(image: Tensor): Tensor {
		return horizontalFlip(image);
	}
}
