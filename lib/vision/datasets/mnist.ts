import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	addressesOf,
	type DatasetDownloadOptions,
	downloadOptions,
	fetchFile,
	type LoadOptions,
} from "./download.ts";
import { readPair } from "./idxPair.ts";
import {
	ImageArrays,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";
import { missing } from "./problems.ts";

export interface MNISTOptions<Image, Target>
	extends TransformOptions<Image, Target> {
	/** The training images (default), or the test images. */
	train?: boolean;
}

/** What is known of a data set in MNIST's form. */
export interface Source {
	/** Of the folder below `root`. */
	readonly name: string;
	readonly classes: readonly string[];
	/** URLs of folders. */
	readonly mirrors: readonly string[];
	/** SHA-256 of each file, or another hash by its name. */
	readonly files: Readonly<Record<string, string | { md5: string }>>;
	/** Where a system's package puts the files. */
	readonly system?: string;
	/** How one gets them. */
	readonly advice: string;
}

/**
 * The 70,000 handwritten digits of MNIST, 28 × 28; and the base of the sets that have its form: four idx files, gzipped or not.
 *
 * They are looked for in `root`/MNIST/raw, where torchvision puts them, and in `root` itself. A sample is [image, target]: a uint8 tensor
 * [1, 28, 28] and a number, each as its transform makes it.
 *
 * ```ts
 * const data = await MNIST.load("data", { download: true, transform: new ToTensor() });
 * const [image, label] = data.getItem(0); // float32 [1, 28, 28] and 5
 * ```
 */
export class MNIST<Image = Tensor, Target = number> extends ImageArrays<
	Image,
	Target
> {
	static readonly source: Source = {
		name: "MNIST",
		classes: [
			"0 - zero",
			"1 - one",
			"2 - two",
			"3 - three",
			"4 - four",
			"5 - five",
			"6 - six",
			"7 - seven",
			"8 - eight",
			"9 - nine",
		],
		mirrors: [
			"https://ossci-datasets.s3.amazonaws.com/mnist/",
			"https://storage.googleapis.com/cvdf-datasets/mnist/",
		],
		files: {
			"train-images-idx3-ubyte.gz":
				"440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
			"train-labels-idx1-ubyte.gz":
				"3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
			"t10k-images-idx3-ubyte.gz":
				"8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
			"t10k-labels-idx1-ubyte.gz":
				"f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
		},
		advice: "MNIST.load(root, { download: true }) fetches it.",
	};

	readonly train: boolean;

	/**
	 * Reads the files.
	 *
	 * @throws TorchError `ERR_MISSING_DATA` with every place that was looked at, or `ERR_INVALID_FILE` for a damaged one
	 */
	constructor(root: string, options: MNISTOptions<Image, Target> = {}) {
		const { source } = new.target;
		check.string(source.name, "root", root);
		check.options(source.name, options, ["train", ...transformNames]);
		const { train = true } = options;
		check.boolean(source.name, "train", train);
		super(
			{ root, classes: source.classes, ...read(source, root, train) },
			options,
		);
		this.train = train;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: MNISTOptions<Image, Target> & LoadOptions = {},
	): Promise<MNIST<Image, Target>> {
		const how = downloadOptions(MNIST.source.name, download);
		// biome-ignore lint/complexity/noThisInStatic: the class that was asked, MNIST or one like it
		if (how) await this.download(root, how);
		return new this(root, options);
	}

	/**
	 * Downloads the files that are nowhere yet into `root`/<name>/raw: continued where a connection broke, checked, and put there whole or not at
	 * all.
	 *
	 * @throws TorchError `ERR_DOWNLOAD` with every mirror and why it failed
	 */
	static async download(
		root: string,
		options: DatasetDownloadOptions = {},
	): Promise<void> {
		// biome-ignore lint/complexity/noThisInStatic: the class that was asked, MNIST or one like it
		const { source } = this;
		for (const [file, hash] of Object.entries(source.files)) {
			if (find(source, root, file)) continue;
			const urls = addressesOf(file, source.mirrors);
			const folder = join(root, source.name, "raw");
			const known = typeof hash === "string" ? { sha256: hash } : hash;
			await fetchFile(folder, { name: file, urls, ...known }, options);
		}
	}
}

/** Where a file lies, gzipped or not; undefined: nowhere. */
function find(source: Source, root: string, file: string): string | undefined {
	return placesOf(source, root)
		.flatMap((place) => [join(place, basename(file, ".gz")), join(place, file)])
		.find((path) => existsSync(path));
}

function placesOf({ name, system }: Source, root: string): string[] {
	return [join(root, name, "raw"), root, ...(system ? [system] : [])];
}

/** Images [N, H, W] and labels [N] of a part. */
function read(source: Source, root: string, train: boolean) {
	const part = train ? "train" : "t10k";
	const [images, labels] = ["images-idx3", "labels-idx1"].map((kind) => {
		const file = `${part}-${kind}-ubyte.gz`;
		const path = find(source, root, file);
		if (path !== undefined) return path;
		const places = placesOf(source, root).join(", ");
		const name = basename(file, ".gz");
		throw missing(
			`${source.name}: ${name}, gzipped or not, is in none of ${places}. ${source.advice}`,
		);
	}) as [string, string];
	return readPair(images, labels, source.classes.length);
}

importable(import.meta.url, MNIST);
