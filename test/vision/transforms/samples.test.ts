import { inspect } from "node:util";
import { TorchError } from "../../../lib/errors.ts";
import { rand, zeros } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import { tensor } from "../../../lib/tensor/creation.ts";
import { memoryUsage } from "../../../lib/tensor/scope.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import * as F from "../../../lib/vision/transforms/functional/index.ts";
import * as T from "../../../lib/vision/transforms/index.ts";
import {
	BoundingBoxes,
	Image,
	isKind,
	KeyPoints,
	Mask,
	Video,
	wrap,
} from "../../../lib/vision/tvTensors/index.ts";

const canvasSize = [10, 12] as const;
const image = new Image(rand([3, 10, 12]));
const boxes = new BoundingBoxes(
	[
		[1, 2, 5, 6],
		[0, 0, 12, 10],
	],
	{
		format: "XYXY",
		canvasSize,
		dtype: "float32",
	},
);
const points = new KeyPoints(
	[
		[1, 2],
		[11, 9],
	],
	{ canvasSize },
);
const mask = new Mask(zeros([10, 12], { dtype: "uint8" }));

describe("kinds", () => {
	test("share the memory of the tensor that they are made of, and take numbers", () => {
		const data = zeros([1, 2, 2]);
		new Image(data).add_(1);
		expect(data.sum().item()).toBe(4);
		expect(new Mask([[1, 2]], { dtype: "uint8" }).dtype).toBe("uint8");
		expect(
			new BoundingBoxes([1, 2, 3, 4], { format: "XYWH", canvasSize }).shape,
		).toEqual([1, 4]);
		expect(new KeyPoints([1, 2], { canvasSize }).shape).toEqual([1, 2]);
	});

	test("operators give plain tensors; wrap makes a kind of them again", () => {
		const moved = boxes.add(1);
		expect(isKind(moved)).toBe(false);
		const again = wrap(moved, boxes, { clampingMode: null });
		expect(again).toBeInstanceOf(BoundingBoxes);
		expect({ ...again }).toEqual({
			format: "XYXY",
			canvasSize,
			clampingMode: null,
		});
	});

	test("print what they are", () => {
		expect(inspect(points)).toBe(
			"KeyPoints(tensor([[ 1,  2],\n        [11,  9]]), canvasSize=[10,12])",
		);
	});

	test.each<[() => unknown, RegExp]>([
		[
			() => new BoundingBoxes([1, 2, 3], { format: "XYXY", canvasSize }),
			/^BoundingBoxes: data: expected \[N, 4\] for format "XYXY", got \[1, 3\]/,
		],
		[
			() => new BoundingBoxes([1, 2, 3, 4, 5], { format: "XYWHR", canvasSize }),
			/^BoundingBoxes: data: expected floating point numbers for format "XYWHR", got int64/,
		],
		[
			() => new BoundingBoxes(zeros([2, 3, 4]), { format: "XYXY", canvasSize }),
			/^BoundingBoxes: data: expected \[N, 4\]/,
		],
		[
			() =>
				new BoundingBoxes([1, 2, 3, 4], {
					format: "xyxy" as never,
					canvasSize,
				}),
			/^BoundingBoxes: format: expected one of "XYXY", "XYWH"/,
		],
		[
			() =>
				new BoundingBoxes([1, 2, 3, 4], {
					format: "XYXY",
					canvasSize: [3] as never,
				}),
			/^BoundingBoxes: canvasSize: expected \[height, width\], got \[3\]/,
		],
		[
			() => new BoundingBoxes([1, 2, 3, 4], { format: "XYXY" } as never),
			/^BoundingBoxes: canvasSize: expected array, got undefined/,
		],
		[
			() =>
				new BoundingBoxes([1, 2, 3, 4], {
					format: "XYXY",
					canvasSize,
					clampingMode: "none" as never,
				}),
			/^BoundingBoxes: clampingMode: expected one of "soft", "hard"/,
		],
		[
			() => new KeyPoints([[1, 2, 3]], { canvasSize }),
			/^KeyPoints: data: expected \[\.\.\., 2\], got \[1, 3\]/,
		],
		[
			() => new KeyPoints([[1, 2]], { canvasSize: [1.5, 2] }),
			/^KeyPoints: canvasSize: expected integer, got number 1.5/,
		],
	])("refuse wrong data by name (%#)", (call, message) => {
		expect(call).toThrow(message);
	});
});

