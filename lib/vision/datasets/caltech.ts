import { existsSync, readdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type DatasetDownloadOptions,
	downloadOptions,
	extract,
	fetchArchive,
	type LoadOptions,
} from "./download.ts";
import type { TransformOptions } from "./imageArrays.ts";
import { transformNames } from "./imageArrays.ts";
import { ImageFiles, LabelledFiles, loadUnchanged } from "./imageFiles.ts";
import { parseMatlab } from "./matlab.ts";
import { invalid, missing } from "./problems.ts";
import { foldersIn } from "./walk.ts";

/** A class, or the outline of the object: float64 [2, points]. */
export type Caltech101TargetType = "category" | "annotation";

/** One target, or an array of them where several types are asked for. */
export type Caltech101Target = number | Tensor | readonly (number | Tensor)[];

export interface Caltech101Options<Image, Target>
	extends TransformOptions<Image, Target, never> {
	/** What a target is, or an array of several: "category". */
	targetType?: Caltech101TargetType | readonly Caltech101TargetType[];
}

/**
 * Caltech 101: 8,677 pictures of objects in 101 classes, about 300 × 200, with hand-drawn outlines (https://data.caltech.edu/records/mzrjq-6wc02).
 *
 * A sample is a promise of [image, target]; images are as they are in their files, so grey ones have one channel.
 *
 * ```ts
 * const data = await Caltech101.load("data", { download: true });
 * const [image, label] = await data.getItem(0);
 * data.classes[label]; // "Faces"
 * ```
 */
export class Caltech101<
	Image = Tensor,
	Target = Caltech101Target,
> extends ImageFiles<Image, Target, Caltech101Target> {
	/** The names of the classes, by label. */
	readonly classes: readonly string[];
	/** The label of each sample. */
	readonly targets: readonly number[];
	readonly targetType: readonly Caltech101TargetType[];
	/** The outlines' files. */
	readonly annotations: readonly string[];

	/** @throws TorchError `ERR_MISSING_DATA` when the folder is not in `root` */
	constructor(root: string, options: Caltech101Options<Image, Target> = {}) {
		const op = "Caltech101";
		check.string(op, "root", root);
		check.options(op, options, ["targetType", ...transformNames]);
		const { targetType = "category" } = options;
		const types = typeof targetType === "string" ? [targetType] : targetType;
		for (const type of check.array(op, "targetType", types))
			check.oneOf(op, "targetType", type, ["category", "annotation"]);
		const folder = join(root, "caltech101");
		const { classes, ...found } = find(op, folder, "101_ObjectCategories");
		super(
			{ root, files: found.files, loader: loadUnchanged },
			options as TransformOptions<Image, Target, Caltech101Target>,
		);
		this.classes = classes;
		this.targets = found.targets;
		this.targetType = types;
		this.annotations = found.files.map((file, i) => {
			const name = classes[found.targets[i] as number] as string;
			const number = file.slice(-8, -4);
			const place = outlineFolders[name] ?? name;
			return join(folder, "Annotations", place, `annotation_${number}.mat`);
		});
	}

	protected async rawTarget(index: number): Promise<Caltech101Target> {
		const targets = await Promise.all(
			this.targetType.map((type) =>
				type === "category"
					? (this.targets[index] as number)
					: outline(this.annotations[index] as string),
			),
		);
		return targets.length === 1 ? (targets[0] as number | Tensor) : targets;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = Caltech101Target>(
		root: string,
		{
			download = false,
			...options
		}: Caltech101Options<Image, Target> & LoadOptions = {},
	): Promise<Caltech101<Image, Target>> {
		const how = downloadOptions("Caltech101", download);
		if (how) await Caltech101.download(root, how);
		return new Caltech101(root, options);
	}

	/** Downloads the archive, 137 MB, and extracts it, unless it is there. */
	static async download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		const folder = join(root, "caltech101");
		const parts = ["Annotations", "101_ObjectCategories"]; // the images last: where they are, all is
		if (parts.every((part) => existsSync(join(folder, part)))) return;
		const archives = {
			Annotations: "caltech-101/Annotations.tar",
			"101_ObjectCategories": "caltech-101/101_ObjectCategories.tar.gz",
		};
		await fetchArchive(
			folder,
			{
				name: "caltech-101.zip",
				urls: [
					"https://data.caltech.edu/records/mzrjq-6wc02/files/caltech-101.zip",
				],
				md5: "3138e1922a9193bfa496528edbbc45d0",
				folder: "",
				contents: Object.values(archives),
			},
			options,
		);
		for (const [part, archive] of Object.entries(archives))
			await extract(
				join(folder, archive),
				folder,
				{ contents: [part] },
				options,
			);
		await rm(join(folder, "caltech-101"), { recursive: true, force: true });
	}
}

