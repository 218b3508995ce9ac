/** BatchTransform gives each image of a batch what it would have got alone. */
import { rand, randint, stack } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import {
	AutoAugment,
	RandAugment,
} from "../../../lib/vision/transforms/auto/index.ts";
import { BatchTransform } from "../../../lib/vision/transforms/batch.ts";
import * as T from "../../../lib/vision/transforms/colour/index.ts";
import { RandomErasing } from "../../../lib/vision/transforms/mix/index.ts";

manualSeed(5);
const batches: Record<string, Tensor> = {
	bytes: randint(0, 256, [7, 3, 20, 17], { dtype: "uint8" }),
	floats: rand([6, 3, 16, 24]),
	grey: randint(0, 256, [5, 1, 24, 24], { dtype: "uint8" }),
	one: randint(0, 256, [1, 3, 9, 8], { dtype: "uint8" }),
};

const transforms: ((image: Tensor) => Tensor)[] = [
	new T.ColorJitter(0.5, 0.5, 0.5, 0.2),
	new T.ColorJitter({ contrast: 0.9 }),
	new T.RandomPhotometricDistort(),
	new T.RandomChannelPermutation(),
	new T.GaussianBlur([5, 3]),
	new T.RandomGrayscale(0.5),
	new T.RandomInvert(),
	new T.RandomEqualize(),
	new T.RandomAdjustSharpness(2),
	new T.RandomCLAHE({ tileGridSize: [2, 2] }),
	new RandomErasing(0.7),
	new RandomErasing({ p: 1, value: 0.7 }),
	new AutoAugment(),
	new RandAugment(),
];

describe.each(transforms.map((t) => [String(t), t] as const))(
	"%s",
	(_, transform) => {
		test.each(Object.keys(batches))("%s", (name) => {
			const images = batches[name] as Tensor;
			const before = images.clone();
			for (let seed = 0; seed < 2; seed++) {
				manualSeed(seed);
				const together = new BatchTransform([transform])(images);
				manualSeed(seed);
				const alone = stack(images.unbind(0).map((one) => transform(one)));
				expect([together.dtype, together.shape]).toEqual([
					alone.dtype,
					alone.shape,
				]);
				const worst = together.double().sub(alone.double()).abs().max().item();
				expect(worst).toBeLessThanOrEqual(images.isFloatingPoint() ? 1e-6 : 0);
			}
			expect(images.equal(before)).toBe(true);
		});
	},
);
