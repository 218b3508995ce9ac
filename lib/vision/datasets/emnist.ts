import { existsSync } from "node:fs";
import { basename, join } from "node:path";
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
import { readPair } from "./idxPair.ts";
import {
	ImageArrays,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";
import { missing } from "./problems.ts";

/** The ways in which EMNIST divides its characters into classes. */
export type EMNISTSplit =
	| "byclass"
	| "bymerge"
	| "balanced"
	| "letters"
	| "digits"
	| "mnist";

export interface EMNISTOptions<Image, Target>
	extends TransformOptions<Image, Target> {
	/** The training images (default), or the test images. */
	train?: boolean;
}

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const digits = [..."0123456789"];
const byclass = [...digits, ..."ABCDEFGHIJKLMNOPQRSTUVWXYZ", ...letters];
const merged = byclass.filter((name) => !"cijklmopsuvwxyz".includes(name)); // those whose small letter looks like the capital

const classes: Readonly<Record<EMNISTSplit, readonly string[]>> = {
	byclass,
	bymerge: merged,
	balanced: merged,
	letters: ["N/A", ...letters], // labels begin at 1
	digits,
	mnist: digits,
};

/**
 * Handwritten digits and letters, 28 × 28, in six divisions (https://www.nist.gov/itl/products-and-services/emnist-dataset). As in the files, images lie on their sides:
 * rows and columns are exchanged.
 *
 * The files are looked for in `root`/EMNIST/raw, where torchvision puts them, gzipped or not.
 *
 * ```ts
 * const train = await EMNIST.load("data", "letters", { download: true });
 * train.classes[train.getItem(0)[1]]; // "w"
 * ```
 */
export class EMNIST<Image = Tensor, Target = number> extends ImageArrays<
	Image,
	Target
> {
	/** @internal */
	static readonly source: SourceArchive = {
		name: "gzip.zip",
		urls: ["https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"],
		md5: "58c8d27c78d21e728a6bc7b3cc06412e",
		folder: "EMNIST/raw",
		contents: ["gzip"],
	};

	readonly split: EMNISTSplit;
	readonly train: boolean;

	/** @throws TorchError `ERR_MISSING_DATA` with every place that was looked at, or `ERR_INVALID_FILE` for a damaged file */
	constructor(
		root: string,
		split: EMNISTSplit,
		options: EMNISTOptions<Image, Target> = {},
	) {
		const op = "EMNIST";
		check.string(op, "root", root);
		check.oneOf(op, "split", split, Object.keys(classes) as EMNISTSplit[]);
		check.options(op, options, ["train", ...transformNames]);
		const { train = true } = options;
		check.boolean(op, "train", train);
		const part = `emnist-${split}-${train ? "train" : "test"}`;
		const [images, labels] = ["images-idx3", "labels-idx1"].map((kind) =>
			find(root, `${part}-${kind}-ubyte`),
		) as [string, string];
		const names = classes[split];
		super(
			{ root, classes: names, ...readPair(images, labels, names.length) },
			options,
		);
		this.split = split;
		this.train = train;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		split: EMNISTSplit,
		{
			download = false,
			...options
		}: EMNISTOptions<Image, Target> & LoadOptions = {},
	): Promise<EMNIST<Image, Target>> {
		const how = downloadOptions("EMNIST", download);
		if (how) await EMNIST.download(root, how);
		return new EMNIST(root, split, options);
	}

	/** Downloads all six divisions, half a gigabyte, unless they are there. */
	static download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		return fetchArchive(root, EMNIST.source, options);
	}
}

function find(root: string, file: string): string {
	const folder = join(root, "EMNIST/raw");
	const places = [folder, join(folder, "gzip"), root];
	const found = places
		.flatMap((place) => [join(place, file), join(place, `${file}.gz`)])
		.find((path) => existsSync(path));
	if (found !== undefined) return found;
	throw missing(
		`EMNIST: ${basename(file)}, gzipped or not, is in none of ${places.join(", ")}. EMNIST.load(root, split, { download: true }) fetches it.`,
	);
}

importable(import.meta.url, EMNIST);
