import { rand } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import { CutMix, MixUp } from "../../../lib/vision/transforms/mix/index.ts";
import {
	expectSame,
	givenTo,
	readFixtures,
	restore,
	type Saved,
} from "./fixtures.ts";

interface Case {
	name: "MixUp" | "CutMix";
	options: { alpha: number; numClasses: number | null };
	seed: number;
	image: string;
	kind: string;
	labels: Saved;
	out: [Saved, Saved];
	next: number;
}

const classes = { MixUp, CutMix };

test.each(readFixtures<Case[]>("mix.json.gz"))(
	"$name draws and mixes as torchvision does: $image $options, seed $seed",
	(c) => {
		const transform = new classes[c.name](c.options);
		const images = givenTo(c);
		const labels = restore(c.labels);
		const before = images.clone();
		manualSeed(c.seed);
		const [mixed, mixedLabels] = transform(images, labels);
		expectSame(mixed, c.out[0]);
		expectSame(mixedLabels, c.out[1]);
		expect(rand([1]).item()).toBe(c.next);
		expect(mixed).toBeInstanceOf(images.constructor);
		expect(images.equal(before)).toBe(true);
		// the same in any form
		manualSeed(c.seed);
		expectSame(transform([images, labels])[0], c.out[0]);
		manualSeed(c.seed);
		const sample = transform({ images, note: "x", labels });
		expectSame(sample.images, c.out[0]);
		expectSame(sample.labels, c.out[1]);
		expect(sample.note).toBe("x");
	},
);
