import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import {
	ImageDataGenerator,
	type ImageDataGeneratorOptions,
	type KerasParameters,
} from "../../../lib/vision/keras/index.ts";
import { restore, type Saved } from "../colour/fixtures.ts";

function readFixtures<T>(name: string): T {
	const file = join(__dirname, "../../fixtures/vision_keras", name);
	return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

const images = new Map(
	readFixtures<[string, Saved][]>("images.json.gz").map(([name, saved]) => [
		name,
		restore(saved),
	]),
);

/** The same up to 1e-5 of white. */
function expectClose(actual: Tensor, saved: Saved, white = 255): void {
	expect([actual.dtype, actual.shape]).toEqual([saved.dtype, saved.shape]);
	const worst = actual.sub(restore(saved)).abs().max().item() as number;
	expect(worst).toBeLessThanOrEqual(1e-5 * white);
}

interface Transformed {
	image: string;
	options: ImageDataGeneratorOptions;
	parameters: Partial<KerasParameters>;
	out: Saved;
}

test.each(readFixtures<Transformed[]>("transform.json.gz"))(
	"applyTransform is Keras': $image $options $parameters",
	({ image, options, parameters, out }) => {
		const input = images.get(image) as Tensor;
		const before = input.clone();
		const generator = new ImageDataGenerator(options);
		expectClose(generator.applyTransform(input, parameters), out);
		expect(input.equal(before)).toBe(true);
	},
);

interface Standardized {
	options: ImageDataGeneratorOptions;
	images: Saved;
	out: Saved[];
}

test.each(readFixtures<Standardized[]>("standardize.json.gz"))(
	"fit and standardize are Keras': $options",
	({ options, images: saved, out }) => {
		const given = restore(saved);
		const before = given.clone();
		const generator = new ImageDataGenerator(options);
		generator.fit(given);
		out.forEach((expected, i) => {
			const { max } = restore(expected).abs().aminmax();
			const white = Math.max(1, max.item() as number);
			expectClose(generator.standardize(given.select(0, i)), expected, white);
		});
		expect(given.equal(before)).toBe(true);
	},
);
