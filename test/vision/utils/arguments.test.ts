import { TorchError } from "../../../lib/errors.ts";
import * as torch from "../../../lib/index.ts";
import * as utils from "../../../lib/vision/utils/index.ts";
import { temporaryFolder } from "../../support/folder.ts";

const image = torch.zeros([3, 30, 60], { dtype: "uint8" });
const boxes = torch.tensor([
	[2, 3, 40, 25],
	[5, 6, 50, 29],
]);
const points = torch.tensor([
	[
		[1, 2],
		[3, 4],
	],
]);
const masks = torch.ones([2, 30, 60], { dtype: "bool" });
const path = temporaryFolder();

const wrong: [string, () => unknown, RegExp][] = [
	[
		"boxes: right < left",
		() => utils.drawBoundingBoxes(image, torch.tensor([[9, 0, 3, 5]])),
		/^drawBoundingBoxes: boxes: expected left ≤ right and top ≤ bottom, got \[9, 0, 3, 5\] at 0$/,
	],
	[
		"boxes of five sides",
		() => utils.drawBoundingBoxes(image, torch.zeros([2, 5])),
		/boxes: expected \[N, 4\] or \[N, 8\], got shape \[2,5\]/,
	],
	[
		"boxes of NaN",
		() => utils.drawBoundingBoxes(image, torch.full([1, 4], Number.NaN)),
		/boxes: expected coordinates within ±1000000, got NaN/,
	],
	[
		"boxes far away",
		() => utils.drawBoundingBoxes(image, torch.full([1, 4], 2 ** 40)),
		/boxes: expected coordinates within ±1000000, got 1099511627776/,
	],
	[
		"too few labels",
		() => utils.drawBoundingBoxes(image, boxes, { labels: ["a"] }),
		/labels: expected one for each of 2 boxes, got 1/,
	],
	[
		"a label that is a number",
		() => utils.drawBoundingBoxes(image, boxes, { labels: ["a", 3 as never] }),
		/labels\[1\]: expected string, got number 3/,
	],
	[
		"too few colors",
		() => utils.drawBoundingBoxes(image, boxes, { colors: ["red"] }),
		/colors: expected a color for each of 2 objects, got 1/,
	],
	[
		"an unknown color",
		() => utils.drawBoundingBoxes(image, boxes, { colors: "reddish" }),
		/colors: expected \[red, green, blue\] from 0 to 255, or a name such as "red" or "#ff8800", got string "reddish"/,
	],
	[
		"a color beyond 255",
		() => utils.drawBoundingBoxes(image, boxes, { colors: [0, 0, 256] }),
		/colors: expected \[red, green, blue\] from 0 to 255.*got \[0, 0, 256\]/,
	],
	[
		"a batch of images",
		() => utils.drawBoundingBoxes(image.unsqueeze(0), boxes),
		/image: expected one image \[C, H, W\] of 1 or 3 channels, uint8 or floating point, got uint8 of shape \[1,3,30,60\]/,
	],
	[
		"integers",
		() => utils.drawKeypoints(image.to("int32"), points),
		/drawKeypoints: image: expected one image .* got int32/,
	],
	[
		"an unknown option",
		() => utils.drawKeypoints(image, points, { color: "red" } as object),
		/drawKeypoints: color: unknown option; known are connectivity, colors, radius, width, visibility/,
	],
	[
		"key points without a K",
		() => utils.drawKeypoints(image, torch.zeros([4, 2])),
		/keypoints: expected \[N, K, 2\], got shape \[4,2\]/,
	],
	[
		"a connection to a point that is not there",
		() => utils.drawKeypoints(image, points, { connectivity: [[0, 2]] }),
		/connectivity\[0\]: expected a number from 0 to 1, got 2/,
	],
	[
		"visibility of another shape",
		() =>
			utils.drawKeypoints(image, points, { visibility: torch.ones([2, 1]) }),
		/visibility: expected \[1, 2\], got shape \[2,1\]/,
	],
	[
		"masks of numbers",
		() => utils.drawSegmentationMasks(image, masks.to("uint8")),
		/masks: expected bool \[N, 30, 60\], as large as the image, got uint8 of shape \[2,30,60\]/,
	],
	[
		"masks of another size",
		() => utils.drawSegmentationMasks(image, masks.narrow(1, 0, 29)),
		/masks: expected bool \[N, 30, 60\].*got bool of shape \[2,29,60\]/,
	],
	[
		"alpha beyond 1",
		() => utils.drawSegmentationMasks(image, masks, { alpha: 1.5 }),
		/alpha: expected a number from 0 to 1, got 1.5/,
	],
	[
		"grey images and masks",
		() => utils.drawSegmentationMasks(image.narrow(0, 0, 1), masks),
		/image: expected one image \[C, H, W\] of 3 channels/,
	],
	[
		"flows of float64",
		() => utils.flowToImage(torch.zeros([2, 3, 3], { dtype: "float64" })),
		/flowToImage: flow: expected float32 \[2, H, W\] or \[N, 2, H, W\], got float64/,
	],
	[
		"flows of three numbers",
		() => utils.flowToImage(torch.zeros([3, 3, 3])),
		/got float32 of shape \[3,3,3\]/,
	],
	[
		"images in five dimensions",
		() => utils.makeGrid(torch.zeros([1, 1, 1, 2, 2])),
		/makeGrid: images: expected \[B, C, H, W\], \[C, H, W\] or \[H, W\], got shape \[1,1,1,2,2\]/,
	],
	[
		"no images",
		() => utils.makeGrid([]),
		/makeGrid: images: expected at least one, and all of one shape, got none/,
	],
	[
		"images of different sizes",
		() => utils.makeGrid([torch.zeros([3, 2, 2]), torch.zeros([3, 2, 3])]),
		/images: expected at least one, and all of one shape, got \[3,2,2\] and \[3,2,3\]/,
	],
	[
		"no row",
		() => utils.makeGrid(image, { nrow: 0 }),
		/nrow: expected a number at least 1, got 0/,
	],
	[
		"half a range",
		() => utils.makeGrid(image, { valueRange: [1] as never }),
		/valueRange: expected \[min, max\], got \[1\]/,
	],
	[
		"saved bytes",
		() => utils.saveImage(image, path("a.png")),
		/saveImage: images: expected floating point from 0 to 1, got uint8; vision.io.writeImage writes uint8/,
	],
	[
		"an unknown ending",
		() => utils.saveImage(torch.zeros([2, 2]), path("a.xyz")),
		/saveImage: file: expected a name that ends in \.jpg/,
	],
];

