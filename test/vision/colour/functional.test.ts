import { manualSeed } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import * as F from "../../../lib/vision/transforms/functional/colour/index.ts";
import {
	expectSame,
	imageOf,
	readFixtures,
	restore,
	type Saved,
} from "./fixtures.ts";

interface Case {
	fn: keyof typeof F;
	args: unknown[];
	options: object;
	image: string;
	out: Saved;
}

const functions = { ...F };
const cases = readFixtures<Case[]>("functional.json.gz");
const names = [...new Set(cases.map(({ fn }) => fn))];
const isSaved = (value: unknown): value is Saved =>
	typeof value === "object" && value !== null && "data" in value;

describe.each(names)("%s is the reference's", (name) => {
	test.each(cases.filter(({ fn }) => fn === name))(
		"$image $args $options",
		({ fn, args, options, image, out }) => {
			const input = imageOf(image);
			const before = input.clone();
			const call = functions[fn] as (
				image: Tensor,
				...args: unknown[]
			) => Tensor;
			const given = args.map((arg) => (isSaved(arg) ? restore(arg) : arg));
			if (Object.keys(options).length > 0) given.push(options);
			manualSeed(3);
			expectSame(call(input, ...given), out);
			expect(input.equal(before)).toBe(true);
		},
	);
});

interface Gradient {
	fn: keyof typeof F;
	args: unknown[];
	image: string;
	cotangent: Saved;
	grad: Saved;
}

test.each(readFixtures<Gradient[]>("gradients.json.gz"))(
	"$fn has the gradient of torchvision's: $image $args",
	({ fn, args, image, cotangent, grad }) => {
		const input = imageOf(image).clone().requiresGrad_();
		const call = functions[fn] as (image: Tensor, ...args: unknown[]) => Tensor;
		call(input, ...args).backward({ gradient: restore(cotangent) });
		expectSame(input.grad as Tensor, grad);
	},
);