describe("samples", () => {
	test("keep their form: nested, in any order, what is not of a kind as it is", () => {
		const other = zeros([3, 10, 12]);
		const date = new Date(0);
		const sample = {
			id: "a",
			targets: [{ boxes, label: 3 }, { points }] as const,
			other,
			date,
			nothing: null,
			image,
			clip: new Video(rand([2, 3, 10, 12])),
		};
		const turned = new T.RandomRotation([90, 90], { expand: true })(sample);
		expect(Object.keys(turned)).toEqual(Object.keys(sample));
		expect(turned.other).toBe(other);
		expect(turned.date).toBe(date);
		expect(turned.image).toBeInstanceOf(Image);
		expect(turned.clip).toBeInstanceOf(Video);
		expect(turned.clip.shape).toEqual([2, 3, 12, 10]);
		expect(turned.targets[0].boxes.canvasSize).toEqual([12, 10]);
		expect(turned.targets[1].points).toBeInstanceOf(KeyPoints);
		expect(turned.targets[0].label).toBe(3);
		expect(sample.targets[0].boxes).toBe(boxes);
	});

	test("image, mask and boxes move alike", () => {
		const spot = zeros([1, 10, 12]);
		spot.slice(1, 2, 6).slice(2, 1, 5).fill_(1);
		const sample = {
			image: new Image(spot),
			mask: new Mask(spot.squeeze(0).to("uint8")),
			boxes: boxes.index([0]),
		};
		const all = { ...sample, boxes: wrap(sample.boxes, boxes) };
		manualSeed(3);
		for (let i = 0; i < 5; i++) {
			const moved = new T.Compose([
				new T.RandomHorizontalFlip(),
				new T.RandomVerticalFlip(),
				new T.RandomCrop([9, 11]),
				new T.RandomZoomOut({ p: 1 }),
			])(all);
			const [x1, y1, x2, y2] = moved.boxes.tolist()[0 as never] as number[];
			const inside = moved.image.slice(1, y1, y2).slice(2, x1, x2);
			expect(inside.mean().item()).toBe(1);
			expect(moved.image.sum().item()).toBe(inside.numel());
			expect(moved.mask.to("float32").equal(moved.image.squeeze(0))).toBe(true);
		}
	});

	test("a fill for images and one for masks", () => {
		const { image: padded, mask: filled } = new T.Pad(1, {
			fill: { image: 0.5, mask: 255 },
		})({ image, mask });
		expect(padded.index(0, 0, 0).item()).toBe(0.5);
		expect(filled.index(0, 0).item()).toBe(255);
	});

	test("colour changes images alone", () => {
		const normalized = new T.Normalize([0.5], [0.5])({ image, mask, boxes });
		expect(normalized.mask).toBe(mask);
		expect(normalized.boxes).toBe(boxes);
		expect(
			normalized.image.sub(image.sub(0.5).div(0.5)).abs().max().item(),
		).toBe(0);
		expect(normalized.image).toBeInstanceOf(Image);
	});

	test("conversions", () => {
		const converted = new T.ToDtype(
			{ image: "float64", mask: "int64", boxes: "float64" },
			{ scale: true },
		)({ image, mask, boxes, points });
		expect([
			converted.image.dtype,
			converted.mask.dtype,
			converted.boxes.dtype,
		]).toEqual(["float64", "int64", "float64"]);
		expect(converted.boxes.format).toBe("XYXY");
		expect(converted.points).toBe(points);
		const made = new T.ToImage()({
			data: new Uint8Array(12),
			width: 2,
			height: 2,
		});
		expect(made).toBeInstanceOf(Image);
		expect([made.shape, made.dtype]).toEqual([[3, 2, 2], "uint8"]);
		const pure: { boxes: Tensor; label: number } = new T.ToPureTensor()({
			boxes,
			label: 1,
		});
		expect(isKind(pure.boxes)).toBe(false);
		const halved = new T.Lambda((m) => m.add(1), Mask)({ image, mask });
		expect(halved.image).toBe(image);
		expect(halved.mask).toBeInstanceOf(Mask);
		expect(halved.mask.max().item()).toBe(1);
		const same = { image, mask };
		expect(new T.Identity()(same).image).toBe(image);
	});

	test("what functions tell of images", () => {
		expect(F.getSize(boxes)).toEqual([10, 12]);
		expect(F.getSize(mask)).toEqual([10, 12]);
		expect(F.getDimensions(image)).toEqual([3, 10, 12]);
		expect(F.getDimensions(zeros([4, 5]))).toEqual([1, 4, 5]);
		expect(F.getNumChannels(zeros([7, 2, 4, 5]))).toBe(2);
		expect(F.getNumFrames(zeros([7, 2, 4, 5]))).toBe(7);
		expect(F.convertImageDtype(zeros([1, 1, 1]).add(1), "uint8").item()).toBe(
			255,
		);
		expect(() => F.getNumChannels(mask)).toThrow(
			/^getNumChannels: image: expected an image, got Mask/,
		);
		expect(() => F.getNumFrames(image)).toThrow(
			/^getNumFrames: image: expected a tensor/,
		);
	});

	test("five crops stand in the image's place", () => {
		const { image: crops, label } = new T.FiveCrop(4)({ image, label: 2 });
		expect(crops.map((crop) => crop.shape)).toEqual(Array(5).fill([3, 4, 4]));
		expect(crops[0]).toBeInstanceOf(Image);
		expect(label).toBe(2);
		expect(new T.TenCrop([4, 5])(zeros([1, 6, 7]))).toHaveLength(10);
	});

	test("sanitizing takes labels and masks with the boxes", () => {
		const small = new BoundingBoxes(
			[
				[1, 2, 5, 6],
				[3, 3, 3, 9],
			],
			{ format: "XYXY", canvasSize },
		);
		const masks = new Mask(zeros([2, 10, 12], { dtype: "uint8" }));
		const sample = {
			image,
			boxes: small,
			masks,
			Labels: tensor([4, 5]),
			crowd: tensor([0, 1]),
		};
		const clean = new T.SanitizeBoundingBoxes()(sample);
		expect(clean.Labels.tolist()).toEqual([4]);
		expect(clean.crowd).toBe(sample.crowd);
		expect(clean.masks.shape).toEqual([1, 10, 12]);
		expect(clean.boxes.tolist()).toEqual([[1, 2, 5, 6]]);
		const both = new T.SanitizeBoundingBoxes({
			labelsGetter: (s: typeof sample) => [s.Labels, s.crowd],
		})(sample);
		expect(both.crowd.tolist()).toEqual([0]);
		const [kept, valid] = F.sanitizeKeypoints(
			new KeyPoints(
				[
					[1, 2],
					[12, 3],
				],
				{ canvasSize },
			),
		);
		expect([kept.tolist(), valid.tolist()]).toEqual([[[1, 2]], [true, false]]);
	});

	test("nothing but the result is left behind", () => {
		const sample = { image, mask, boxes, points };
		const transforms = [
			new T.RandomRotation(20),
			new T.RandomPerspective({ p: 1 }),
			new T.ElasticTransform({ sigma: 0.5 }),
			new T.Resize([7, 9]),
			new T.RandomResizedCrop(6),
			new T.CenterCrop([4, 20]),
			new T.RandomZoomOut({ p: 1 }),
			new T.ClampBoundingBoxes(),
		];
		const run = () => {
			for (const transform of transforms) {
				const { image: i, mask: m, boxes: b, points: p } = transform(sample);
				for (const t of [i, m, b, p])
					if (t !== image && t !== mask && t !== points) t.dispose();
			}
		};
		run();
		const before = memoryUsage().bytes;
		run();
		// a drawn displacement stays until it is collected: 10 × 12 × 2 floats, under the flat 512 bytes
		expect(memoryUsage().bytes - before).toBeLessThanOrEqual(1024);
	});
});

