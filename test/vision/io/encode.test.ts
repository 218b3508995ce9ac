import { readdirSync, readFileSync } from "node:fs";
import * as torch from "../../../lib/index.ts";
import * as io from "../../../lib/vision/io/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { restore } from "../fixtures.ts";
import { decoded, pathOf } from "./files.ts";

const path = temporaryFolder();
const saved = (name: string) =>
	restore(decoded[name]?.unchanged as Parameters<typeof restore>[0]);
const images = ["gray", "grayAlpha", "rgb", "rgba"].map((kind) =>
	saved(`${kind}.png`),
);
const [gray, , rgb, rgba] = images as [
	torch.Tensor,
	torch.Tensor,
	torch.Tensor,
	torch.Tensor,
];

const meanError = (a: torch.Tensor, b: torch.Tensor): number =>
	a.to("float32").sub(b).abs().mean().item() as number;

test.each(images.map((image) => [image.size(0), image] as const))(
	"%i channels: PNG keeps every pixel",
	async (_, image) => {
		const bytes = await io.encodePng(image, { compressionLevel: 9 });
		const back = await io.decodeImage(bytes);
		expect(back.equal(image)).toBe(true);
	},
);

test("WebP without loss keeps every pixel", async () => {
	for (const image of [rgb, rgba]) {
		const bytes = await io.encodeWebp(image, { lossless: true });
		expect((await io.decodeImage(bytes)).equal(image)).toBe(true);
	}
});

test("JPEG: as near as the quality asks for", async () => {
	const errors: number[] = [];
	for (const quality of [20, 75, 95]) {
		const bytes = await io.encodeJpeg(rgb, { quality });
		errors.push(meanError(await io.decodeImage(bytes), rgb));
	}
	expect(errors).toEqual([...errors].sort((a, b) => b - a));
	expect(errors[2]).toBeLessThan(8); // of 4:2:0, on an image of noise
	const grey = await io.decodeImage(await io.encodeJpeg(gray, { quality: 99 }));
	expect(grey.shape).toEqual(gray.shape);
	expect(meanError(grey, gray)).toBeLessThan(1.5);
});

test("JPEG's tables are libjpeg's for the quality, as torchvision's", async () => {
	// Pillow wrote rgb444.jpg with quality 80: the first table follows the marker FFDB, its length and its number
	const tables = (bytes: Uint8Array) => {
		const at = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xdb]));
		return Buffer.from(bytes.subarray(at + 5, at + 69)).toString("hex");
	};
	const bytes = await io.encodeJpeg(rgb, { quality: 80 });
	expect(tables(bytes)).toBe(tables(readFileSync(pathOf("rgb444.jpg"))));
});

test("AVIF and GIF are near", async () => {
	const avif = await io.decodeImage(await io.encodeAvif(rgb, { quality: 95 }));
	expect(meanError(avif, rgb)).toBeLessThan(5);
	const gif = await io.decodeImage(await io.encodeGif(rgb), { mode: "rgb" });
	expect(meanError(gif, rgb)).toBeLessThan(20);
});

test("views are written as they look", async () => {
	const view = rgb.flip([2]).narrow(1, 3, 20).transpose(1, 2);
	const back = await io.decodeImage(await io.encodePng(view));
	expect(back.equal(view)).toBe(true);
});

test("a file's name says the format, unless it is given", async () => {
	await io.writeImage(path("a.PNG"), rgb);
	await io.writeImage(path("b.bin"), rgb, {
		format: "webp",
		lossless: true,
	});
	for (const name of ["a.PNG", "b.bin"])
		expect((await io.readImage(path(name))).equal(rgb)).toBe(true);
	await io.writeImage(path("c.jpg"), rgb, { quality: 30 });
	expect(readFileSync(path("c.jpg")).subarray(0, 2).toString("hex")).toBe(
		"ffd8",
	);
});

test("what cannot be written leaves nothing behind, and the old file", async () => {
	await io.writeImage(path("old.jpg"), rgb);
	const before = readFileSync(path("old.jpg"));
	await expect(io.writeImage(path("old.jpg"), rgba)).rejects.toThrow(
		"encodeJpeg: image: expected uint8 [C, H, W] of 1 or 3 channels, got uint8 of shape [4,37,50]",
	);
	expect(readFileSync(path("old.jpg")).equals(before)).toBe(true);
	await expect(io.writeImage(path("x.bmp"), rgb)).rejects.toThrow(
		/^writeImage: file: expected a name that ends in \.jpg, .*, got ".*x\.bmp"; or give the format$/,
	);
	await expect(io.writeImage(path("no/x.png"), rgb)).rejects.toThrow(/ENOENT/);
	expect(readdirSync(path("")).filter((name) => /tmp|x\./.test(name))).toEqual(
		[],
	);
});

const wrong: [string, () => Promise<unknown>, RegExp][] = [
	[
		"floats",
		() => io.encodePng(torch.zeros([3, 4, 4])),
		/^encodePng: image: expected uint8 \[C, H, W\] of 1 or 2 or 3 or 4 channels, got float32/,
	],
	[
		"a batch",
		() => io.encodeWebp(rgb.unsqueeze(0)),
		/got uint8 of shape \[1,3,37,50\]/,
	],
	[
		"an empty image",
		() => io.encodePng(torch.zeros([3, 0, 4], { dtype: "uint8" })),
		/got uint8 of shape \[3,0,4\]/,
	],
	[
		"quality 0",
		() => io.encodeJpeg(rgb, { quality: 0 }),
		/^encodeJpeg: quality: expected a number from 1 to 100, got 0/,
	],
	[
		"a PNG of quality",
		() => io.writeImage(path("y.png"), rgb, { quality: 50 }),
		/^encodePng: quality: unknown option; known are compressionLevel/,
	],
	[
		"compression beyond 9",
		() => io.encodePng(rgb, { compressionLevel: 10 }),
		/^encodePng: compressionLevel: expected a number from 0 to 9/,
	],
];

test.each(wrong)("refuses %s", async (_, call, message) => {
	await expect(async () => call()).rejects.toThrow(message);
});