test.each(wrong)("refuses %s", async (_, call, message) => {
	const refused = (async () => call())();
	await expect(refused).rejects.toThrow(message);
	await expect(refused).rejects.toBeInstanceOf(TorchError);
});

test("without boxes and masks, the image itself", async () => {
	expect(await utils.drawBoundingBoxes(image, torch.zeros([0, 4]))).toBe(image);
	const none = masks.narrow(0, 0, 0);
	expect(utils.drawSegmentationMasks(image, none).equal(image)).toBe(true);
});

test("the image given stays as it was", async () => {
	const given = torch.zeros([3, 30, 60]);
	await utils.drawBoundingBoxes(given, boxes, { fill: true, colors: "red" });
	utils.drawKeypoints(given, points, { colors: "red" });
	utils.drawSegmentationMasks(given, masks, { colors: "red" });
	utils.makeGrid([given, given], { normalize: true, valueRange: [-1, 1] });
	expect(given.any().item()).toBe(false);
});

describe("labels", () => {
	/** Where an image has a color: left, top, right and bottom. */
	const extent = (drawn: torch.Tensor, channel: number) => {
		const at = drawn.select(0, channel).gt(60).nonzero();
		const [y, x] = at.unbind(1) as [torch.Tensor, torch.Tensor];
		return [x.min(), y.min(), x.max(), y.max()].map((t) => t.item() as number);
	};

	test("lie within the box's upper left corner, in the label's color", async () => {
		const drawn = await utils.drawBoundingBoxes(image, boxes.narrow(0, 0, 1), {
			labels: ["cat"],
			colors: [0, 0, 255],
			labelColors: [255, 0, 0],
		});
		const [left, top, right, bottom] = extent(drawn, 0) as [
			number,
			number,
			number,
			number,
		];
		expect(left).toBeGreaterThanOrEqual(4);
		expect(left).toBeLessThan(9);
		expect(top).toBeGreaterThanOrEqual(4);
		expect(bottom).toBeLessThan(20);
		expect(right).toBeLessThan(32);
		expect(right - left).toBeGreaterThan(8);
	});

	test("have a ground if asked for", async () => {
		const drawn = await utils.drawBoundingBoxes(image, boxes.narrow(0, 0, 1), {
			labels: ["cat"],
			colors: [0, 0, 255],
			fillLabels: true,
			labelBackgroundColors: [0, 255, 0],
		});
		const [left, top, right, bottom] = extent(drawn, 1) as [
			number,
			number,
			number,
			number,
		];
		expect([right - left > 10, bottom - top > 6]).toEqual([true, true]);
		const ground = drawn
			.select(0, 1)
			.slice(0, top, bottom + 1)
			.slice(1, left, right + 1);
		expect(ground.gt(0).to("float32").mean().item()).toBeGreaterThan(0.5);
	});

	test("may be missing, empty, large, or what SVG would read as its own", async () => {
		const plain = await utils.drawBoundingBoxes(image, boxes);
		const blank = await utils.drawBoundingBoxes(image, boxes, {
			labels: [null, "  "],
		});
		expect(blank.equal(plain)).toBe(true);
		const odd = await utils.drawBoundingBoxes(image, boxes, {
			labels: ["</text><rect width='9e9'/>\u0000\ud800&amp;", "ä — 猫\nb"],
			fontSize: 40,
			font: '"><x',
		});
		expect(odd.shape).toEqual(plain.shape);
	});
});
