import { inspect } from "node:util";
import {
	rand,
	randint,
	stack,
	zeros,
} from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import { memoryUsage } from "../../../lib/tensor/scope.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import * as F from "../../../lib/vision/transforms/functional/index.ts";
import { resampleBatch } from "../../../lib/vision/transforms/functional/resample.ts";
import * as T from "../../../lib/vision/transforms/index.ts";

manualSeed(1);
const count = 9;
const bytes = randint(0, 256, [count, 3, 24, 31], { dtype: "uint8" });
const floats = rand([count, 3, 24, 31]);

type Image = (image: Tensor) => Tensor;
const transforms: [string, () => Image][] = [
	["rotation", () => new T.RandomRotation(40)],
	[
		"bilinear rotation",
		() =>
			new T.RandomRotation(40, {
				interpolation: "bilinear",
				fill: 0.3,
				center: [3, 5],
			}),
	],
	[
		"affine map",
		() =>
			new T.RandomAffine(20, {
				translate: [0.1, 0.2],
				scale: [0.8, 1.2],
				shear: 5,
			}),
	],
	["perspective", () => new T.RandomPerspective({ p: 0.7 })],
	["horizontal flip", () => new T.RandomHorizontalFlip()],
	["vertical flip", () => new T.RandomVerticalFlip(1)],
	["no flip", () => new T.RandomVerticalFlip(0)],
	["crop", () => new T.RandomCrop([20, 17], { padding: 2, fill: 0.5 })],
	["crop of the whole", () => new T.RandomCrop([24, 31])],
	[
		"crop of what is too small",
		() => new T.RandomCrop([28, 40], { padIfNeeded: true }),
	],
	["resized crop", () => new T.RandomResizedCrop([16, 19])],
	["resize", () => new T.RandomResize(12, 13)],
	["colour jitter", () => new T.ColorJitter(0.3, 0.3, 0.3, 0.1)],
	["choice of nothing", () => new T.RandomApply([new T.RandomRotation(5)], 0)],
	[
		"normalization",
		() =>
			new T.Compose([
				new T.ToDtype("float32", { scale: true }),
				new T.Normalize([0.5], [0.2]),
			]),
	],
];

/** Bytes within 1, where a product in another order of sums is rounded the other way; floats within 1e-5. */
function expectNear(actual: Tensor, expected: Tensor): void {
	expect([actual.dtype, actual.shape]).toEqual([
		expected.dtype,
		expected.shape,
	]);
	const far = actual.double().sub(expected.double()).abs();
	const few = far
		.gt(actual.isFloatingPoint() ? 1e-5 : 0)
		.double()
		.mean()
		.item();
	expect(few).toBeLessThan(0.001);
	if (!actual.isFloatingPoint())
		expect(Number(far.max().item())).toBeLessThanOrEqual(1);
}

describe.each(transforms)("%s of a batch", (_, make) => {
	test.each([
		["bytes", bytes],
		["floats", floats],
	])("is what each image gives alone: %s", (_, images) => {
		for (const seed of [0, 1, 2]) {
			const transform = make();
			const before = images.clone();
			manualSeed(seed);
			const each = images.unbind(0).map((image) => transform(image));
			manualSeed(seed);
			const batch = new T.BatchTransform([transform]);
			expectNear(batch(images), stack(each));
			expect(images.equal(before)).toBe(true);
		}
	});
});

describe("crops resized by products of matrices, as on a GPU", () => {
	const parts = [
		{ top: 0, left: 0, height: 24, width: 31 },
		{ top: 3, left: 5, height: 9, width: 20 },
		{ top: 20, left: 30, height: 4, width: 1 },
	];
	test.each([
		["bilinear", bytes],
		["bilinear", floats],
		["bicubic", bytes],
		["bicubic", floats],
	] as const)("%s is what the CPU's kernel gives", (interpolation, images) => {
		for (const size of [
			[7, 12],
			[40, 33],
			[24, 31],
		] as const) {
			const some = images.slice(0, 0, parts.length);
			const each = some.unbind(0).map((image, i) => {
				const { top, left, height, width } = parts[i] as (typeof parts)[0];
				const resized = F.resizedCrop(
					image.float(),
					top,
					left,
					height,
					width,
					size,
					{ interpolation },
				);
				// a GPU's bytes are rounded once, the CPU's kernel for bytes rounds twice
				return images === bytes ? resized.clamp(0, 255).round() : resized;
			});
			const far = resampleBatch(some, parts, size, interpolation)
				.double()
				.sub(stack(each).double())
				.abs();
			expect(Number(far.max().item())).toBeLessThanOrEqual(
				images === bytes ? 1 : 1e-5,
			);
		}
	});
});

