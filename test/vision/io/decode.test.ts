import { readFileSync } from "node:fs";
import * as torch from "../../../lib/index.ts";
import {
	type DecodeImageOptions,
	decodeImage,
	type ImageReadMode,
	readImage,
} from "../../../lib/vision/io/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { expectImage, restore } from "../fixtures.ts";
import { decoded, pathOf } from "./files.ts";

const cases = Object.entries(decoded).flatMap(([file, modes]) =>
	Object.entries(modes).map(([mode, saved]) => ({ file, mode, saved })),
);

test.each(cases)("$file as $mode is what Pillow reads", async (each) => {
	const { file, mode, saved } = each;
	const image = await readImage(pathOf(file), {
		mode: mode.replace(/Upright$/, "") as ImageReadMode,
		applyExifOrientation: mode.endsWith("Upright"),
	});
	if (!file.endsWith(".avif")) return expectImage(image, saved);
	// from YCbCr to RGB libheif rounds in another way than libavif
	const off = image.sub(restore(saved)).to("int8").abs().max().item();
	expect(image.shape).toEqual(saved.shape);
	expect(off).toBeLessThanOrEqual(1);
});

test("bytes and tensors of bytes are decoded as files are", async () => {
	const bytes = readFileSync(pathOf("rgb.png"));
	const expected = decoded["rgb.png"]?.rgb as (typeof cases)[0]["saved"];
	expectImage(await decodeImage(bytes, { mode: "rgb" }), expected);
	expectImage(await decodeImage(torch.tensor(bytes)), expected);
	const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3);
	shared.set(bytes);
	expectImage(await decodeImage(shared), expected);
});

test("the tensor lies over the decoder's memory", async () => {
	const image = await readImage(pathOf("rgb.jpg"));
	expect(image.stride()).toEqual([1, 3 * 50, 3]);
	expect(image.dtype).toBe("uint8");
});

test("many files at a time", async () => {
	const names = Object.keys(decoded).filter((name) =>
		/\.(png|jpg)$/.test(name),
	);
	const images = await Promise.all(
		names.map((name) => readImage(pathOf(name), "rgb")),
	);
	names.forEach((name, i) => {
		if (name === "deep.png") return;
		expectImage(
			images[i] as torch.Tensor,
			decoded[name]?.rgb as (typeof cases)[0]["saved"],
		);
	});
});

const path = temporaryFolder();

const wrong: [string, unknown, DecodeImageOptions, RegExp][] = [
	["nothing", Buffer.alloc(0), {}, /^image: not a JPEG, PNG, WebP, GIF/],
	[
		"a drawing",
		Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
		{},
		/^image: not a JPEG/,
	],
	[
		"half a file",
		readFileSync(pathOf("rgb.png")).subarray(0, 900),
		{},
		/^image: damaged: /,
	],
	[
		"half a JPEG file",
		readFileSync(pathOf("rgb.jpg")).subarray(0, 900),
		{},
		/^image: damaged: /,
	],
	[
		"too many pixels",
		readFileSync(pathOf("rgb.png")),
		{ maxPixels: 1000 },
		/^image: has 50 × 37 pixels, more than maxPixels, 1000$/,
	],
	[
		"too many pixels in all frames",
		readFileSync(pathOf("animated.gif")),
		{ maxPixels: 1000 },
		/^image: has 3 frames of 30 × 20 pixels, more than maxPixels, 1000$/,
	],
	[
		"an unknown mode",
		Buffer.alloc(9),
		{ mode: "RGB" as ImageReadMode },
		/^decodeImage: mode: expected one of "unchanged", "gray", "grayAlpha", "rgb", "rgba", got string "RGB"/,
	],
	[
		"an unknown option",
		Buffer.alloc(9),
		{ orientation: true } as object,
		/^decodeImage: orientation: unknown option; known are mode, applyExifOrientation, maxPixels/,
	],
	[
		"a name",
		"rgb.png",
		{},
		/^decodeImage: bytes: expected Uint8Array or Tensor/,
	],
	[
		"a tensor of floats",
		torch.zeros([4]),
		{},
		/^decodeImage: bytes: expected a uint8 tensor of one dimension, got float32/,
	],
];

test.each(wrong)("refuses %s", async (_, bytes, options, message) => {
	const refused = decodeImage(bytes as Uint8Array, options);
	await expect(refused).rejects.toThrow(message);
	await expect(refused).rejects.toBeInstanceOf(torch.TorchError);
});

test("errors name the file", async () => {
	const { writeFileSync, mkdirSync } = await import("node:fs");
	const file = path("cat.jpg");
	writeFileSync(file, readFileSync(pathOf("rgb.jpg")).subarray(0, 700));
	await expect(readImage(file)).rejects.toThrow(`${file}: damaged: `);
	mkdirSync(path("folder.jpg"));
	await expect(readImage(path("folder.jpg"))).rejects.toThrow(
		`${path("folder.jpg")}: not a plain file`,
	);
	await expect(readImage(path("absent.jpg"))).rejects.toThrow(
		/ENOENT.*absent\.jpg/,
	);
});

/** A PNG file that says it has `side` × `side` pixels, and holds them in a few bytes. */
function bomb(side: number): Buffer {
	const { crc32, deflateSync } =
		jest.requireActual<typeof import("node:zlib")>("node:zlib");
	const chunk = (type: string, data: Buffer): Buffer => {
		const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
		const length = Buffer.alloc(4);
		length.writeUInt32BE(data.length);
		const sum = Buffer.alloc(4);
		sum.writeUInt32BE(crc32(body));
		return Buffer.concat([length, body, sum]);
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(side, 0);
	header.writeUInt32BE(side, 4);
	header.set([8, 2, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		chunk("IHDR", header),
		chunk("IDAT", deflateSync(Buffer.alloc(1 << 20))),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

test("a small file of many pixels is refused before they are unpacked", async () => {
	const before = process.memoryUsage().rss;
	for (const side of [20_000, 100_000, 2 ** 31 - 1]) {
		await expect(decodeImage(bomb(side))).rejects.toThrow(
			/^image: (has \d+ × \d+ pixels, more than maxPixels, 178956970|damaged: )/,
		);
	}
	expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});
