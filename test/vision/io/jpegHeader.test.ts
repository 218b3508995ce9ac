import { readFileSync } from "node:fs";
import { jpegHeader } from "../../../lib/vision/io/jpegHeader.ts";
import { loadSharp } from "../../../lib/vision/io/sharp.ts";
import { decoded, pathOf } from "./files.ts";

const files = Object.keys(decoded);
const jpegs = files.filter((name) => name.endsWith(".jpg"));
const wanted = ["width", "height", "space", "hasAlpha"] as const;

test("there are files to look at", () => {
	expect(jpegs.length).toBeGreaterThan(3);
});

test.each(files)("%s: what sharp says, or nothing", async (name) => {
	const file = readFileSync(pathOf(name));
	const found = jpegHeader(file);
	const sharp = await loadSharp("test");
	const metadata = await sharp(file).metadata();
	const expected = Object.fromEntries(
		wanted.map((key) => [key, metadata[key]]),
	);
	const known =
		jpegs.includes(name) && ["srgb", "b-w"].includes(metadata.space);
	expect(found).toEqual(known ? expected : null);
});

test("a file that ends early says the same or nothing", () => {
	for (const name of jpegs) {
		const file = readFileSync(pathOf(name));
		const whole = jpegHeader(file);
		for (let length = 0; length < Math.min(file.length, 3000); length++) {
			const part = jpegHeader(file.subarray(0, length));
			if (part !== null) expect(part).toEqual(whole);
		}
	}
});

test.each<[string, number[]]>([
	["no JPEG", [0x89, 0x50, 0x4e, 0x47]],
	["a scan before a frame", [0xff, 0xd8, 0xff, 0xda, 0, 2]],
	["a length that leads nowhere", [0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xc0]],
	["no marker", [0xff, 0xd8, 0xff, 0xe0, 0, 2, 1, 2, 3]],
	["twelve bits", [0xff, 0xd8, 0xff, 0xc1, 0, 17, 12, 0, 9, 0, 9, 3]],
	["no height yet", [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 0, 0, 9, 3]],
	["four channels", [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 9, 0, 9, 4]],
])("%s: nothing", (_, bytes) => {
	expect(jpegHeader(new Uint8Array(bytes))).toBeNull();
});

test("fill bytes come before a marker", () => {
	const bytes = [0xff, 0xd8, 0xff, 0xff, 0xff, 0xc2, 0, 17, 8, 0, 7, 1, 0, 1];
	expect(jpegHeader(new Uint8Array(bytes))).toEqual({
		width: 256,
		height: 7,
		space: "b-w",
		hasAlpha: false,
	});
});
