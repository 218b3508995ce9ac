/** What native loops do with pixels is what operators do, to the last bit. */

import { native } from "../../../lib/binding.ts";
import { slotOf } from "../../../lib/handle.ts";
import * as torch from "../../../lib/index.ts";
import { privateOperator } from "../../../lib/operator.ts";
import {
	adjustByOperators,
	adjustEach,
	adjustEachByOperators,
} from "../../../lib/vision/transforms/colour/adjust.ts";
import { ToDtype } from "../../../lib/vision/transforms/conversion.ts";
import {
	type Adjustment,
	adjusted,
	adjustments,
} from "../../../lib/vision/transforms/functional/colour/adjustments.ts";
import {
	isPlain,
	mirrorSome,
	resizeParts,
} from "../../../lib/vision/transforms/functional/native.ts";

const { transforms, tvTensors } = torch.vision;
const F = transforms.functional;
type Tensor = torch.Tensor;

// with more threads LibTorch's own sums are rounded otherwise
const threads = torch.getNumThreads();
beforeAll(() => torch.setNumThreads(1));
afterAll(() => torch.setNumThreads(threads));

const op = "test";
const dtypes = ["uint8", "float32"] as const;
type DType = (typeof dtypes)[number];

/** Black, white, grey, saturated, few colours, any. */
function images(height: number, width: number, dtype: DType): Tensor {
	torch.manualSeed(height * width);
	const bytes = torch.randint(0, 256, [6, 3, height, width], {
		dtype: "uint8",
	});
	bytes.select(0, 0).fill_(0);
	bytes.select(0, 1).fill_(255);
	bytes.select(0, 2).copy_(bytes.select(0, 2).slice(0, 0, 1).clone());
	bytes.select(0, 3).slice(0, 1).fill_(0);
	bytes.select(0, 4).bitwiseAnd_(0x80);
	return F.toDtype(bytes, dtype, { scale: true });
}

function permutations<T>(of: readonly T[]): T[][] {
	if (of.length < 2) return [[...of]];
	return of.flatMap((first) =>
		permutations(of.filter((other) => other !== first)).map((rest) => [
			first,
			...rest,
		]),
	);
}

/** Every order, cut off here and there, with factors that come by the row. */
const changes: Adjustment[][] = permutations(adjustments).flatMap((names, i) =>
	[4, 1 + (i % 4)].map((count, k) =>
		names.slice(0, count).map((name, at) => {
			const part = ((7 * i + 3 * at + 11 * k) % 21) / 20;
			return { name, factor: name === "hue" ? part - 0.5 : 2 * part };
		}),
	),
);

function expectEqual(actual: Tensor | null, expected: Tensor): void {
	expect([actual?.dtype, actual?.shape]).toEqual([
		expected.dtype,
		expected.shape,
	]);
	const [a, b] = [actual as Tensor, expected].map((x) => x.double());
	if (a?.nanToNum(7).equal(b?.nanToNum(7) as Tensor)) return;
	expect(
		a
			?.sub(b as Tensor)
			.abs()
			.max()
			.item(),
	).toBe(0);
}

const sizes = [
	[1, 1],
	[1, 3],
	[3, 5],
	[17, 13],
	[29, 37],
	[41, 25], // 1,025 pixels
	[64, 48],
] as const;

