import { existsSync, readFileSync } from "node:fs";
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
import { checkCount, checkLabels } from "./idxPair.ts";
import {
	ImageArrays,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";
import { parseMatlab } from "./matlab.ts";
import { invalid, missing } from "./problems.ts";

export type SVHNSplit = "train" | "test" | "extra";

export interface SVHNOptions<Image, Target>
	extends TransformOptions<Image, Target> {
	/** "train" */
	split?: SVHNSplit;
}

const hashes: Readonly<Record<SVHNSplit, string>> = {
	train: "e26dedcc434d2e4c54c9b2d4a06d8373",
	test: "eb5a983be6a315427106f1b164d9cef3",
	extra: "a93ce644f1a588dc4d68dda5feec44a7",
};

/**
 * SVHN: house numbers from Street View, 32 × 32, 73,257 for training, 26,032 for tests and 531,131 easier ones, "extra" (http://ufldl.stanford.edu/housenumbers/). The
 * digit 0, which the files call 10, has the label 0.
 *
 * ```ts
 * const test = await SVHN.load("data", { split: "test", download: true });
 * const [image, digit] = test.getItem(0); // uint8 [3, 32, 32] and 5
 * ```
 */
export class SVHN<Image = Tensor, Target = number> extends ImageArrays<
	Image,
	Target
> {
	readonly split: SVHNSplit;

	/** @throws TorchError `ERR_MISSING_DATA` when the file is not in `root`, or `ERR_INVALID_FILE` for a damaged one */
	constructor(root: string, options: SVHNOptions<Image, Target> = {}) {
		const op = "SVHN";
		check.string(op, "root", root);
		check.options(op, options, ["split", ...transformNames]);
		const { split = "train" } = options;
		check.oneOf(op, "split", split, Object.keys(hashes) as SVHNSplit[]);
		const file = join(root, `${split}_32x32.mat`);
		if (!existsSync(file)) {
			throw missing(
				`SVHN: ${file} does not exist. SVHN.load(root, { split: "${split}", download: true }) fetches it.`,
			);
		}
		const parts = parseSvhn(file, readFileSync(file));
		super({ root, classes: [..."0123456789"], ...parts }, options);
		this.split = split;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: SVHNOptions<Image, Target> & LoadOptions = {},
	): Promise<SVHN<Image, Target>> {
		const how = downloadOptions("SVHN", download);
		if (how) await SVHN.download(root, options.split, how);
		return new SVHN(root, options);
	}

	/** Downloads a part, "train" by default, unless it is there. */
	static download(
		root: string,
		split: SVHNSplit = "train",
		options?: DatasetDownloadOptions,
	): Promise<void> {
		const name = `${split}_32x32.mat`;
		const urls = addressesOf(name, ["http://ufldl.stanford.edu/housenumbers/"]);
		return fetchFile(root, { name, urls, md5: hashes[split] }, options);
	}
}

const MAX_BYTES = 2 ** 31; // "extra" has 1.6 GB

/** @internal */
export function parseSvhn(file: string, bytes: Uint8Array) {
	const arrays = parseMatlab(file, bytes, MAX_BYTES);
	const [images, targets] = ["X", "y"].map((name) => {
		const array = arrays.get(name);
		if (array) return array;
		throw invalid(file, `has no array of numbers named ${name}`);
	}) as [ReturnType<typeof arrays.get> & object, { data: Uint8Array }];
	const [height, width, channels, count = 1] = images.shape;
	const isRight = height === 32 && width === 32 && channels === 3;
	if (!isRight || !(images.data instanceof Uint8Array)) {
		throw invalid(
			file,
			`expected bytes [32, 32, 3, N] named X, got shape [${images.shape}]`,
		);
	}
	const labels = Int32Array.from(targets.data, (label) =>
		label === 10 ? 0 : label,
	);
	checkCount(file, labels.length, [count]);
	checkLabels(file, labels, 10);
	using columns = fromBlob(images.data, [count, 3, 32, 32]); // N, C, W, H
	using rows = columns.transpose(2, 3);
	return { data: rows.contiguous(), labels };
}

importable(import.meta.url, SVHN);
