import type { Tensor } from "../../tensor/tensor.ts";
import { horizontalFlip, verticalFlip } from "./functional/flip.ts";
import { isPlain, mirrorSome } from "./functional/native.ts";
import { oneByOne } from "./inBatch.ts";
import { RandomApplyTransform } from "./transform.ts";

abstract class RandomFlip extends RandomApplyTransform {
	constructor(p = 0.5) {
		super(p);
	}

	protected abstract get upDown(): boolean;

	/** @internal */
	override get [oneByOne](): boolean {
		return true;
	}

	protected override takes(): boolean {
		return true;
	}

	protected override apply(input: Tensor): Tensor {
		return this.upDown ? verticalFlip(input) : horizontalFlip(input);
	}

	protected override applyToSome(
		images: Tensor,
		applied: readonly boolean[],
	): Tensor {
		return isPlain(images)
			? mirrorSome(images, applied, this.upDown)
			: super.applyToSome(images, applied, []);
	}
}

/** Mirrors left to right with probability `p`, 0.5 by default. */
export class RandomHorizontalFlip extends RandomFlip {
	protected override get upDown(): boolean {
		return false;
	}
}

/** Mirrors top to bottom with probability `p`, 0.5 by default. */
export class RandomVerticalFlip extends RandomFlip {
	protected override get upDown(): boolean {
		return true;
	}
}