describe.each(dtypes)("colours of %s", (dtype) => {
	test.each(sizes)("%i × %i: one image", (height, width) => {
		const all = images(height, width, dtype);
		changes.forEach((steps, i) => {
			const image = all.select(0, i % 6);
			expectEqual(adjusted(image, steps), adjustByOperators(op, image, steps));
		});
	});

	test.each(sizes)("%i × %i: each of a batch as alone", (height, width) => {
		const all = images(height, width, dtype);
		for (let i = 0; i + 6 <= changes.length; i += 6) {
			const each = changes.slice(i, i + 6);
			const together = adjustEach(op, all, each);
			each.forEach((steps, n) => {
				expectEqual(
					together.select(0, n),
					adjusted(all.select(0, n), steps) as Tensor,
				);
			});
			// these add a mean by another operator, whose last values may be rounded otherwise
			const apart = adjustEachByOperators(op, all, each);
			if (dtype === "uint8") expectEqual(together, apart);
			else
				expect(
					Number(together.sub(apart).abs().max().item()),
				).toBeLessThanOrEqual(1e-6);
		}
	});

	test("all factors of hue", () => {
		const all = images(16, 16, dtype);
		for (let factor = -0.5; factor <= 0.5; factor += 1 / 64) {
			const steps = [{ name: "hue", factor }] as const;
			expectEqual(adjusted(all, steps), adjustByOperators(op, all, steps));
		}
	});

	test("images that do not lie in order", () => {
		const all = images(20, 24, dtype);
		const steps = changes[5] as Adjustment[];
		const odd: Tensor[] = [
			all.contiguous({ memoryFormat: "channels_last" }),
			all.slice(2, 3, 17).slice(3, 1, 20),
			all.slice(0, 0, 6, 2).flip([1]).transpose(2, 3),
			all.select(0, 5).slice(0, 0, 1).expand([3, 20, 24]),
			all.view([2, 3, 3, 20, 24]),
		];
		for (const image of odd) {
			const together = adjusted(image, steps) as Tensor;
			const [planes, each] = [together, image].map((x) =>
				x
					.reshape([-1, ...image.shape.slice(-3)])
					.contiguous()
					.unbind(0),
			) as [Tensor[], Tensor[]];
			each.forEach((one, n) => {
				expectEqual(planes[n] as Tensor, adjustByOperators(op, one, steps));
			});
		}
	});
});

test("more shades of grey than a float32 counts", () => {
	const image = F.resize(images(40, 30, "uint8").select(0, 5), [300, 310]);
	for (const steps of changes.slice(0, 12)) {
		expectEqual(adjusted(image, steps), adjustByOperators(op, image, steps));
	}
});

test("what is no number stays none", () => {
	const image = images(4, 4, "float32").select(0, 5);
	image.view([-1]).slice(0, 0, 48, 7).fill_(NaN);
	for (const name of ["brightness", "saturation", "hue"] as const) {
		const steps = [{ name, factor: 0.3 }];
		expectEqual(adjusted(image, steps), adjustByOperators(op, image, steps));
	}
});

describe("what operators do", () => {
	const image = images(5, 6, "float32").select(0, 5);
	test.each<[string, () => Tensor]>([
		["another dtype", () => image.double()],
		["gradients", () => image.clone().requiresGrad_()],
		["nothing", () => image.slice(1, 0, 0)],
	])("%s", (_, make) => {
		expect(isPlain(make())).toBe(false);
	});

	test("vmap, grad and jvp", () => {
		const seen: boolean[] = [];
		const note = (x: Tensor) => {
			seen.push(isPlain(x));
			return x.sum();
		};
		const batch = images(5, 6, "float32");
		torch.func.vmap(note)(batch);
		torch.func.grad(note)(batch);
		torch.func.jvp(note, [batch], [torch.onesLike(batch)]);
		expect(seen).toEqual([false, false, false]);
		expect(isPlain(batch)).toBe(true);
	});
});

type Kernel = (
	image: Tensor,
	size: readonly number[],
	alignCorners: boolean,
) => Tensor;
const kernels = {
	bilinear: privateOperator("_upsample_bilinear2d_aa") as Kernel,
	bicubic: privateOperator("_upsample_bicubic2d_aa") as Kernel,
};

