import { existsSync } from "node:fs";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	addressesOf,
	type DatasetDownloadOptions,
	downloadOptions,
	fetchFile,
	type LoadOptions,
} from "./download.ts";
import { readIdx } from "./idx.ts";
import { checkCount, checkLabels, readBytes } from "./idxPair.ts";
import {
	ImageArrays,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";
import { MNIST } from "./mnist.ts";
import { invalid, missing } from "./problems.ts";

/** A part of QMNIST: MNIST's training images; all 60,000 test images, the 10,000 that MNIST has, the other 50,000; all of NIST's digits. */
export type QMNISTPart = "train" | "test" | "test10k" | "test50k" | "nist";

export interface QMNISTOptions<Image, Target>
	extends TransformOptions<Image, Target, number & Tensor> {
	/** Which part. Default: "train" or "test", as `train` says. */
	what?: QMNISTPart;
	/** The training images (default), or the test images. */
	train?: boolean;
	/** Whether a target is a digit (default), or all that is known of an image: int64 [8]. */
	compat?: boolean;
}

const hashes = {
	"qmnist-train-images-idx3-ubyte.gz": "ed72d4157d28c017586c42bc6afe6370",
	"qmnist-train-labels-idx2-int.gz": "0058f8dd561b90ffdd0f734c6a30e5e4",
	"qmnist-test-images-idx3-ubyte.gz": "1394631089c404de565df7b7aeaf9412",
	"qmnist-test-labels-idx2-int.gz": "5b5b05890a5e13444e108efe57b788aa",
} as const;

const files = (what: QMNISTPart): [images: string, labels: string] => {
	const prefix =
		what === "nist" ? "xnist" : `qmnist-${what === "train" ? what : "test"}`;
	return [`${prefix}-images-idx3-ubyte`, `${prefix}-labels-idx2-int`];
};

/**
 * QMNIST: MNIST's digits made anew from NIST's, with all 60,000 test images, and who wrote each (https://github.com/facebookresearch/qmnist).
 *
 * The columns of `info` are: the digit, NIST's series, the writer, the image's number among the writer's, NIST's class, NIST's number, and two that are
 * zero. "nist" is read from files unpacked with `xz -d` only, since Node.js cannot unpack them.
 *
 * ```ts
 * const test = await QMNIST.load("data", { what: "test50k", download: true });
 * const [image, digit] = test.getItem(0); // uint8 [1, 28, 28] and 3
 * ```
 */
export class QMNIST<Image = Tensor, Target = number> extends ImageArrays<
	Image,
	Target
> {
	readonly what: QMNISTPart;
	readonly compat: boolean;
	/** int64 [N, 8] */
	readonly info: Tensor;

	/** @throws TorchError `ERR_MISSING_DATA` with every place that was looked at, or `ERR_INVALID_FILE` for a damaged file */
	constructor(root: string, options: QMNISTOptions<Image, Target> = {}) {
		const op = "QMNIST";
		check.string(op, "root", root);
		const names = ["what", "train", "compat", ...transformNames];
		check.options(op, options, names);
		const { train = true, compat = true } = options;
		check.boolean(op, "train", train);
		check.boolean(op, "compat", compat);
		const what = options.what ?? (train ? "train" : "test");
		check.oneOf(op, "what", what, [
			"train",
			"test",
			"test10k",
			"test50k",
			"nist",
		]);
		const { info, ...parts } = read(root, what);
		super({ root, classes: MNIST.source.classes, ...parts }, options);
		this.what = what;
		this.compat = compat;
		this.info = info;
	}

	protected override rawTargets(): Tensor {
		return this.compat ? this.targets : this.info;
	}

	protected override rawTarget(index: number): unknown {
		return this.compat ? this.labels[index] : this.info.select(0, index);
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: QMNISTOptions<Image, Target> & LoadOptions = {},
	): Promise<QMNIST<Image, Target>> {
		const how = downloadOptions("QMNIST", download);
		if (how) await QMNIST.download(root, how);
		return new QMNIST(root, options);
	}

	/** Downloads the training and the test images, unless they are there. */
	static async download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		for (const [name, md5] of Object.entries(hashes)) {
			const urls = addressesOf(name, [
				"https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
			]);
			if (find(root, name.replace(/\.gz$/, ""))) continue;
			await fetchFile(join(root, "QMNIST/raw"), { name, urls, md5 }, options);
		}
	}
}

const placesOf = (root: string) => [join(root, "QMNIST/raw"), root];

function find(root: string, file: string): string | undefined {
	return placesOf(root)
		.flatMap((place) => [join(place, file), join(place, `${file}.gz`)])
		.find((path) => existsSync(path));
}

function read(root: string, what: QMNISTPart) {
	const [imagesFile, labelsFile] = files(what).map((file) => {
		const path = find(root, file);
		if (path !== undefined) return path;
		const advice =
			what === "nist"
				? `xz -d unpacks ${file}.xz.`
				: "QMNIST.load(root, { download: true }) fetches it.";
		throw missing(
			`QMNIST: ${file} is in none of ${placesOf(root).join(", ")}. ${advice}`,
		);
	}) as [string, string];
	const images = readBytes(imagesFile, 3);
	const table = readIdx(labelsFile);
	const [rows = 0, columns] = table.shape;
	if (table.dtype !== "int32" || table.shape.length !== 2 || columns !== 8) {
		throw invalid(
			labelsFile,
			`expected int32 [N, 8], got ${table.dtype} of shape [${table.shape}]`,
		);
	}
	checkCount(labelsFile, rows, images.shape);
	const values = table.data as Int32Array;
	const digits = Int32Array.from(
		{ length: rows },
		(_, i) => values[8 * i] as number,
	);
	checkLabels(labelsFile, digits, 10);
	const [start, end] = rangeOf(what, rows);
	const range = (t: Tensor) => t.slice(0, start, end);
	return {
		data: range(fromBlob(images.data, images.shape)),
		labels: digits.subarray(start, end),
		info: range(fromBlob(values, [rows, 8]).to("int64")),
	};
}

function rangeOf(what: QMNISTPart, rows: number): [number, number] {
	if (what === "test10k") return [0, Math.min(10_000, rows)];
	if (what === "test50k") return [Math.min(10_000, rows), rows];
	return [0, rows];
}

importable(import.meta.url, QMNIST);
