import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { arange, full, randint } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import { encodePng } from "../../../lib/vision/io/index.ts";
import { ImageDataGenerator } from "../../../lib/vision/keras/index.ts";
import { restore, type Saved } from "../colour/fixtures.ts";

let root: string;
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "keras-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function put(path: string, bytes: Uint8Array | number): Promise<void> {
	const file = join(root, path);
	mkdirSync(dirname(file), { recursive: true });
	const image =
		typeof bytes === "number"
			? await encodePng(full([3, 4, 4], bytes, { dtype: "uint8" }))
			: bytes;
	writeFileSync(file, image);
}

async function all<T>(batches: AsyncIterable<T>): Promise<T[]> {
	const found: T[] = [];
	for await (const batch of batches) found.push(batch);
	return found;
}

interface Loaded {
	file: string;
	options: {
		targetSize: [number, number];
		interpolation: "nearest";
		colorMode: "rgb";
		keepAspectRatio: boolean;
	};
	out: Saved;
}

describe("files are loaded as Pillow loads them", () => {
	const path = join(__dirname, "../../fixtures/vision_keras/load.json.gz");
	const cases: Loaded[] = JSON.parse(gunzipSync(readFileSync(path)).toString());
	test.each(cases)("$options", async ({ file, options, out }) => {
		await put("load/class/picture.png", Buffer.from(file, "base64"));
		const loader = new ImageDataGenerator().flowFromDirectory(
			join(root, "load"),
			{ ...options, classMode: null },
		);
		const [batch] = await all(loader);
		const image = (batch as Tensor).select(0, 0);
		expect([image.dtype, image.shape]).toEqual([out.dtype, out.shape]);
		expect(image.toArray()).toEqual(restore(out).toArray());
	});
});

