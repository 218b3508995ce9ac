import { inspect } from "node:util";
import { rand, zeros } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import { scope } from "../../../lib/tensor/scope.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import {
	Compose,
	Normalize,
	type Random,
	RandomAffine,
	RandomCrop,
	RandomHorizontalFlip,
	RandomRotation,
	ToTensor,
	Transform,
} from "../../../lib/vision/transforms/index.ts";
import {
	expectImage,
	images,
	readFixtures,
	type SavedTensor,
} from "../fixtures.ts";

interface Case {
	name: string;
	args: unknown[];
	options: object;
	seed: number;
	image: string;
	out: SavedTensor[];
	next: number;
}

const pipeline = () =>
	new Compose([
		new RandomRotation(15),
		new RandomAffine(0, { translate: [0.1, 0.1] }),
		new RandomHorizontalFlip(),
		new RandomCrop(28, { padding: 2 }),
		new ToTensor(),
		new Normalize([0.1307], [0.3081]),
	]);

const classes: Record<
	string,
	new (
		...args: never[]
	) => (image: Tensor) => Tensor
> = { RandomRotation, RandomAffine, RandomCrop };

function make({ name, args, options }: Case): (image: Tensor) => Tensor {
	if (name === "pipeline") return pipeline();
	if (name === "RandomHorizontalFlip")
		return new RandomHorizontalFlip((options as { p?: number }).p);
	const Class = classes[name] as new (
		...args: unknown[]
	) => (image: Tensor) => Tensor;
	return new Class(...args, options);
}

const cases = readFixtures<Case[]>("classes.json.gz");
const names = [...new Set(cases.map(({ name }) => name))];

describe.each(names)("%s draws and computes as torchvision does", (name) => {
	test.each(cases.filter((c) => c.name === name))(
		"$image $args $options, seed $seed",
		(c) => {
			const transform = make(c);
			const image = images.get(c.image) as Tensor;
			manualSeed(c.seed);
			for (const expected of c.out) expectImage(transform(image), expected);
			expect(rand([1]).item()).toBe(c.next);
		},
	);
});

const image = images.get("square") as Tensor;

test("transforms are instances that are called", () => {
	const rotation = new RandomRotation(15);
	expect(rotation).toBeInstanceOf(RandomRotation);
	expect(rotation).toBeInstanceOf(Transform);
	expect(rotation.degrees).toEqual([-15, 15]);
	expect([image].map(rotation)[0]?.shape).toEqual([1, 28, 28]);
});

test("they print as a class with its options", () => {
	expect(String(new RandomRotation(15))).toBe(
		'RandomRotation(degrees=[-15,15], interpolation="nearest", expand=false, fill=0)',
	);
	expect(
		inspect(
			new Compose([new RandomHorizontalFlip(), new Normalize([0.5], [0.25])]),
		),
	).toBe(
		"Compose(\n  RandomHorizontalFlip(p=0.5)\n  Normalize(mean=[0.5], std=[0.25], inplace=false)\n)",
	);
});

test("what is cached outlives the scope of its first call", () => {
	const normalize = new Normalize([0.5], [0.5]);
	const rotation = new RandomRotation(30);
	for (let i = 0; i < 3; i++) {
		const result = scope(() =>
			normalize(new ToTensor()(rotation(zeros([1, 9, 7], { dtype: "uint8" })))),
		);
		expect(result.shape).toEqual([1, 9, 7]);
	}
});

describe("Compose", () => {
	class Twice extends Transform<number> {
		protected override draw(_: Random): number {
			return 2;
		}
		protected override apply(x: Tensor, factor: number): Tensor {
			return x.mul(factor);
		}
	}

	test("frees images that nobody else can know, and no others", () => {
		const seen: Tensor[] = [];
		const look = (x: Tensor): Tensor => {
			seen.push(x);
			return x.add(1);
		};
		const input = zeros([1, 2, 2]);
		const out = new Compose([
			new Twice(),
			look,
			new Twice(),
			new Twice(),
			look,
		])(input);
		expect(input.sum().item()).toBe(0);
		expect(seen.map((x) => x.sum().item())).toEqual([0, 16]);
		expect(out.sum().item()).toBe(20);
	});

	test("passes an image through that no step changes", () => {
		const never = new RandomHorizontalFlip(0);
		expect(new Compose([never, never])(image)).toBe(image);
	});

	test("keeps views alive whose base it frees", () => {
		const crop = new RandomCrop(3);
		const out = new Compose([new Twice(), crop, crop])(zeros([1, 9, 9]).add(1));
		expect(out.sum().item()).toBe(18);
	});

	test("refuses what cannot be called", () => {
		expect(() => new Compose([])).toThrow(
			/^Compose: transforms: expected one or more functions, got none/,
		);
		expect(() => new Compose([3 as never])).toThrow(
			/^Compose: transforms: expected one or more functions, got number at 0/,
		);
	});
});