describe.each(dtypes)("geometry of %s", (dtype) => {
	const all = images(40, 50, dtype);
	const parts = Array.from({ length: 6 }, (_, n) => ({
		top: n,
		left: 2 * n,
		height: 40 - 6 * n,
		width: 7 * n + 5,
	}));

	test.each([
		["bilinear", [16, 23]],
		["bilinear", [40, 5]],
		["bilinear", [90, 101]],
		["bicubic", [16, 23]],
		["bicubic", [60, 7]],
	] as const)("parts resized by %s to %p", (interpolation, size) => {
		for (const layout of ["contiguous_format", "channels_last"] as const) {
			const laidOut = all.contiguous({ memoryFormat: layout });
			const together = resizeParts(laidOut, parts, size, interpolation);
			parts.forEach(({ top, left, height, width }, n) => {
				const one = all.slice(0, n, n + 1);
				const part = one
					.slice(2, top, top + height)
					.slice(3, left, left + width);
				const expected = kernels[interpolation](part, size, false);
				expectEqual(together.slice(0, n, n + 1), expected);
				expectEqual(
					F.resizedCrop(one, top, left, height, width, size, {
						interpolation,
					}),
					expected,
				);
			});
			const grey = laidOut.slice(1, 1, 2);
			expectEqual(
				resizeParts(grey, parts, size, interpolation),
				together.slice(1, 1, 2),
			);
		}
	});

	test.each([
		["left to right", false, -1],
		["upside down", true, -2],
	])("mirrored %s", (_, upDown, dim) => {
		const which = [true, false, true, true, false, false];
		for (const batch of [all, all.transpose(2, 3), all.slice(1, 0, 1)]) {
			const mirrored = mirrorSome(batch, which, upDown);
			which.forEach((is, n) => {
				const one = batch.select(0, n);
				expectEqual(mirrored.select(0, n), is ? one.flip([dim]) : one);
			});
		}
	});

	test.each([
		["one value", [0.4], [0.3]],
		["one for each channel", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]],
		["both", [0.1], [0.5, -2, 3]],
	])("normalized by %s", (_, mean, std) => {
		const column = (values: number[]) => torch.tensor(values).view([-1, 1, 1]);
		const pair = [
			new transforms.ToDtype("float32", { scale: true }),
			new transforms.Normalize(mean, std),
		] as const;
		for (const image of [
			all,
			all.select(0, 5),
			all.contiguous({ memoryFormat: "channels_last" }),
			all.transpose(2, 3),
			all.view([2, 3, 3, 40, 50]),
		]) {
			const floats = F.toDtype(image, "float32", { scale: true });
			const expected = floats.sub(column(mean)).div(column(std));
			expectEqual(F.normalize(floats, mean, std), expected);
			expectEqual(pair[1](floats), expected);
			expectEqual(new transforms.Compose([...pair])(image), expected);
			const wrapped = new tvTensors.Image(image);
			const result = new transforms.Compose([...pair])({ image: wrapped });
			expect(result.image).toBeInstanceOf(tvTensors.Image);
			expectEqual(result.image, expected);
			if (image.dim() === 4)
				expectEqual(new transforms.BatchTransform([...pair])(image), expected);
		}
	});
});

test("steps of one's own that are made from others stay as they are", () => {
	class Doubled extends ToDtype {
		protected override apply(image: Tensor): Tensor {
			return super.apply(image).mul(2);
		}
	}
	const steps = new transforms.Compose([
		new Doubled("float32", { scale: true }),
		new transforms.Normalize([0], [1]),
	]);
	const bytes = images(3, 3, "uint8").select(0, 1);
	expect(steps(bytes).max().item()).toBe(2);
});

test.each(["Compose", "BatchTransform"] as const)(
	"%s: floats that Normalize is to change in place are changed",
	(container) => {
		const image = torch.ones([2, 3, 2, 2]);
		new transforms[container]([
			new transforms.ToDtype("float32", { scale: true }),
			new transforms.Normalize([0.5], [0.5], { inplace: true }),
			(x: torch.Tensor) => x.mul(1),
		])(image.mul_(2));
		expect(image.max().item()).toBe(3);
	},
);

test("the same with two threads", () => {
	const all = images(300, 200, "uint8");
	const batch = new transforms.BatchTransform([
		new transforms.RandomResizedCrop(150),
		new transforms.RandomHorizontalFlip(),
		new transforms.ColorJitter(0.4, 0.4, 0.4, 0.1),
		new transforms.ToDtype("float32", { scale: true }),
		new transforms.Normalize([0.5], [0.2]),
	]);
	torch.manualSeed(1);
	const alone = batch(all);
	torch.setNumThreads(2);
	try {
		torch.manualSeed(1);
		expectEqual(batch(all), alone);
	} finally {
		torch.setNumThreads(1);
	}
});