describe("flowFromDirectory", () => {
	beforeAll(async () => {
		for (const [i, name] of ["b", "a", "c", "d", "e"].entries()) {
			await put(`pets/cat/${name}.png`, 10 + i);
			await put(`pets/dog/${name}.PNG`, 100 + i);
		}
		await put("pets/dog/deep/z.png", 200);
		await put("pets/eel/only.png", 250);
		writeFileSync(join(root, "pets/cat/notes.txt"), "no image");
		symlinkSync(join(root, "pets/dog"), join(root, "pets/eel/linked"));
	});
	const load = { targetSize: [4, 4], shuffle: false } as const;
	const generator = new ImageDataGenerator({ validationSplit: 0.4 });

	test("lists classes and files in order", () => {
		const loader = generator.flowFromDirectory(join(root, "pets"), load);
		expect(loader.classIndices).toEqual({ cat: 0, dog: 1, eel: 2 });
		expect(loader.numClasses).toBe(3);
		expect(loader.samples).toBe(12);
		expect(loader.length).toBe(1);
		expect(loader.filenames).toEqual([
			...["a", "b", "c", "d", "e"].map((n) => `cat/${n}.png`),
			...["a", "b", "c", "d", "e"].map((n) => `dog/${n}.PNG`),
			"dog/deep/z.png",
			"eel/only.png",
		]);
		expect(loader.classes).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2]);
	});

	test("follows links where it is asked to, and takes the classes that it is given", () => {
		const loader = generator.flowFromDirectory(join(root, "pets"), {
			...load,
			classes: ["eel", "cat"],
			followLinks: true,
		});
		expect(loader.classIndices).toEqual({ eel: 0, cat: 1 });
		expect(loader.samples).toBe(7 + 5);
	});

	test("splits each class", () => {
		const names = (subset: "training" | "validation") =>
			generator.flowFromDirectory(join(root, "pets"), { ...load, subset })
				.filenames;
		expect(names("validation")).toEqual([
			"cat/a.png",
			"cat/b.png",
			"dog/a.PNG",
			"dog/b.PNG",
		]);
		expect(names("training")).toHaveLength(8);
	});

	test("gives the targets of each class mode", async () => {
		const first = async (classMode: "categorical" | "sparse" | "binary") => {
			const [batch] = await all(
				generator.flowFromDirectory(join(root, "pets"), {
					...load,
					classMode,
					batchSize: 12,
				}),
			);
			return batch as [Tensor, Tensor];
		};
		const labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2];
		const [x, sparse] = await first("sparse");
		expect([x.dtype, x.shape]).toEqual(["float32", [12, 3, 4, 4]]);
		expect(x.select(1, 0).select(1, 0).select(1, 0).tolist()).toEqual([
			11, 10, 12, 13, 14, 101, 100, 102, 103, 104, 200, 250,
		]);
		expect([sparse.dtype, sparse.tolist()]).toEqual([
			"int64",
			labels.map(BigInt).map(Number),
		]);
		const [, binary] = await first("binary");
		expect([binary.dtype, binary.tolist()]).toEqual(["float32", labels]);
		const [, categorical] = await first("categorical");
		expect([categorical.dtype, categorical.tolist()]).toEqual([
			"float32",
			labels.map((label) => [0, 1, 2].map((i) => Number(i === label))),
		]);
		const [inputs] = await all(
			generator.flowFromDirectory(join(root, "pets"), {
				...load,
				classMode: "input",
			}),
		);
		const [a, b] = inputs as [Tensor, Tensor];
		expect(a.equal(b)).toBe(true);
		const [images] = await all(
			generator.flowFromDirectory(join(root, "pets"), {
				...load,
				classMode: null,
			}),
		);
		expect((images as Tensor).shape).toEqual([12, 3, 4, 4]);
	});

	test("is the same again for the same seed, whichever file is read first", async () => {
		const random = new ImageDataGenerator({
			rotationRange: 90,
			zoomRange: 0.5,
			brightnessRange: [0.5, 1.5],
			horizontalFlip: true,
		});
		const run = async () => {
			manualSeed(7);
			const loader = random.flowFromDirectory(join(root, "pets"), {
				targetSize: [6, 5],
				batchSize: 5,
				classMode: "sparse",
			});
			expect(loader.length).toBe(3);
			return (await all(loader)).map(([x, y]) => [x.tolist(), y.tolist()]);
		};
		const first = await run();
		expect(await run()).toEqual(first);
	});

	test("names what it cannot read", async () => {
		await put("broken/one/bad.png", Buffer.from("not an image"));
		const loader = generator.flowFromDirectory(join(root, "broken"));
		await expect(all(loader)).rejects.toThrow(/bad\.png: not a JPEG, PNG/);
	});

	test.each<[string, () => unknown, RegExp]>([
		[
			"no images",
			() => generator.flowFromDirectory(join(root, "pets/cat")),
			/^flowFromDirectory: directory: expected a folder of images for each class in .*cat, found 0 folders and no images/,
		],
		[
			"no such class",
			() =>
				generator.flowFromDirectory(join(root, "pets"), { classes: ["cow"] }),
			/^flowFromDirectory: classes: .*cow/,
		],
		[
			"no directory",
			() => generator.flowFromDirectory(join(root, "nowhere")),
			/^flowFromDirectory: directory: .*nowhere/,
		],
		[
			"targetSize",
			() => generator.flowFromDirectory(root, { targetSize: [0, 5] }),
			/^flowFromDirectory: targetSize: expected a number at least 1, got 0/,
		],
		[
			"classMode",
			() => generator.flowFromDirectory(root, { classMode: "onehot" as never }),
			/^flowFromDirectory: classMode: expected one of "categorical", "sparse", "binary", "input"/,
		],
		[
			"unknown",
			() => generator.flowFromDirectory(root, { target_size: [5, 5] } as never),
			/^flowFromDirectory: target_size: unknown option; known are batchSize/,
		],
		[
			"subset",
			() => generator.flowFromDirectory(root, { subset: "test" as never }),
			/^flowFromDirectory: subset: expected one of "training", "validation"/,
		],
	])("refuses by name: %s", (_, call, message) => {
		expect(call).toThrow(message);
	});
});

