import { native } from "../../../lib/binding.ts";
import { zeros } from "../../../lib/generated/functions.ts";
import { tensor } from "../../../lib/tensor/creation.ts";
import { memoryUsage } from "../../../lib/tensor/scope.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import * as F from "../../../lib/vision/transforms/functional/index.ts";
import {
	expectImage,
	images,
	readFixtures,
	type SavedTensor,
} from "../fixtures.ts";

interface Case {
	fn: keyof typeof F;
	args: unknown[];
	options: object;
	image: string;
	out: SavedTensor;
}

const functions = { ...F };
const cases = readFixtures<Case[]>("functional.json.gz");
const names = [...new Set(cases.map(({ fn }) => fn))];

describe.each(names)("%s is torchvision's", (name) => {
	test.each(cases.filter(({ fn }) => fn === name))(
		"$image $args $options",
		({ fn, args, options, image, out }) => {
			const input = images.get(image) as Tensor;
			const before = input.clone();
			const call = functions[fn] as (
				image: Tensor,
				...args: unknown[]
			) => Tensor;
			const all = Object.keys(options).length > 0 ? [...args, options] : args;
			expectImage(call(input, ...all), out);
			expect(input.equal(before)).toBe(true);
		},
	);
});

const small = tensor(Uint8Array.from({ length: 12 }, (_, i) => i)).reshape([
	1, 3, 4,
]);

test("crop: what lies wholly beside the image is zeros (torchvision gives another size there)", () => {
	for (const [top, left] of [
		[-5, 0],
		[7, 0],
		[0, -9],
		[0, 8],
	] as const) {
		const part = F.crop(small, top, left, 2, 3);
		expect(part.shape).toEqual([1, 2, 3]);
		expect(part.toArray()).toEqual([0, 0, 0, 0, 0, 0]);
	}
});

test("normalize: in place it changes the image, else not", () => {
	const image = tensor([[[0.5, 1]]], { dtype: "float64" });
	expect(F.normalize(image, [0.5], [0.25]).toArray()).toEqual([0, 2]);
	expect(image.toArray()).toEqual([0.5, 1]);
	expect(F.normalize(image, [0.5], [0.25], { inplace: true })).toBe(image);
	expect(image.toArray()).toEqual([0, 2]);
});

test("toTensor takes tensors of both layouts, and pixels", () => {
	const hwc = tensor(Uint8Array.of(0, 51, 102, 153, 204, 255)).reshape([
		1, 2, 3,
	]);
	const expected = [
		[[0, 153 / 255]],
		[[51 / 255, 204 / 255]],
		[[102 / 255, 1]],
	].map((rows) => rows.map((row) => row.map(Math.fround)));
	expect(F.toTensor(hwc, { layout: "HWC" }).tolist()).toEqual(expected);
	expect(F.toTensor(hwc.permute([2, 0, 1])).tolist()).toEqual(expected);
	const data = Uint8ClampedArray.of(0, 51, 102, 153, 204, 255);
	expect(F.toTensor({ data, width: 2, height: 1 }).tolist()).toEqual(expected);
	expect(
		F.toTensor({ data, width: 2, height: 1, channels: 3 }).isContiguous(),
	).toBe(true);
	expect(Array.from(data)).toEqual([0, 51, 102, 153, 204, 255]);
	expect(F.toTensor(zeros([5, 4], { dtype: "uint8" })).shape).toEqual([
		1, 5, 4,
	]);
	const floats = zeros([1, 5, 4], { dtype: "float64" });
	expect(F.toTensor(floats)).toBe(floats);
});

test("empty images keep their form", () => {
	const empty = zeros([0, 3, 8, 8]);
	expect(F.rotate(empty, 20).shape).toEqual([0, 3, 8, 8]);
	expect(F.pad(empty, 1).shape).toEqual([0, 3, 10, 10]);
	expect(F.crop(empty, 0, 0, 2, 2).shape).toEqual([0, 3, 2, 2]);
	expect(F.horizontalFlip(empty).shape).toEqual([0, 3, 8, 8]);
});

