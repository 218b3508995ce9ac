import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type DatasetDownloadOptions,
	downloadOptions,
	fetchArchive,
	type LoadOptions,
	type SourceArchive,
} from "./download.ts";
import { checkLabels } from "./idxPair.ts";
import {
	ImageArrays,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";
import { type NumpyArray, readPlainPickle } from "./plainPickle.ts";
import { invalid, missing } from "./problems.ts";

export interface CIFAROptions<Image, Target>
	extends TransformOptions<Image, Target> {
	/** The training images (default), or the test images. */
	train?: boolean;
}

/** What is known of a data set in CIFAR's form. */
export interface CIFARSource extends SourceArchive {
	readonly trainFiles: readonly string[];
	readonly testFiles: readonly string[];
	readonly labelsKey: string;
	readonly metaFile: string;
	readonly classesKey: string;
}

/**
 * CIFAR-10: 50,000 training and 10,000 test photos, 32 × 32, in ten classes (https://www.cs.toronto.edu/~kriz/cifar.html), in the form "for Python".
 * Its pickles are read as data: nothing that they ask for is called.
 *
 * A sample is [image, target]: a uint8 tensor [3, 32, 32] and a number, each as its transform makes it. `data` is uint8 [N, 3, 32, 32].
 *
 * ```ts
 * const train = await CIFAR10.load("data", { download: true });
 * train.classes[train.getItem(0)[1]]; // "frog"
 * ```
 */
export class CIFAR10<Image = Tensor, Target = number> extends ImageArrays<
	Image,
	Target
> {
	static readonly source: CIFARSource = {
		name: "cifar-10-python.tar.gz",
		urls: ["https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"],
		md5: "c58f30108f718f92721af3b95e74349a",
		folder: "",
		contents: ["cifar-10-batches-py"],
		trainFiles: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}`),
		testFiles: ["test_batch"],
		labelsKey: "labels",
		metaFile: "batches.meta",
		classesKey: "label_names",
	};

	readonly train: boolean;

	/** @throws TorchError `ERR_MISSING_DATA` when the folder is not in `root`, or `ERR_INVALID_FILE` for a damaged file */
	constructor(root: string, options: CIFAROptions<Image, Target> = {}) {
		const { source, name } = new.target;
		check.string(name, "root", root);
		check.options(name, options, ["train", ...transformNames]);
		const { train = true } = options;
		check.boolean(name, "train", train);
		super({ root, ...read(name, source, root, train) }, options);
		this.train = train;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: CIFAROptions<Image, Target> & LoadOptions = {},
	): Promise<CIFAR10<Image, Target>> {
		const how = downloadOptions("CIFAR10", download);
		// biome-ignore lint/complexity/noThisInStatic: the class that was asked, CIFAR-10 or CIFAR-100
		if (how) await this.download(root, how);
		return new this(root, options);
	}

	/** Downloads the archive, 170 MB, and extracts it, unless it is there. */
	static download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		// biome-ignore lint/complexity/noThisInStatic: the class that was asked, CIFAR-10 or CIFAR-100
		return fetchArchive(root, this.source, options);
	}
}

/**
 * CIFAR-100: as CIFAR-10, in a hundred classes, 600 photos of each.
 *
 * ```ts
 * const train = await CIFAR100.load("data", { download: true });
 * train.classes[train.getItem(0)[1]]; // "cattle"
 * ```
 */
export class CIFAR100<Image = Tensor, Target = number> extends CIFAR10<
	Image,
	Target
> {
	static override readonly source: CIFARSource = {
		name: "cifar-100-python.tar.gz",
		urls: ["https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz"],
		md5: "eb9058c3a382ffc7106e4002c42a8d85",
		folder: "",
		contents: ["cifar-100-python"],
		trainFiles: ["train"],
		testFiles: ["test"],
		labelsKey: "fine_labels",
		metaFile: "meta",
		classesKey: "fine_label_names",
	};
}

function read(name: string, source: CIFARSource, root: string, train: boolean) {
	const folder = join(root, source.contents[0] as string);
	if (!existsSync(folder)) {
		throw missing(
			`${name}: ${folder} does not exist. ${name}.load(root, { download: true }) fetches it.`,
		);
	}
	const open = (file: string): [string, Buffer] => {
		const path = join(folder, file);
		if (existsSync(path)) return [path, readFileSync(path)];
		throw missing(
			`${name}: ${path} is missing. Remove the folder, and ${name}.load(root, { download: true }) fetches it anew.`,
		);
	};
	const [metaFile, meta] = open(source.metaFile);
	const classes = parseClasses(metaFile, meta, source.classesKey);
	const batches = (train ? source.trainFiles : source.testFiles).map((file) => {
		const [path, bytes] = open(file);
		return parseBatch(path, bytes, source.labelsKey, classes.length);
	});
	const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
	const data = Buffer.concat(batches.map((batch) => batch.data));
	return {
		classes,
		data: fromBlob(data, [count, 3, 32, 32]),
		labels: batches.flatMap((batch) => batch.labels),
	};
}

/** @internal The names in a pickled dictionary. */
export function parseClasses(
	file: string,
	bytes: Uint8Array,
	key: string,
): string[] {
	const names = readPlainPickle(file, bytes).get(key);
	const isRight =
		Array.isArray(names) && names.every((name) => typeof name === "string");
	if (isRight && names.length > 0) return names as string[];
	throw invalid(file, `has no list of strings named ${key}`);
}

const IMAGE = 3 * 32 * 32;

/** @internal Images and labels of a pickled dictionary. */
export function parseBatch(
	file: string,
	bytes: Uint8Array,
	key: string,
	classes: number,
): { data: Uint8Array; labels: number[] } {
	const batch = readPlainPickle(file, bytes);
	const images = batch.get("data") as NumpyArray | undefined;
	const labels = batch.get(key);
	const [rows, columns] = images?.shape ?? [];
	if (
		images?.dtype !== "u1" ||
		images.shape.length !== 2 ||
		columns !== IMAGE ||
		rows === 0
	) {
		throw invalid(
			file,
			`expected bytes of shape [N, ${IMAGE}] named data, got ${images?.shape ? `${images.dtype} of shape [${images.shape}]` : "none"}`,
		);
	}
	if (!Array.isArray(labels) || labels.length !== rows) {
		throw invalid(
			file,
			`expected a list of ${rows} numbers named ${key}, got ${Array.isArray(labels) ? labels.length : "none"}`,
		);
	}
	for (const label of labels)
		if (!Number.isInteger(label))
			throw invalid(file, `a label in ${key} is no integer`);
	checkLabels(file, labels as number[], classes);
	return { data: images.data, labels: labels as number[] };
}

importable(import.meta.url, CIFAR10, CIFAR100);
