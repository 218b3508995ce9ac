import type { Tensor } from "../../../tensor/tensor.ts";
import {
	permuteChannels,
	permuteEach,
} from "../functional/colour/permuteChannels.ts";
import { shapeOfInputs } from "../query.ts";
import type { Random } from "../random.ts";
import { Transform } from "../transform.ts";

/** The channels in random order. */
export class RandomChannelPermutation extends Transform<number[]> {
	protected override draw(random: Random, inputs: readonly Tensor[]): number[] {
		const { channels } = shapeOfInputs("RandomChannelPermutation", inputs);
		return random.permutation(channels);
	}

	protected override apply(image: Tensor, order: number[]): Tensor {
		return permuteChannels(image, order);
	}

	protected override applyToBatch(
		images: Tensor,
		orders: readonly number[][],
	): Tensor {
		return permuteEach(images, orders);
	}
}
