/** Damaged files of every form that a data set has: each gives data that fit, or one TorchError with the file's name. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TorchError } from "../../../lib/errors.ts";
import { bunzip2 } from "../../../lib/vision/datasets/bunzip2.ts";
import {
	parseBatch,
	parseClasses,
} from "../../../lib/vision/datasets/cifar.ts";
import { parseCoco } from "../../../lib/vision/datasets/coco.ts";
import { parseLists } from "../../../lib/vision/datasets/food101.ts";
import { parseMatlab } from "../../../lib/vision/datasets/matlab.ts";
import { paletteIndices } from "../../../lib/vision/datasets/readMask.ts";
import { parseSvhn } from "../../../lib/vision/datasets/svhn.ts";
import { parseUsps } from "../../../lib/vision/datasets/usps.ts";
import { parseAnnotation } from "../../../lib/vision/datasets/voc.ts";
import {
	filesToDamage,
	fuzzSeed,
	mutate,
	numbers,
} from "../../support/mutate.ts";

const folder = join(__dirname, "../../fixtures/datasets");
const bytesOf = (name: string) => readFileSync(join(folder, name));
const name = "mutant";
const count = filesToDamage(2_000);

const forms: [string, string[], (bytes: Buffer) => unknown, number][] = [
	[
		"CIFAR's batches",
		["CIFAR10/cifar-10-batches-py/data_batch_1"],
		(bytes) => {
			const { data, labels } = parseBatch(name, bytes, "labels", 10);
			if (data.length !== labels.length * 3072) throw new Error("no fit");
		},
		0.5,
	],
	[
		"CIFAR's batches of Python 3",
		["CIFAR100/cifar-100-python/train"],
		(bytes) => parseBatch(name, bytes, "fine_labels", 100),
		0.5,
	],
	[
		"CIFAR's names",
		["CIFAR10/cifar-10-batches-py/batches.meta"],
		(bytes) => parseClasses(name, bytes, "label_names"),
		0.3,
	],
	[
		"MATLAB's files",
		["SVHN/train_32x32.mat", "SVHN/test_32x32.mat"],
		(bytes) => {
			const { data, labels } = parseSvhn(name, bytes);
			if (data.size(0) !== labels.length) throw new Error("no fit");
			data.dispose();
		},
		0.3,
	],
	[
		"MATLAB's tables",
		[
			"Flowers102/flowers-102/setid.mat",
			"Flowers102/flowers-102/imagelabels.mat",
		],
		(bytes) => parseMatlab(name, bytes, 1 << 20),
		0.3,
	],
	[
		"USPS",
		["USPS/usps.bz2"],
		(bytes) => parseUsps(name, bytes).data.dispose(),
		0.8,
	],
	["bzip2", ["USPS/usps.t.bz2"], (bytes) => bunzip2(name, bytes, 1 << 20), 0.8],
	[
		"COCO",
		["COCO/instances.json"],
		(bytes) => parseCoco(name, bytes.toString()),
		0.5,
	],
	[
		"VOC's annotations",
		["VOC/VOCdevkit/VOC2012/Annotations/2007_000032.xml"],
		(bytes) => parseAnnotation(name, bytes.toString()),
		0.2,
	],
	[
		"masks",
		["VOC/VOCdevkit/VOC2012/SegmentationClass/2007_000027.png"],
		(bytes) => paletteIndices(name, bytes)?.dispose(),
		0.1,
	],
	[
		"Food-101's lists",
		["Food101/food-101/meta/train.json"],
		(bytes) => parseLists(name, bytes.toString()),
		0.5,
	],
];

test.each(forms)(
	`${count} damaged files: %s (TORCH_NODE_FUZZ_SEED=${fuzzSeed})`,
	(_, names, parse, refusedPart) => {
		const random = numbers(fuzzSeed);
		const originals = names.map(bytesOf);
		for (const original of originals) parse(original);
		let refused = 0;
		const before = process.memoryUsage().rss;
		for (let i = 0; i < count; i++) {
			const original = originals[i % originals.length] as Buffer;
			try {
				parse(mutate(original, random));
			} catch (error) {
				if (!(error instanceof TorchError)) throw error;
				if (!/^mutant: [^\n]{1,300}$/.test(error.message)) throw error;
				refused++;
			}
		}
		expect(refused).toBeGreaterThan(count * refusedPart);
		expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
	},
	20 * 60_000,
);

test.each([
	["a document type", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
	["an unknown entity", "<a>&b;</a>"],
	["an entity without an end", "<a>&amp</a>"],
	["an element without an end", "<a><b></b>"],
	["an end without a beginning", "<a></b></a>"],
	["two elements", "<a/><b/>"],
	["text outside", "<a/>text"],
	["nothing", ""],
	["endless depth", "<a>".repeat(5000)],
	["a slow attribute", `<a ${"x='".repeat(20_000)}`],
])("XML with %s is refused", (_, text) => {
	const begun = process.hrtime.bigint();
	expect(() => parseAnnotation("a.xml", text)).toThrow(/^a\.xml: /);
	expect(Number(process.hrtime.bigint() - begun)).toBeLessThan(5e9);
});
