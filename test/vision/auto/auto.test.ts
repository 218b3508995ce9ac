import { rand } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import * as auto from "../../../lib/vision/transforms/auto/index.ts";
import { type Case, expectCalls, readFixtures } from "../colour/fixtures.ts";

const classes: Record<string, unknown> = { ...auto };

const cases = readFixtures<Case[]>("auto.json.gz");
const names = Object.keys(classes);

describe.each(names)("%s draws and computes as torchvision does", (name) => {
	test.each(cases.filter((c) => c.name === name))(
		"$image $kind $options, seed $seed",
		(c) => {
			const Class = classes[c.name] as new (
				options: object,
			) => (image: Tensor) => Tensor;
			const transform = new Class(c.options);
			manualSeed(c.seed);
			expectCalls(transform, c);
			expect(rand([1]).item()).toBe(c.next);
		},
	);
});
