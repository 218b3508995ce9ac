import type { Tensor } from "../../tensor/tensor.ts";
import { horizontalFlip, verticalFlip } from "./functional/flip.ts";
import { RandomApplyTransform } from "./transform.ts";

/** Mirrors left to right with probability `p`, 0.5 by default. */
export class RandomHorizontalFlip extends RandomApplyTransform {
	constructor(p = 0.5) {
		super(p);
	}

	protected override takes(): boolean {
		return true;
	}

	protected override apply(input: Tensor): Tensor {
		return horizontalFlip(input);
	}
}

/** Mirrors top to bottom with probability `p`, 0.5 by default. */
export class RandomVerticalFlip extends RandomApplyTransform {
	constructor(p = 0.5) {
		super(p);
	}

	protected override takes(): boolean {
		return true;
	}

	protected override apply(input: Tensor): Tensor {
		return verticalFlip(input);
	}
}
