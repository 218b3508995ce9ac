import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { TorchError } from "../../../lib/errors.ts";
import { parseIdx, readIdx } from "../../../lib/vision/datasets/idx.ts";

/** An idx file: `values` are already big endian bytes. */
function idx(type: number, shape: number[], values: Uint8Array): Buffer {
	const sizes = shape.map((size) => {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32BE(size);
		return bytes;
	});
	return Buffer.concat([
		Buffer.from([0, 0, type, shape.length]),
		...sizes,
		values,
	]);
}

const bytes = Uint8Array.from({ length: 2 * 3 * 4 }, (_, i) => i * 7);
const images = idx(0x08, [2, 3, 4], bytes);

test("reads bytes, gzipped or not", () => {
	for (const file of [images, gzipSync(images)]) {
		const { shape, data } = parseIdx(file);
		expect(shape).toEqual([2, 3, 4]);
		expect(Array.from(data)).toEqual(Array.from(bytes));
	}
});

test("reads every type of number, whatever the file's place in memory", () => {
	const view = new DataView(new ArrayBuffer(16));
	const big = (write: () => void, length: number): Uint8Array => {
		write();
		return new Uint8Array(view.buffer.slice(0, length));
	};
	const cases: [number, Uint8Array, number[]][] = [
		[0x09, Uint8Array.of(0xff, 5), [-1, 5]],
		[
			0x0b,
			big(() => {
				view.setInt16(0, -300);
				view.setInt16(2, 2);
			}, 4),
			[-300, 2],
		],
		[
			0x0c,
			big(() => {
				view.setInt32(0, -70000);
				view.setInt32(4, 3);
			}, 8),
			[-70000, 3],
		],
		[
			0x0d,
			big(() => {
				view.setFloat32(0, 1.5);
				view.setFloat32(4, -0.25);
			}, 8),
			[1.5, -0.25],
		],
		[
			0x0e,
			big(() => {
				view.setFloat64(0, Math.PI);
				view.setFloat64(8, -2);
			}, 16),
			[Math.PI, -2],
		],
	];
	for (const [type, values, expected] of cases) {
		const file = idx(type, [2], values);
		for (const shift of [0, 1, 2, 3]) {
			const moved = Buffer.concat([Buffer.alloc(shift), file]).subarray(shift);
			expect(Array.from(parseIdx(moved).data)).toEqual(expected);
		}
	}
});

test("reads empty arrays and many dimensions", () => {
	expect(parseIdx(idx(0x08, [0, 28], new Uint8Array(0)))).toMatchObject({
		shape: [0, 28],
	});
	const ones = Array.from({ length: 255 }, () => 1);
	expect(parseIdx(gzipSync(idx(0x08, ones, Uint8Array.of(9)))).data[0]).toBe(9);
});

const damaged: [string, Buffer, RegExp][] = [
	["nothing", Buffer.alloc(0), /not an idx file: it begins with nothing/],
	[
		"another magic",
		Buffer.concat([Buffer.from("\x89PNG", "latin1"), bytes]),
		/not an idx file: it begins with 89504e47/,
	],
	["an unknown type", idx(0x07, [1], Uint8Array.of(1)), /begins with 00000701/],
	["no dimensions", Buffer.from([0, 0, 8, 0, 1]), /number of dimensions/],
	[
		"half a header",
		images.subarray(0, 9),
		/cut off: 3 sizes should follow its first 4 bytes, the file has 9 bytes/,
	],
	[
		"too few values",
		images.subarray(0, -1),
		/cut off: \[2,3,4\] needs 40 bytes, the file has 39/,
	],
	[
		"too many values",
		Buffer.concat([images, Buffer.alloc(2)]),
		/too long: \[2,3,4\] needs 40 bytes, the file has 42/,
	],
	[
		"sizes beyond all memory",
		idx(0x0e, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], bytes),
		/cut off/,
	],
	[
		"gzip: too few values",
		gzipSync(images.subarray(0, -1)),
		/cut off: \[2,3,4\] needs 40 bytes, the file has 39/,
	],
	[
		"gzip: too many values",
		gzipSync(Buffer.concat([images, Buffer.alloc(2)])),
		/too long: \[2,3,4\] needs 40 bytes, the file has more/,
	],
	[
		"gzip: cut off",
		gzipSync(images).subarray(0, -9),
		/damaged gzip: unexpected end of file/,
	],
	[
		"gzip: wrong checksum",
		Buffer.concat([
			gzipSync(images).subarray(0, -8),
			Buffer.alloc(4),
			gzipSync(images).subarray(-4),
		]),
		/damaged gzip: incorrect data check/,
	],
	[
		"gzip: sizes beyond what it can hold",
		gzipSync(idx(0x08, [2 ** 31, 2 ** 10], bytes)),
		/more than it can hold/,
	],
	[
		"gzip: a bomb behind a small header",
		gzipSync(Buffer.concat([images, Buffer.alloc(50_000_000)])),
		/too long/,
	],
];

test.each(damaged)("refuses %s", (_, file, message) => {
	const refused = () => parseIdx(file, "train-images");
	expect(refused).toThrow(TorchError);
	expect(refused).toThrow(message);
	expect(refused).toThrow(/^train-images: /);
});

test("errors name the file", () => {
	const folder = mkdtempSync(join(tmpdir(), "idx-"));
	try {
		const file = join(folder, "labels");
		writeFileSync(file, "no labels");
		expect(() => readIdx(file)).toThrow(
			`${file}: not an idx file: it begins with 6e6f206c`,
		);
		expect(() => readIdx(join(folder, "absent"))).toThrow(/ENOENT/);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

/** Mulberry32: the same numbers every time. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

test("20,000 damaged files give an array that fits or one TorchError", () => {
	const random = numbers(7);
	const upTo = (n: number) => Math.floor(random() * n);
	const originals = [
		images,
		gzipSync(images),
		idx(0x0d, [3, 2], new Uint8Array(24)),
		gzipSync(idx(0x0b, [300], new Uint8Array(600))),
	];
	let refused = 0;
	for (let i = 0; i < 20_000; i++) {
		let file = Buffer.from(originals[upTo(originals.length)] as Buffer);
		for (let changes = upTo(4); changes >= 0; changes--) {
			const at = upTo(file.length);
			const kind = upTo(4);
			if (kind === 0) file[at] = upTo(256);
			else if (kind === 1) file[upTo(Math.min(20, file.length))] = upTo(256);
			else if (kind === 2) file = file.subarray(0, at);
			else
				file = Buffer.concat([
					file.subarray(0, at),
					Buffer.alloc(upTo(5), upTo(256)),
					file.subarray(at),
				]);
		}
		try {
			const { shape, data } = parseIdx(file, "mutant");
			if (data.length !== shape.reduce((a, b) => a * b, 1))
				throw new Error(`${shape} of ${data.length}`);
		} catch (error) {
			if (!(error instanceof TorchError)) throw error;
			if (!error.message.startsWith("mutant: ")) throw error;
			refused++;
		}
	}
	expect(refused).toBeGreaterThan(10_000);
});
