import type { Tensor } from "../../../tensor/tensor.ts";
import type { Random } from "../random.ts";
import { Mix } from "./batch.ts";

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/**
 * Puts a random rectangle of the image before it into each image of a batch (of the last into the first), and mixes their labels by its area.
 *
 * ```ts
 * const cutMix = new CutMix({ numClasses: 10 });
 * const [images, labels] = cutMix(torch.rand([8, 3, 32, 32]), torch.arange(8)); // labels: [8, 10], float32
 * ```
 *
 * Takes images and labels, [images, labels] or an object that has both; give it shuffled batches.
 *
 * @see Yun et al., CutMix, https://arxiv.org/abs/1905.04899
 */
export class CutMix extends Mix<Box> {
	protected override draw(
		random: Random,
		height: number,
		width: number,
	): Box & { share: number } {
		const share = this.drawShare();
		const x = random.integer(width);
		const y = random.integer(height);
		const half = 0.5 * Math.sqrt(1 - share);
		const halfWidth = Math.trunc(half * width);
		const halfHeight = Math.trunc(half * height);
		const left = Math.max(x - halfWidth, 0);
		const top = Math.max(y - halfHeight, 0);
		const right = Math.min(x + halfWidth, width);
		const bottom = Math.min(y + halfHeight, height);
		const area = (right - left) * (bottom - top);
		return { left, top, right, bottom, share: 1 - area / (width * height) };
	}

	protected override mix(images: Tensor, box: Box): Tensor {
		const { left, top, right, bottom } = box;
		const part = (x: Tensor): Tensor =>
			x.slice(-2, top, bottom).slice(-1, left, right);
		const result = images.clone();
		part(result).copy_(part(images).roll(1, 0));
		return result;
	}
}
