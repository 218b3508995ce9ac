import { invalidValue } from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Random } from "../random.ts";
import { Mix } from "./batch.ts";

interface Share {
	share: number;
}

/**
 * Mixes each image of a batch with the one before it (the first with the last), and their labels likewise: λ · image + (1 - λ) · other, with one λ from
 * the distribution Beta(alpha, alpha) for the whole batch.
 *
 * ```ts
 * const mixUp = new MixUp({ numClasses: 10 });
 * const [images, labels] = mixUp(torch.rand([8, 3, 32, 32]), torch.arange(8)); // labels: [8, 10], float32
 * ```
 *
 * Takes images and labels, [images, labels] or an object that has both; give it shuffled batches.
 *
 * @see Zhang et al., mixup: Beyond Empirical Risk Minimization, https://arxiv.org/abs/1710.09412
 */
export class MixUp extends Mix<Share> {
	protected override draw(_: Random): Share {
		return { share: this.drawShare() };
	}

	protected override mix(images: Tensor, { share }: Share): Tensor {
		if (!images.isFloatingPoint()) {
			throw invalidValue(
				"MixUp",
				"images",
				`expected floating point images, got ${images.dtype}; ToDtype makes them`,
			);
		}
		return images
			.roll(1, 0)
			.mul_(1 - share)
			.add_(images.mul(share));
	}
}
