import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import * as check from "../../check.ts";
import type { Collated } from "../../data/collate.ts";
import { Dataset, selectRows } from "../../data/dataset.ts";
import { TorchError } from "../../errors.ts";
import { type DownloadOptions, download } from "../../files/download.ts";
import { type Report, silent } from "../../files/report.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type IdxArray, readIdx } from "./idx.ts";

export interface MNISTOptions<Image, Target> {
	/** The training images (default), or the test images. */
	train?: boolean;
	/** Makes of an image, a uint8 tensor [1, H, W], what a sample has. */
	transform?: ((image: Tensor) => Image) | undefined;
	/** Makes of a label, 0 to 9, what a sample has. */
	targetTransform?: ((target: number) => Target) | undefined;
}

export interface DatasetDownloadOptions
	extends Pick<DownloadOptions, "retries" | "silence"> {
	/** Where to look instead of the data set's own places: folders as URLs. Hashes are checked all the same. */
	mirrors?: readonly string[];
	/** Told of every file and its progress. */
	report?: Report;
}

/** What is known of a data set in MNIST's form. */
export interface Source {
	/** Of the folder below `root`. */
	readonly name: string;
	readonly classes: readonly string[];
	/** URLs of folders. */
	readonly mirrors: readonly string[];
	/** SHA-256 of each file. */
	readonly files: Readonly<Record<string, string>>;
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
export class MNIST<Image = Tensor, Target = number> extends Dataset<
	[Image, Target]
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

	readonly root: string;
	readonly train: boolean;
	/** The names of the classes, by label. */
	readonly classes: readonly string[];
	/** All images, uint8 [N, H, W]. */
	readonly data: Tensor;
	/** All labels, int64 [N]. */
	readonly targets: Tensor;
	readonly length: number;
	readonly transform: ((image: Tensor) => Image) | undefined;
	readonly targetTransform: ((target: number) => Target) | undefined;
	readonly #images: Tensor; // [N, 1, H, W]
	readonly #labels: Uint8Array;

	/**
	 * Reads the files.
	 *
	 * @throws TorchError `ERR_MISSING_DATA` with every place that was looked at, or `ERR_INVALID_FILE` for a damaged one
	 */
	constructor(root: string, options: MNISTOptions<Image, Target> = {}) {
		super();
		const { source } = new.target;
		check.string(source.name, "root", root);
		check.options(source.name, options, [
			"train",
			"transform",
			"targetTransform",
		]);
		const { train = true, transform, targetTransform } = options;
		check.boolean(source.name, "train", train);
		const [images, labels] = read(source, root, train ? "train" : "t10k");
		this.root = root;
		this.train = train;
		this.classes = source.classes;
		this.transform = transform;
		this.targetTransform = targetTransform;
		this.length = labels.length;
		this.data = fromBlob(images.data, images.shape);
		this.targets = fromBlob(labels, [labels.length]).to("int64");
		this.#images = this.data.unsqueeze(1);
		this.#labels = labels;
		if (!transform && !targetTransform) {
			// nothing has to be made of each: a batch is one copy
			this.getBatch = (indices) =>
				selectRows([this.#images, this.targets], indices) as Collated<
					[Image, Target]
				>;
		}
	}

	getItem(index: number): [Image, Target] {
		const label = this.#labels[index];
		if (label === undefined) {
			throw check.invalidValue(
				(this.constructor as typeof MNIST).source.name,
				"index",
				`expected an integer from 0 to ${this.length - 1}, got ${index}`,
			);
		}
		const image = this.#images.select(0, index);
		return [
			this.transform ? this.transform(image) : (image as Image),
			this.targetTransform ? this.targetTransform(label) : (label as Target),
		];
	}

	/** The data set, downloaded first if `download` is true and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: MNISTOptions<Image, Target> & { download?: boolean } = {},
	): Promise<MNIST<Image, Target>> {
		check.boolean(MNIST.source.name, "download", download);
		// biome-ignore lint/complexity/noThisInStatic: the class that was asked, MNIST or one like it
		if (download) await this.download(root);
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
		{ mirrors, report = silent, ...options }: DatasetDownloadOptions = {},
	): Promise<void> {
		// biome-ignore lint/complexity/noThisInStatic: the class that was asked, MNIST or one like it
		const { source } = this;
		for (const [file, sha256] of Object.entries(source.files)) {
			if (find(source, root, file)) continue;
			report.step(`Downloading ${source.name}'s ${file}`);
			const target = join(root, source.name, "raw", file);
			await downloadFromAny(
				(mirrors ?? source.mirrors).map(
					(mirror) => new URL(file, mirror.replace(/\/?$/, "/")).href,
				),
				target,
				report,
				{ ...options, sha256 },
			);
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

/** Images [N, H, W] and labels [N] of a part, "train" or "t10k". */
function read(
	source: Source,
	root: string,
	part: string,
): [IdxArray, Uint8Array] {
	const [images, labels] = ["images-idx3", "labels-idx1"].map((kind, i) => {
		const file = `${part}-${kind}-ubyte.gz`;
		const path = find(source, root, file);
		if (path === undefined) throw missing(source, root, file);
		const array = readIdx(path);
		const dimensions = i === 0 ? 3 : 1;
		if (
			array.dtype === "uint8" &&
			array.shape.length === dimensions &&
			array.data.length > 0
		) {
			return { ...array, path };
		}
		const got = `${array.dtype} of shape [${array.shape}]`;
		throw invalid(
			path,
			`expected uint8 in ${dimensions} dimensions, got ${got}`,
		);
	}) as [IdxArray & { path: string }, IdxArray & { path: string }];
	const bytes = labels.data as Uint8Array;
	const count = images.shape[0];
	if (count !== bytes.length) {
		throw invalid(labels.path, `${bytes.length} labels for ${count} images`);
	}
	const wrong = bytes.findIndex((label) => label >= source.classes.length);
	if (wrong >= 0) {
		throw invalid(
			labels.path,
			`label ${bytes[wrong]} at ${wrong}, expected less than ${source.classes.length}`,
		);
	}
	return [images, bytes];
}

function missing(source: Source, root: string, file: string): TorchError {
	const places = placesOf(source, root).join(", ");
	const name = basename(file, ".gz");
	return new TorchError(
		`${source.name}: ${name}, gzipped or not, is in none of ${places}. ${source.advice}`,
		{ code: "ERR_MISSING_DATA" },
	);
}

function invalid(path: string, message: string): TorchError {
	return new TorchError(`${path}: ${message}`, { code: "ERR_INVALID_FILE" });
}

async function downloadFromAny(
	urls: readonly string[],
	target: string,
	report: Report,
	options: DownloadOptions,
): Promise<void> {
	const failures: string[] = [];
	for (const url of urls) {
		try {
			await download(url, target, report, options);
			return;
		} catch (error) {
			failures.push((error as Error).message);
		}
	}
	throw new TorchError(
		`${basename(target)} could not be downloaded:\n${failures.map((line) => `  ${line}`).join("\n")}`,
		{ code: "ERR_DOWNLOAD" },
	);
}