describe("wrong arguments are refused by name", () => {
	const floats = torch.zeros([2, 3, 4, 5]);
	const others = {
		whole: torch.zeros([2, 3, 4, 5], { dtype: "int32" }),
		flat: torch.zeros([4, 5]),
		grey: torch.zeros([2, 1, 4, 5]),
		one: torch.zeros([3, 4, 5]),
		recorded: torch.zeros([2, 3, 4, 5]).requiresGrad_(),
	};
	const gone = torch.zeros([2, 3, 4, 5]);
	gone.dispose();
	const { whole, flat, grey, one, recorded } = others;
	test.each<[string, string, () => unknown]>([
		[
			"adjustColours",
			"images",
			() => native.adjustColours({}, slotOf(whole), [0, 0], [1, 1]),
		],
		[
			"adjustColours",
			"images",
			() => native.adjustColours({}, slotOf(flat), [0, 0], [1, 1]),
		],
		[
			"adjustColours",
			"images",
			() => native.adjustColours({}, slotOf(grey), [0, 0], [1, 1]),
		],
		[
			"adjustColours",
			"images",
			() => native.adjustColours({}, slotOf(recorded), [0, 0], [1, 1]),
		],
		[
			"adjustColours",
			"images",
			() => native.adjustColours({}, slotOf(gone), [0, 0], [1, 1]),
		],
		[
			"adjustColours",
			"kinds",
			() => native.adjustColours({}, slotOf(floats), [0], [1]),
		],
		[
			"adjustColours",
			"kinds",
			() => native.adjustColours({}, slotOf(floats), [], []),
		],
		[
			"adjustColours",
			"kinds",
			() => native.adjustColours({}, slotOf(floats), [0, 5], [1, 1]),
		],
		[
			"adjustColours",
			"factors",
			() => native.adjustColours({}, slotOf(floats), [0, 1], [1]),
		],
		[
			"mirrorSome",
			"images",
			() => native.mirrorSome({}, slotOf(one), [true], true),
		],
		[
			"mirrorSome",
			"which",
			() => native.mirrorSome({}, slotOf(floats), [true], true),
		],
		[
			"normalizePixels",
			"images",
			() => native.normalizePixels({}, slotOf(whole), [0], [1]),
		],
		[
			"normalizePixels",
			"mean",
			() => native.normalizePixels({}, slotOf(floats), [0, 0], [1]),
		],
		[
			"normalizePixels",
			"std",
			() => native.normalizePixels({}, slotOf(floats), [0], []),
		],
		[
			"resizeParts",
			"images",
			() =>
				native.resizeParts({}, slotOf(one), [0, 0, 1, 1], [2, 2], "bilinear"),
		],
		[
			"resizeParts",
			"parts",
			() =>
				native.resizeParts(
					{},
					slotOf(floats),
					[0, 0, 1, 1],
					[2, 2],
					"bilinear",
				),
		],
		[
			"resizeParts",
			"parts",
			() =>
				native.resizeParts(
					{},
					slotOf(floats),
					[0, 0, 1, 1, 0, 1, 1, 5],
					[2, 2],
					"bilinear",
				),
		],
		[
			"resizeParts",
			"parts",
			() =>
				native.resizeParts(
					{},
					slotOf(floats),
					[0, 0, 1, 1, -1, 1, 1, 1],
					[2, 2],
					"bilinear",
				),
		],
		[
			"resizeParts",
			"parts",
			() =>
				native.resizeParts(
					{},
					slotOf(floats),
					[0, 0, 1, 1, 0, 1, 0, 1],
					[2, 2],
					"bilinear",
				),
		],
		[
			"resizeParts",
			"size",
			() =>
				native.resizeParts(
					{},
					slotOf(floats),
					[0, 0, 1, 1, 0, 0, 1, 1],
					[2],
					"bilinear",
				),
		],
		[
			"resizeParts",
			"size",
			() =>
				native.resizeParts(
					{},
					slotOf(floats),
					[0, 0, 1, 1, 0, 0, 1, 1],
					[2, 0],
					"bilinear",
				),
		],
		[
			"resizeParts",
			"mode",
			() =>
				native.resizeParts(
					{},
					slotOf(floats),
					[0, 0, 1, 1, 0, 0, 1, 1],
					[2, 2],
					"nearest",
				),
		],
	])("%s: %s (%#)", (name, argument, call) => {
		expect(call).toThrow(
			expect.objectContaining({ op: name, argument }) as Error,
		);
	});
});