const wrong: [string, () => unknown, RegExp][] = [
	[
		"rotate",
		() => F.rotate(small, "30" as never),
		/^rotate: angle: expected number, got string "30"/,
	],
	[
		"rotate",
		() => F.rotate(small, Number.NaN),
		/^rotate: angle: expected number/,
	],
	[
		"rotate",
		() => F.rotate(small, 30, { interpolation: "cubic" as never }),
		/^rotate: interpolation: expected one of "nearest", "bilinear"/,
	],
	[
		"rotate",
		() => F.rotate(small, 30, { center: [1] as never }),
		/^rotate: center: expected \[number, number\], got \[1\]/,
	],
	[
		"rotate",
		() => F.rotate(small, 30, { fill: [1, 2] }),
		/^rotate: fill: expected 1 or 1 values for an image of 1 channels, got 2/,
	],
	[
		"rotate",
		() => F.rotate(small, 30, { mode: "nearest" } as never),
		/^rotate: mode: unknown option; known are interpolation, expand, center, fill/,
	],
	[
		"rotate",
		() => F.rotate(zeros([4, 4]), 30),
		/^rotate: image: expected a tensor \[\.\.\., C, H, W\], got one of shape \[4,4\]/,
	],
	[
		"affine",
		() => F.affine(small, 0, [1] as never, 1, 0),
		/^affine: translate: expected \[number, number\]/,
	],
	[
		"affine",
		() => F.affine(small, 0, [0, 0], 0, 0),
		/^affine: scale: expected a number above 0, got 0/,
	],
	[
		"affine",
		() => F.affine(small, 0, [0, 0], 1, [1, Number.NaN]),
		/^affine: shear\[1\]: expected number/,
	],
	[
		"pad",
		() => F.pad(small, [1, 2, 3]),
		/^pad: padding: expected an integer or 1, 2 or 4 of them, got \[1, 2, 3\]/,
	],
	["pad", () => F.pad(small, 1.5), /^pad: padding: expected an integer/],
	[
		"pad",
		() => F.pad(small, 1, { paddingMode: "wrap" as never }),
		/^pad: paddingMode: expected one of/,
	],
	[
		"pad",
		() => F.pad(zeros([3, 4, 4]), 1, { paddingMode: "edge", fill: [1, 2, 3] }),
		/^pad: fill: expected one value with padding mode "edge", got 3/,
	],
	[
		"pad",
		() => F.pad(small, 4, { paddingMode: "reflect" }),
		/[Pp]adding size should be less than the corresponding input dimension/,
	],
	[
		"pad",
		() => F.pad(small, 5, { paddingMode: "symmetric" }),
		/^pad: padding: expected at most the image's size \[3, 4\] with padding mode "symmetric", got \[5, 5, 5, 5\]/,
	],
	[
		"crop",
		() => F.crop(small, 0, 0, -1, 2),
		/^crop: height: expected a number at least 0, got -1/,
	],
	[
		"crop",
		() => F.crop(small, 0.5, 0, 1, 2),
		/^crop: top: expected integer, got number 0.5/,
	],
	[
		"normalize",
		() => F.normalize(small, [0.5], [0.5]),
		/^normalize: image: expected a floating point tensor, got uint8; ToTensor makes one/,
	],
	[
		"normalize",
		() => F.normalize(small.float(), [0.5], [0]),
		/^normalize: std: expected numbers other than 0, got \[0\]/,
	],
	[
		"normalize",
		() => F.normalize(small.float(), [1, 2, 3], [1, 1]),
		/size of tensor|must match/,
	],
	[
		"toTensor",
		() => F.toTensor(zeros([3])),
		/^toTensor: image: expected a tensor \[\.\.\., C, H, W\] or \[H, W\]/,
	],
	[
		"toTensor",
		() => F.toTensor({ data: new Uint8Array(5), width: 2, height: 2 }),
		/^toTensor: image: expected height × width × channels bytes, got 5 for 2 × 2 × 1.25/,
	],
	[
		"toTensor",
		() => F.toTensor(null as never),
		/^toTensor: image: expected a tensor or \{ data, width, height \}/,
	],
	[
		"toTensor",
		() => F.toTensor(small, { layout: "NHWC" as never }),
		/^toTensor: layout: expected one of "CHW", "HWC"/,
	],
];

test.each(wrong)(
	"%s refuses wrong arguments by name (%#)",
	(_, call, message) => {
		expect(call).toThrow(message);
	},
);

test("nothing but the result is left behind", () => {
	const image = images.get("colour") as Tensor;
	const floats = image.float();
	const all = () => {
		for (const fill of [null, 3, [1, 2, 3]]) {
			for (const interpolation of ["nearest", "bilinear"] as const) {
				F.rotate(image, 20, { fill, interpolation, expand: true }).dispose();
				F.affine(image, 20, [1, 2], 1.5, 3, { fill, interpolation }).dispose();
			}
			F.pad(image, 2, { fill }).dispose();
		}
		for (const paddingMode of ["edge", "reflect", "symmetric"] as const)
			F.pad(image, 2, { paddingMode }).dispose();
		F.crop(image, -1, -1, 4, 4).dispose();
		F.normalize(floats, [0.5], [0.5]).dispose();
		F.toTensor(image).dispose();
	};
	all(); // fills the caches
	native.collectGarbage(); // what other tests have left
	const before = memoryUsage().bytes;
	all();
	expect(memoryUsage().bytes).toBe(before);
});