test("each image has parameters of its own, in containers too", () => {
	const lines = zeros([64, 1, 8, 8]);
	lines.slice(2, 0, 1).fill_(1);
	const batch = new T.BatchTransform([
		new T.RandomApply([new T.RandomVerticalFlip(1)], 0.5),
		new T.RandomChoice([new T.Identity(), new T.RandomInvert(1)], [0.7, 0.3]),
		new T.RandomOrder([new T.Identity(), new T.RandomHorizontalFlip()]),
	]);
	manualSeed(4);
	const out = batch(lines);
	const flipped = out.select(2, 7).mean([1, 2]).round().sum().item() as number;
	const inverted = out.mean([1, 2, 3]).gt(0.5).sum().item() as number;
	expect(Number(flipped)).toBeGreaterThan(16);
	expect(Number(flipped)).toBeLessThan(48);
	expect(Number(inverted)).toBeGreaterThan(8);
	expect(Number(inverted)).toBeLessThan(32);
	manualSeed(4);
	expect(new T.BatchTransform(batch.transforms)(lines).equal(out)).toBe(true);
});

test("what has no computation for batches is applied to each image", () => {
	for (const make of [
		() => new T.AugMix(),
		() => new T.RandAugment(),
		() => new T.RandomErasing({ p: 0.7 }),
		() => new T.ElasticTransform({ sigma: 0.5 }),
		() => new T.GaussianNoise(),
	]) {
		const batch = new T.BatchTransform([make()]);
		manualSeed(6);
		const out = batch(floats);
		expect(out.shape).toEqual(floats.shape);
		manualSeed(6);
		expect(batch(floats).equal(out)).toBe(true);
		expect(batch(floats).equal(out)).toBe(false);
		expect(batch(floats.slice(0, 0, 1)).shape).toEqual([1, 3, 24, 31]);
	}
});

test("a large batch is worked on in parts, but functions have it as a whole", () => {
	const seen: number[][] = [];
	const large = rand([5, 3, 300, 400]);
	const out = new T.BatchTransform([
		new T.RandomHorizontalFlip(1),
		(images) => {
			seen.push(images.shape);
			return images.mul(2);
		},
		new T.CenterCrop(10),
	])(large);
	expect(seen).toEqual([[5, 3, 300, 400]]);
	expect(out.equal(new T.CenterCrop(10)(large.flip([-1]).mul(2)))).toBe(true);
});

test("transforms of one's own are applied to each image", () => {
	class Brighten extends T.Transform<number> {
		protected override draw(random: T.Random): number {
			return random.uniform(1, 2);
		}
		protected override apply(image: Tensor, factor: number): Tensor {
			return image.mul(factor);
		}
	}
	const ones = zeros([50, 1, 1, 1]).add(1);
	const values = new T.BatchTransform([new Brighten()])(ones)
		.flatten()
		.tolist();
	expect(new Set(values as number[]).size).toBe(50);
});

test("it prints its transforms, and is callable where one image is transformed", () => {
	const batch = new T.BatchTransform([new T.RandomVerticalFlip()]);
	expect(inspect(batch)).toBe(
		"BatchTransform(\n  RandomVerticalFlip(p=0.5)\n)",
	);
	expect([bytes].map(batch)[0]?.shape).toEqual(bytes.shape);
});

test("nothing but the result is left behind", () => {
	const batches = transforms.map(([, make]) => new T.BatchTransform([make()]));
	const run = () => {
		for (const batch of batches) {
			const out = batch(bytes);
			if (out !== bytes) out.dispose();
		}
	};
	run();
	const before = memoryUsage().bytes;
	for (let i = 0; i < 3; i++) run();
	expect(memoryUsage().bytes).toBeLessThanOrEqual(before);
});

test.each<[() => unknown, RegExp]>([
	[
		() => new T.BatchTransform([3 as never]),
		/^BatchTransform: transforms: expected function, got number 3/,
	],
	[
		() => new T.BatchTransform(new T.RandomRotation(3) as never),
		/^BatchTransform: transforms: expected array, got RandomRotation/,
	],
	[
		() => new T.BatchTransform([])(zeros([3, 4, 4])),
		/^BatchTransform: images: expected \[N, C, H, W\], one image at least, got \[3, 4, 4\]/,
	],
	[
		() => new T.BatchTransform([])(zeros([0, 3, 4, 4])),
		/^BatchTransform: images: expected \[N, C, H, W\], one image at least/,
	],
	[
		() => new T.BatchTransform([])(3 as never),
		/^BatchTransform: images: expected Tensor, got number 3/,
	],
	[
		() => new T.BatchTransform([new T.RandomZoomOut({ p: 1 })])(bytes),
		/^BatchTransform: transforms: expected images of one form from RandomZoomOut, got uint8 \[3, \d+, \d+\] and uint8/,
	],
	[
		() =>
			new T.BatchTransform([new T.RandomRotation([10, 80], { expand: true })])(
				bytes,
			),
		/^BatchTransform: transforms: expected images of one form from RandomRotation/,
	],
	[
		() =>
			new T.BatchTransform([new T.RandomApply([new T.CenterCrop(5)])])(bytes),
		/^BatchTransform: transforms: expected images of one form from RandomApply/,
	],
])("wrong use is refused by name (%#)", (call, message) => {
	manualSeed(2);
	expect(call).toThrow(message);
});