describe("flow", () => {
	const images = randint(0, 256, [10, 3, 5, 4], { dtype: "uint8" });
	const labels = arange(10);

	test("gives batches of both, and keeps them together", async () => {
		const loader = new ImageDataGenerator({ rescale: 0.5 }).flow(
			images,
			labels,
			{ batchSize: 4 },
		);
		expect(loader.length).toBe(3);
		const seen: number[] = [];
		for await (const [x, y] of loader) {
			const rows = y.tolist() as number[];
			seen.push(...rows);
			rows.forEach((row, i) => {
				const expected = images.select(0, row).mul(0.5);
				expect(x.select(0, i).equal(expected)).toBe(true);
			});
		}
		expect(seen).not.toEqual(labels.tolist());
		expect(seen.sort((a, b) => a - b)).toEqual(labels.tolist());
	});

	test("splits off a part", async () => {
		const generator = new ImageDataGenerator({ validationSplit: 0.3 });
		const rows = async (subset: "training" | "validation") =>
			(
				await all(generator.flow(images, labels, { subset, shuffle: false }))
			).flatMap(([, y]) => y.tolist());
		expect(await rows("validation")).toEqual([0, 1, 2]);
		expect(await rows("training")).toEqual([3, 4, 5, 6, 7, 8, 9]);
	});

	test("takes images alone", async () => {
		const loader = new ImageDataGenerator().flow(images, {
			shuffle: false,
			batchSize: 10,
		});
		const [batch] = await all(loader);
		expect((batch as Tensor).equal(images.float())).toBe(true);
	});

	test.each<[string, () => unknown, RegExp]>([
		[
			"images",
			() => new ImageDataGenerator().flow(images.select(0, 0)),
			/^flow: images: expected a tensor \[N, C, H, W\], got one of shape \[3,5,4\]/,
		],
		[
			"labels",
			() => new ImageDataGenerator().flow(images, arange(9)),
			/^flow: labels: expected as many as images, 10, got shape \[9\]/,
		],
		[
			"batchSize",
			() => new ImageDataGenerator().flow(images, { batchSize: 0 }),
			/^flow: batchSize: expected a number at least 1, got 0/,
		],
		[
			"fit",
			() => new ImageDataGenerator().fit(arange(4)),
			/^fit: images: expected a tensor \[N, C, H, W\], got one of shape \[4\]/,
		],
		[
			"not fitted",
			() => new ImageDataGenerator({ zcaWhitening: true }).standardize(images),
			/^ImageDataGenerator: featurewiseCenter: needs statistics: call fit\(images\) first/,
		],
		[
			"parameters",
			() =>
				new ImageDataGenerator().applyTransform(images, { angle: 3 } as never),
			/^applyTransform: angle: unknown option; known are theta, tx, ty/,
		],
		...(
			[
				[{ rotationRange: -1 }, /rotationRange: expected a number at least 0/],
				[
					{ fillMode: "mirror" },
					/fillMode: expected one of "constant", "nearest", "reflect", "wrap"/,
				],
				[
					{ zoomRange: [2, 1] },
					/zoomRange: expected \[from, to\] with from <= to, got \[2, 1\]/,
				],
				[
					{ zoomRange: 1.5 },
					/zoomRange: expected a number at least 0, got -0.5/,
				],
				[
					{ brightnessRange: 0.5 },
					/brightnessRange: expected array, got number 0.5/,
				],
				[
					{ validationSplit: 1.5 },
					/validationSplit: expected a number from 0 to 1/,
				],
				[
					{ widthShiftRange: "a" },
					/widthShiftRange: expected array, got string "a"/,
				],
				[
					{ interpolationOrder: 3 },
					/interpolationOrder: expected a number from 0 to 1, got 3/,
				],
				[
					{ horizontalFlip: 1 },
					/horizontalFlip: expected boolean, got number 1/,
				],
				[
					{ rotation_range: 3 },
					/rotation_range: unknown option; known are featurewiseCenter/,
				],
				[
					{ preprocessingFunction: 3 },
					/preprocessingFunction: expected function/,
				],
			] as const
		).map(([options, message]): [string, () => unknown, RegExp] => [
			JSON.stringify(options),
			() => new ImageDataGenerator(options as never),
			new RegExp(`^ImageDataGenerator: ${message.source}`),
		]),
	])("refuses by name: %s", (_, call, message) => {
		expect(call).toThrow(message);
	});
});
