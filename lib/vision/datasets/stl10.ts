import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import { cat } from "../../generated/functions.ts";
import { ReadFile } from "../../io/files.ts";
import { fromBlob, tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type DatasetDownloadOptions,
	downloadOptions,
	fetchArchive,
	type LoadOptions,
	type SourceArchive,
} from "./download.ts";
import { checkCount, checkLabels } from "./idxPair.ts";
import {
	ImageArrays,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";
import { invalid, missing } from "./problems.ts";

export type STL10Split = "train" | "test" | "unlabeled" | "train+unlabeled";

export interface STL10Options<Image, Target>
	extends TransformOptions<Image, Target> {
	/** "train" */
	split?: STL10Split;
	/** One of the ten folds of 1,000 training images, 0 to 9. Default: all 5,000. */
	folds?: number | undefined;
}

/**
 * STL-10: 5,000 training and 8,000 test photos, 96 × 96, in ten classes, and 100,000 without labels, whose label is -1 (https://cs.stanford.edu/~acoates/stl10/).
 *
 * ```ts
 * const train = await STL10.load("data", { download: true });
 * const [image, label] = train.getItem(0); // uint8 [3, 96, 96] and 1
 * ```
 */
export class STL10<Image = Tensor, Target = number> extends ImageArrays<
	Image,
	Target
> {
	/** @internal */
	static readonly source: SourceArchive = {
		name: "stl10_binary.tar.gz",
		urls: ["http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz"],
		md5: "91f7769df0f17e558f3565bffb0c7dfb",
		folder: "",
		contents: ["stl10_binary"],
	};

	readonly split: STL10Split;
	readonly folds: number | undefined;

	/** @throws TorchError `ERR_MISSING_DATA` when the folder is not in `root`, or `ERR_INVALID_FILE` for a damaged file */
	constructor(root: string, options: STL10Options<Image, Target> = {}) {
		const op = "STL10";
		check.string(op, "root", root);
		check.options(op, options, ["split", "folds", ...transformNames]);
		const { split = "train", folds } = options;
		check.oneOf(op, "split", split, [
			"train",
			"test",
			"unlabeled",
			"train+unlabeled",
		]);
		if (folds !== undefined)
			check.integer(op, "folds", folds, { min: 0, max: 9 });
		super({ root, ...read(root, split, folds) }, options);
		this.split = split;
		this.folds = folds;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: STL10Options<Image, Target> & LoadOptions = {},
	): Promise<STL10<Image, Target>> {
		const how = downloadOptions("STL10", download);
		if (how) await STL10.download(root, how);
		return new STL10(root, options);
	}

	/** Downloads the archive, 2.6 GB, and extracts it, unless it is there. */
	static download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		return fetchArchive(root, STL10.source, options);
	}
}

const SIDE = 96;
const IMAGE = 3 * SIDE * SIDE;

interface Part {
	data: Tensor;
	labels: Int32Array;
}

function read(root: string, split: STL10Split, folds: number | undefined) {
	const folder = join(root, "stl10_binary");
	if (!existsSync(folder)) {
		throw missing(
			`STL10: ${folder} does not exist. STL10.load(root, { download: true }) fetches it.`,
		);
	}
	const names = join(folder, "class_names.txt");
	const classes = existsSync(names) ? linesOf(names) : [];
	const parts = split.split("+").map((name) => {
		const part = readPart(folder, name as "train" | "test" | "unlabeled");
		return name === "train" && folds !== undefined
			? fold(part, join(folder, "fold_indices.txt"), folds)
			: part;
	});
	return {
		classes,
		data: cat(parts.map(({ data }) => data)),
		labels: Int32Array.from(parts.flatMap(({ labels }) => [...labels])),
	};
}

const linesOf = (file: string): string[] =>
	readFileSync(file, "utf8")
		.split(/\r?\n/)
		.filter((line) => line !== "");

function readPart(folder: string, name: "train" | "test" | "unlabeled"): Part {
	const file = join(folder, `${name}_X.bin`);
	using opened = new ReadFile(file); // readFileSync ends at 2 GB
	const bytes = opened.bytes(0, opened.size);
	const count = bytes.length / IMAGE;
	if (!Number.isInteger(count) || count === 0) {
		throw invalid(
			file,
			`expected a multiple of ${IMAGE} bytes, got ${bytes.length}`,
		);
	}
	using columns = fromBlob(bytes, [count, 3, SIDE, SIDE]); // N, C, W, H
	const data = columns.transpose(2, 3);
	if (name === "unlabeled")
		return { data, labels: new Int32Array(count).fill(-1) };
	const labelsFile = join(folder, `${name}_y.bin`);
	const labels = Int32Array.from(readFileSync(labelsFile), (y) => y - 1);
	checkCount(labelsFile, labels.length, [count]);
	checkLabels(labelsFile, labels, 10);
	return { data, labels };
}

function fold({ data, labels }: Part, file: string, number: number): Part {
	const indices = (linesOf(file)[number] ?? "").trim().split(/\s+/).map(Number);
	const isIndex = (i: number) =>
		Number.isInteger(i) && i >= 0 && i < labels.length;
	if (!indices.every(isIndex))
		throw invalid(file, `line ${number + 1} has no indices of images`);
	return {
		data: data.indexSelect(0, tensor(indices, { dtype: "int64" })),
		labels: Int32Array.from(indices, (i) => labels[i] as number),
	};
}

importable(import.meta.url, STL10);