const wrong: [string, () => unknown, RegExp][] = [
	[
		"RandomRotation",
		() => new RandomRotation(-1),
		/^RandomRotation: degrees: expected a number at least 0, got -1/,
	],
	[
		"RandomRotation",
		() => new RandomRotation([5, -5]),
		/^RandomRotation: degrees: expected \[from, to\] with from <= to, got \[5, -5\]/,
	],
	[
		"RandomRotation",
		() => new RandomRotation(5, { interpolation: "bicubic" as never }),
		/^RandomRotation: interpolation: expected one of/,
	],
	[
		"RandomRotation",
		() => new RandomRotation(5, { scale: 2 } as never),
		/^RandomRotation: scale: unknown option; known are/,
	],
	[
		"RandomAffine",
		() => new RandomAffine(5, { translate: [0.1, 1.1] }),
		/^RandomAffine: translate\[1\]: expected a number from 0 to 1, got 1.1/,
	],
	[
		"RandomAffine",
		() => new RandomAffine(5, { scale: [0, 1] }),
		/^RandomAffine: scale: expected factors above 0, got \[0, 1\]/,
	],
	[
		"RandomAffine",
		() => new RandomAffine(5, { shear: [1, 2, 3] as never }),
		/^RandomAffine: shear: expected \[number, number\]/,
	],
	[
		"RandomAffine",
		() => new RandomAffine(5, { shear: [1, 2, 4, 3] }),
		/^RandomAffine: shear: expected \[from, to\]/,
	],
	[
		"RandomHorizontalFlip",
		() => new RandomHorizontalFlip(1.5),
		/^RandomHorizontalFlip: p: expected a number from 0 to 1, got 1.5/,
	],
	[
		"RandomCrop",
		() => new RandomCrop(0),
		/^RandomCrop: size: expected a number at least 1, got 0/,
	],
	[
		"RandomCrop",
		() => new RandomCrop([3, 2.5]),
		/^RandomCrop: size: expected integer/,
	],
	[
		"RandomCrop",
		() => new RandomCrop(3, { padding: [1, 2, 3] }),
		/^RandomCrop: padding: expected an integer or 1, 2 or 4/,
	],
	[
		"RandomCrop",
		() => new RandomCrop(30, { padding: [0, 1] })(image),
		/^RandomCrop: size: expected at most the image's size \[30, 28\], padding included, got \[30,30\]/,
	],
	[
		"Normalize",
		() => new Normalize([0.5], [0, 1]),
		/^Normalize: std: expected numbers other than 0/,
	],
	[
		"Normalize",
		() => new Normalize([0.5], [1])(image),
		/expected a floating point tensor, got uint8/,
	],
	[
		"ToTensor",
		() => new ToTensor({ layout: "WHC" as never }),
		/^ToTensor: layout: expected one of/,
	],
	[
		"Normalize",
		() => new Normalize(0.5 as never, [1]),
		/^Normalize: mean: expected array, got number 0.5/,
	],
	[
		"Normalize",
		() => new Normalize([0.5], ["a" as never]),
		/^Normalize: std: expected number, got string "a"/,
	],
	[
		"Normalize",
		() => new Normalize([0.5], [1], { inPlace: true } as never),
		/^Normalize: inPlace: unknown option; known are inplace/,
	],
	[
		"RandomRotation",
		() => new RandomRotation(5, { fill: "black" as never }),
		/^RandomRotation: fill: expected array, got string "black"/,
	],
	[
		"RandomRotation",
		() => new RandomRotation(5, { expand: 1 as never }),
		/^RandomRotation: expand: expected boolean, got number 1/,
	],
	[
		"RandomCrop",
		() => new RandomCrop(5, { fill: [Number.NaN] }),
		/^RandomCrop: fill: expected number/,
	],
];

test.each(wrong)(
	"%s refuses wrong arguments by name (%#)",
	(_, call, message) => {
		expect(call).toThrow(message);
	},
);