/** Those that have other names than their classes. */
const outlineFolders: Readonly<Record<string, string>> = {
	Faces: "Faces_2",
	Faces_easy: "Faces_3",
	Motorbikes: "Motorbikes_16",
	airplanes: "Airplanes_Side_2",
};

const MAX_OUTLINE = 1 << 24; // bytes

async function outline(file: string): Promise<Tensor> {
	const arrays = parseMatlab(file, await readFile(file), MAX_OUTLINE);
	const points = arrays.get("obj_contour");
	const [rows, count = 0] = points?.shape ?? [];
	if (!points || rows !== 2)
		throw invalid(file, "has no array [2, points] named obj_contour");
	using columns = fromBlob(Float64Array.from(points.data), [count, 2]);
	return columns.t().contiguous();
}

/**
 * Caltech 256: 30,607 pictures of objects in 257 classes (https://data.caltech.edu/records/nyy15-4j048).
 *
 * A sample is a promise of [image, target]; images are as they are in their files, so grey ones have one channel.
 *
 * ```ts
 * const data = await Caltech256.load("data", { download: true });
 * ```
 */
export class Caltech256<Image = Tensor, Target = number> extends LabelledFiles<
	Image,
	Target
> {
	/** @throws TorchError `ERR_MISSING_DATA` when the folder is not in `root` */
	constructor(root: string, options: TransformOptions<Image, Target> = {}) {
		const op = "Caltech256";
		check.string(op, "root", root);
		check.options(op, options, transformNames);
		const found = find(op, join(root, "caltech256"), "256_ObjectCategories");
		super({ root, loader: loadUnchanged, ...found }, options);
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: TransformOptions<Image, Target> & LoadOptions = {},
	): Promise<Caltech256<Image, Target>> {
		const how = downloadOptions("Caltech256", download);
		if (how) await Caltech256.download(root, how);
		return new Caltech256(root, options);
	}

	/** Downloads the archive, 1.2 GB, and extracts it, unless it is there. */
	static download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		return fetchArchive(
			root,
			{
				name: "256_ObjectCategories.tar",
				urls: [
					"https://data.caltech.edu/records/nyy15-4j048/files/256_ObjectCategories.tar",
				],
				md5: "67b4f42ca05d46448c6bb8ecd2220f6d",
				folder: "caltech256",
				contents: ["256_ObjectCategories"],
			},
			options,
		);
	}
}

/** Classes, and the JPEG files of each in order. */
function find(op: string, folder: string, inside: string) {
	const images = join(folder, inside);
	if (!existsSync(images)) {
		throw missing(
			`${op}: ${images} does not exist. ${op}.load(root, { download: true }) fetches it.`,
		);
	}
	const classes = foldersIn(op, images).filter(
		(name) => name !== "BACKGROUND_Google", // no class
	);
	const files: string[] = [];
	const targets: number[] = [];
	classes.forEach((name, target) => {
		const inClass = readdirSync(join(images, name))
			.filter((file) => file.endsWith(".jpg"))
			.sort();
		for (const file of inClass) {
			files.push(join(images, name, file));
			targets.push(target);
		}
	});
	return { classes, files, targets };
}

importable(import.meta.url, Caltech101, Caltech256);
