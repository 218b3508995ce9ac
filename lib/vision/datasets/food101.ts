import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type DatasetDownloadOptions,
	downloadOptions,
	fetchArchive,
	type LoadOptions,
	type SourceArchive,
} from "./download.ts";
import {
	LabelledFiles,
	type LoaderOptions,
	loaderNames,
} from "./imageFiles.ts";
import { invalid, missing, parseJson } from "./problems.ts";
import { byCodePoint } from "./walk.ts";

export interface Food101Options<Image, Target>
	extends LoaderOptions<Image, Target> {
	/** "train" */
	split?: "train" | "test";
}

/**
 * Food-101: 101,000 photos of dishes in 101 classes, 750 of each for training and 250 for tests (https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/).
 *
 * ```ts
 * const train = await Food101.load("data", { download: true });
 * const [image, label] = await train.getItem(0); // uint8 [3, H, W] and a number
 * ```
 */
export class Food101<Image = Tensor, Target = number> extends LabelledFiles<
	Image,
	Target
> {
	/** @internal */
	static readonly source: SourceArchive = {
		name: "food-101.tar.gz",
		urls: ["http://data.vision.ee.ethz.ch/cvl/food-101.tar.gz"],
		md5: "85eeb15f3717b99a5da872d97d918f87",
		folder: "",
		contents: ["food-101"],
	};

	readonly split: "train" | "test";

	/** @throws TorchError `ERR_MISSING_DATA` when the folder is not in `root`, or `ERR_INVALID_FILE` for a damaged list */
	constructor(root: string, options: Food101Options<Image, Target> = {}) {
		const op = "Food101";
		check.string(op, "root", root);
		check.options(op, options, ["split", ...loaderNames]);
		const { split = "train", loader, ...transforms } = options;
		check.oneOf(op, "split", split, ["train", "test"]);
		super({ root, loader, ...read(root, split) }, transforms);
		this.split = split;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: Food101Options<Image, Target> & LoadOptions = {},
	): Promise<Food101<Image, Target>> {
		const how = downloadOptions("Food101", download);
		if (how) await Food101.download(root, how);
		return new Food101(root, options);
	}

	/** Downloads the archive, 5 GB, and extracts it, unless it is there. */
	static download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		return fetchArchive(root, Food101.source, options);
	}
}

function read(root: string, split: string) {
	const folder = join(root, "food-101");
	const file = join(folder, "meta", `${split}.json`);
	if (!existsSync(file)) {
		throw missing(
			`Food101: ${file} does not exist. Food101.load(root, { download: true }) fetches it.`,
		);
	}
	const lists = parseLists(file, readFileSync(file, "utf8"));
	const classes = [...lists.keys()].sort(byCodePoint);
	const files: string[] = [];
	const targets: number[] = [];
	for (const [name, names] of lists) {
		for (const each of names) {
			files.push(join(folder, "images", `${each}.jpg`));
			targets.push(classes.indexOf(name));
		}
	}
	return { classes, files, targets };
}

/** @internal The images of each class. */
export function parseLists(file: string, text: string): Map<string, string[]> {
	const lists = parseJson(file, text);
	const entries = Object.entries(Object(lists) as Record<string, unknown>);
	const isName = (name: unknown) =>
		typeof name === "string" && !name.split("/").includes("..");
	const isRight = entries.every(
		([, names]) => Array.isArray(names) && names.every(isName),
	);
	if (isRight && entries.length > 0) return new Map(entries) as never;
	throw invalid(file, "expected a list of image names for each class");
}

importable(import.meta.url, Food101);
