import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { bunzip2 } from "./bunzip2.ts";
import {
	addressesOf,
	type DatasetDownloadOptions,
	downloadOptions,
	fetchFile,
	type LoadOptions,
} from "./download.ts";
import {
	ImageArrays,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";
import { invalid, missing } from "./problems.ts";

export interface USPSOptions<Image, Target>
	extends TransformOptions<Image, Target> {
	/** The training images (default), or the test images. */
	train?: boolean;
}

const hashes = {
	"usps.bz2": "ec16c51db3855ca6c91edd34d0e9b197",
	"usps.t.bz2": "8ea070ee2aca1ac39742fdd1ef5ed118",
} as const;

/**
 * USPS: 9,298 digits from American letters, 16 × 16, 7,291 of them for training (https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps).
 *
 * ```ts
 * const train = await USPS.load("data", { download: true });
 * const [image, digit] = train.getItem(0); // uint8 [1, 16, 16] and 6
 * ```
 */
export class USPS<Image = Tensor, Target = number> extends ImageArrays<
	Image,
	Target
> {
	readonly train: boolean;

	/** @throws TorchError `ERR_MISSING_DATA` when the file is not in `root`, or `ERR_INVALID_FILE` for a damaged one */
	constructor(root: string, options: USPSOptions<Image, Target> = {}) {
		const op = "USPS";
		check.string(op, "root", root);
		check.options(op, options, ["train", ...transformNames]);
		const { train = true } = options;
		check.boolean(op, "train", train);
		const file = join(root, train ? "usps.bz2" : "usps.t.bz2");
		if (!existsSync(file)) {
			throw missing(
				`USPS: ${file} does not exist. USPS.load(root, { download: true }) fetches it.`,
			);
		}
		super(
			{
				root,
				classes: [..."0123456789"],
				...parseUsps(file, readFileSync(file)),
			},
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
		}: USPSOptions<Image, Target> & LoadOptions = {},
	): Promise<USPS<Image, Target>> {
		const how = downloadOptions("USPS", download);
		if (how) await USPS.download(root, how);
		return new USPS(root, options);
	}

	/** Downloads both files, unless they are there. */
	static async download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		for (const [name, md5] of Object.entries(hashes)) {
			const urls = addressesOf(name, [
				"https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/",
			]);
			await fetchFile(root, { name, urls, md5 }, options);
		}
	}
}

const SIDE = 16;
const MAX_BYTES = 1 << 28; // ten times the larger file

/** @internal Lines of a label, 1 to 10, and 256 numbers, -1 to 1, each after its place and a colon. */
export function parseUsps(file: string, bytes: Uint8Array) {
	const text = bunzip2(file, bytes, MAX_BYTES).toString("latin1");
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	if (lines.length === 0) throw invalid(file, "has no lines");
	const { fround } = Math; // numbers are float32, as where the bytes come from
	const data = new Uint8Array(lines.length * SIDE * SIDE);
	const labels = lines.map((line, i) => {
		const [label, ...values] = line.trim().split(/\s+/);
		const digit = Number(label) - 1;
		if (!Number.isInteger(digit) || digit < 0 || digit > 9)
			throw invalid(file, `line ${i + 1}: expected a label from 1 to 10`);
		const pixels = values.map((value) =>
			fround(Number(value.slice(value.lastIndexOf(":") + 1))),
		);
		const isRight =
			pixels.length === SIDE * SIDE &&
			pixels.every((pixel) => pixel >= -1 && pixel <= 1);
		if (!isRight) {
			throw invalid(
				file,
				`line ${i + 1}: expected ${SIDE * SIDE} numbers from -1 to 1`,
			);
		}
		const levels = pixels.map((pixel) =>
			fround(fround(fround(pixel + 1) / 2) * 255),
		);
		data.set(levels, i * SIDE * SIDE);
		return digit;
	});
	return { data: fromBlob(data, [lines.length, SIDE, SIDE]), labels };
}

importable(import.meta.url, USPS);