test.each<[() => unknown, RegExp]>([
	[
		() => new T.RandomRotation(3)({ image: zeros([3, 4, 4]) } as never),
		/^RandomRotation: sample: expected an image tensor, or an object or array with an Image, .*, got object/,
	],
	[
		() => new T.RandomRotation(3)("x" as never),
		/^RandomRotation: sample: expected an image tensor, .*, got string "x"/,
	],
	[
		() => new T.RandomCrop(3)({ image, mask: new Mask(zeros([4, 4])) }),
		/^RandomCrop: sample: expected images, masks, boxes and points of one size, got 10 × 12 and 4 × 4/,
	],
	[
		() =>
			new T.RandomCrop(3)({
				image,
				points: new KeyPoints([1, 2], { canvasSize: [20, 12] }),
			}),
		/^RandomCrop: sample: expected images, .* got 10 × 12 and 20 × 12/,
	],
	[
		() => new T.RandomIoUCrop()({ image }),
		/^RandomIoUCrop: sample: expected an Image and BoundingBoxes in it/,
	],
	[
		() => new T.RandomIoUCrop({ minScale: 2 }),
		/^RandomIoUCrop: minScale: expected a number from 0 to 1, got 2/,
	],
	[
		() => new T.RandomIoUCrop({ scale: 2 } as never),
		/^RandomIoUCrop: scale: unknown option/,
	],
	[
		() => new T.RandomIoUCrop({ samplerOptions: [] }),
		/^RandomIoUCrop: samplerOptions: expected one or more/,
	],
	[
		() => new T.SanitizeBoundingBoxes()({ image }),
		/^SanitizeBoundingBoxes: labelsGetter: expected "labels" among the sample's fields/,
	],
	[
		() => new T.SanitizeBoundingBoxes({ labelsGetter: null })({ image }),
		/^SanitizeBoundingBoxes: sample: expected BoundingBoxes in it/,
	],
	[
		() => new T.SanitizeBoundingBoxes()({ boxes, labels: tensor([1]) }),
		/^SanitizeBoundingBoxes: labelsGetter: expected labels for 2 rows, got a tensor of shape \[1\]/,
	],
	[
		() => new T.SanitizeBoundingBoxes()({ boxes, labels: "cat" }),
		/^SanitizeBoundingBoxes: labelsGetter: expected tensors, or null, got string "cat"/,
	],
	[
		() => new T.SanitizeBoundingBoxes({ minSize: 0 }),
		/^SanitizeBoundingBoxes: minSize: expected a number at least 1, got 0/,
	],
	[() => new T.Resize(0), /^Resize: size: expected a number at least 1, got 0/],
	[
		() => new T.Resize([1, 2, 3] as never),
		/^Resize: size: expected number, \[number\], \[height, width\] or null, got \[1, 2, 3\]/,
	],
	[
		() => new T.Resize([4, 5], { maxSize: 9 }),
		/^Resize: maxSize: expected it only where size is the length of the shorter side/,
	],
	[
		() => new T.Resize(9, { maxSize: 9 }),
		/^Resize: maxSize: expected more than the shorter side's 9, got 9/,
	],
	[
		() => new T.Resize(null),
		/^Resize: maxSize: expected a number where size is null/,
	],
	[
		() => new T.Resize(9, { interpolation: "cubic" as never }),
		/^Resize: interpolation: expected one of "nearest", "nearest-exact"/,
	],
	[
		() => new T.Resize(9, { interpolation: "lanczos", antialias: false }),
		/^Resize: antialias: expected true with interpolation "lanczos"/,
	],
	[
		() => new T.Resize(9)(zeros([4, 4])),
		/^Resize: image: expected a tensor \[\.\.\., C, H, W\], got one of shape \[4,4\]/,
	],
	[
		() => F.resize(zeros([1, 1, 90]), null, { maxSize: 9 }),
		/^resize: size: expected one with pixels, got \[0,9\]/,
	],
	[
		() => F.resize(null as never, 3),
		/^resize: image: expected Tensor, got null/,
	],
	[
		() => new T.RandomResize(5, 5),
		/^RandomResize: maxSize: expected a number at least 6, got 5/,
	],
	[
		() => new T.RandomShortestSize([]),
		/^RandomShortestSize: minSize: expected one or more, got none/,
	],
	[
		() => new T.ScaleJitter([5, 5], { scaleRange: [2, 1] }),
		/^ScaleJitter: scaleRange: expected \[from, to\] with from <= to, got \[2, 1\]/,
	],
	[
		() => new T.RandomResizedCrop(5, { scale: [0, 1] }),
		/^RandomResizedCrop: scale: expected numbers above 0, got \[0, 1\]/,
	],
	[
		() => new T.RandomResizedCrop(5, { ratio: [2, 1] }),
		/^RandomResizedCrop: ratio: expected \[from, to\]/,
	],
	[
		() => new T.CenterCrop([1, 2, 3] as never),
		/^CenterCrop: size: expected number, \[number\] or \[height, width\], got \[1, 2, 3\]/,
	],
	[
		() => new T.FiveCrop(11)(image),
		/^FiveCrop: size: expected at most the image's size \[10, 12\], got \[11, 11\]/,
	],
	[
		() => new T.FiveCrop(3)({ image, boxes }),
		/^FiveCrop: image: expected an image, got BoundingBoxes/,
	],
	[
		() => new T.Pad([1, 2, 3]),
		/^Pad: padding: expected an integer or 1, 2 or 4 of them/,
	],
	[
		() => new T.Pad(1, { paddingMode: "reflect" })({ boxes }),
		/^Pad: paddingMode: expected "constant" for boxes and key points, got "reflect"/,
	],
	[
		() => new T.Pad(1, { fill: { images: 3 } as never }),
		/^Pad: fill: expected a number, numbers, null or \{ image, mask \}, got an object with images/,
	],
	[
		() => new T.RandomZoomOut({ sideRange: [0.5, 2] }),
		/^RandomZoomOut: sideRange\[0\]: expected a number at least 1, got 0.5/,
	],
	[
		() => new T.RandomPerspective({ distortionScale: 1.5 }),
		/^RandomPerspective: distortionScale: expected a number from 0 to 1, got 1.5/,
	],
	[
		() => new T.RandomPerspective({ p: -1 }),
		/^RandomPerspective: p: expected a number from 0 to 1, got -1/,
	],
	[
		() => F.perspective(image, [[0, 0]] as never, [[0, 0]] as never),
		/^perspective: startpoints: expected four corners, got 1/,
	],
	[
		() => new T.ElasticTransform({ sigma: -1 }),
		/^ElasticTransform: sigma\[0\]: expected a number at least 0, got -1/,
	],
	[
		() => F.elastic(image, zeros([1, 4, 4, 2])),
		/^elastic: displacement: expected a tensor \[1, 10, 12, 2\], got one of shape \[1, 4, 4, 2\]/,
	],
	[
		() => F.elastic(image, 3 as never),
		/^elastic: displacement: expected Tensor, got number 3/,
	],
	[() => new T.ToDtype("float" as never), /^ToDtype: .*"float"/],
	[
		() => new T.ToDtype({ images: "float32" } as never),
		/^ToDtype: images: unknown option; known are image, mask, boxes, keyPoints/,
	],
	[
		() => new T.ConvertBoundingBoxFormat("LTRB" as never),
		/^ConvertBoundingBoxFormat: format: expected one of "XYXY"/,
	],
	[
		() => F.convertBoundingBoxFormat(boxes, "XYWHR"),
		/^convertBoundingBoxFormat: format: expected a format of boxes that are not rotated, as "XYXY" is, got "XYWHR"/,
	],
	[
		() => F.clampBoundingBoxes(zeros([1, 4]) as never),
		/^clampBoundingBoxes: boxes: expected BoundingBoxes, got Tensor/,
	],
	[
		() => F.clampKeypoints(boxes as never),
		/^clampKeypoints: points: expected KeyPoints, got BoundingBoxes/,
	],
	[
		() => new T.SetClampingMode("auto" as never),
		/^SetClampingMode: clampingMode: expected one of "soft", "hard"/,
	],
	[
		() => new T.LinearTransformation(zeros([2, 3]), zeros([2])),
		/^LinearTransformation: transformationMatrix: expected a square, got \[2, 3\]/,
	],
	[
		() => new T.LinearTransformation(zeros([2, 2]), zeros([3])),
		/^LinearTransformation: meanVector: expected \[2\], got \[3\]/,
	],
	[
		() => new T.LinearTransformation(zeros([2, 2]), zeros([2]))(image),
		/^LinearTransformation: image: expected 2 values, got 3 × 10 × 12/,
	],
	[
		() => new T.UniformTemporalSubsample(-1),
		/^UniformTemporalSubsample: numSamples: expected a number at least 0, got -1/,
	],
	[
		() => new T.UniformTemporalSubsample(2)(zeros([3, 4, 4])),
		/^UniformTemporalSubsample: image: expected a tensor/,
	],
	[
		() => new (T.CenterCrop as never as new () => unknown)(),
		/^CenterCrop: size: expected number, \[number\] or \[height, width\], got undefined/,
	],
	[
		() => new T.Pad("1" as never),
		/^Pad: padding: expected an integer or 1, 2 or 4 of them, got string "1"/,
	],
	[
		() => F.pad(zeros([1, 5, 5]), -4),
		/^pad: padding: expected to take away at most the image's size \[5, 5\], got \[-4, -4, -4, -4\]/,
	],
	[
		() => new T.ElasticTransform({ beta: 3 } as never),
		/^ElasticTransform: beta: unknown option; known are alpha, sigma, interpolation, fill/,
	],
	[
		() => new T.ElasticTransform()(zeros([1, 8, 8])),
		/^ElasticTransform: sigma: expected less than a quarter of the image's size \[8, 8\], got 5/,
	],
	[
		() => new T.RandomPerspective({ p: 1 })(zeros([3, 1, 1])),
		/^RandomPerspective: endpoints: expected corners no three of which lie on a line/,
	],
	[
		() => new T.ToDtype(null as never),
		/^ToDtype: dtype: expected a dtype, or one for each kind, got null/,
	],
	[() => new T.ToImage()(zeros([3])), /^toImage: image: expected a tensor/],
	[
		() => new T.Resize(10)(zeros([3, 0, 20])),
		/^Resize: image: expected one with pixels, got one of shape \[3,0,20\]/,
	],
	[
		() => new T.RandomResizedCrop(10)(zeros([3, 0, 0])),
		/^RandomResizedCrop: image: expected one with pixels/,
	],
	[
		() => F.rotate(zeros([3, 0, 20]), 10, { expand: true }),
		/^rotate: image: expected one with pixels/,
	],
	[
		() => new T.Lambda(3 as never),
		/^Lambda: lambd: expected function, got number 3/,
	],
])("wrong input is refused by name (%#)", (call, message) => {
	expect(call).toThrow(TorchError);
	expect(call).toThrow(message);
});
