import { rand } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import * as colour from "../../../lib/vision/transforms/colour/index.ts";
import { RandomErasing } from "../../../lib/vision/transforms/mix/index.ts";
import { type Case, expectCalls, readFixtures } from "./fixtures.ts";

const classes: Record<string, unknown> = { ...colour, RandomErasing };

const cases = readFixtures<Case[]>("classes.json.gz");
const names = [...new Set(cases.map(({ name }) => name))];

describe.each(names)("%s draws and computes as the reference does", (name) => {
	test.each(cases.filter((c) => c.name === name))(
		"$image $args $options, seed $seed",
		(c) => {
			const Class = classes[c.name] as new (
				...args: unknown[]
			) => (image: Tensor) => Tensor;
			const transform = new Class(...c.args, c.options);
			manualSeed(c.seed);
			expectCalls(transform, c);
			expect(rand([1]).item()).toBe(c.next);
		},
	);
});

test("every class has its cases", () => {
	expect(names.sort()).toEqual(Object.keys(classes).sort());
});
