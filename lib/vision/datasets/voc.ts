import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
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
import { ImageFiles, type JointOptions, jointNames } from "./imageFiles.ts";
import { missing } from "./problems.ts";
import { readMask } from "./readMask.ts";
import { parseXml, type XmlElement } from "./xml.ts";

export type VOCYear = "2007" | "2008" | "2009" | "2010" | "2011" | "2012";
export type VOCImageSet = "train" | "trainval" | "val" | "test";

export interface VOCOptions<Image, Target, RawTarget>
	extends JointOptions<Image, Target, RawTarget> {
	/** "2012" */
	year?: VOCYear;
	/** "train"; "test" is for 2007 only. */
	imageSet?: VOCImageSet;
}

const years: readonly VOCYear[] = [
	"2007",
	"2008",
	"2009",
	"2010",
	"2011",
	"2012",
];
const host = "https://thor.robots.ox.ac.uk/pascal/VOC/";
const archives: Readonly<Record<string, [path: string, md5: string]>> = {
	"2012": [
		"voc2012/VOCtrainval_11-May-2012.tar",
		"6cd6e144f989b92b3379bac3b3de84fd",
	],
	"2011": [
		"voc2011/VOCtrainval_25-May-2011.tar",
		"6c3384ef61512963050cb5d687e5bf1e",
	],
	"2010": [
		"voc2010/VOCtrainval_03-May-2010.tar",
		"da459979d0c395079b5c75ee67908abb",
	],
	"2009": [
		"voc2009/VOCtrainval_11-May-2009.tar",
		"a3e00b113cfcfebf17e343f59da3caa1",
	],
	"2008": [
		"voc2008/VOCtrainval_14-Jul-2008.tar",
		"2629fa636546599198acfcfbfcf1904a",
	],
	"2007": [
		"voc2007/VOCtrainval_06-Nov-2007.tar",
		"c52e279531787c972589f7e41ab4ae64",
	],
	"2007-test": [
		"voc2007/VOCtest_06-Nov-2007.tar",
		"b6e924de25625d8de591ea690078ad9f",
	],
};

const folderOf = (year: VOCYear): string =>
	year === "2011" ? "TrainVal/VOCdevkit/VOC2011" : `VOCdevkit/VOC${year}`;

/** What both of VOC's tasks have: lists of images by year and part. */
abstract class VOCFiles<Image, Target, RawTarget> extends ImageFiles<
	Image,
	Target,
	RawTarget
> {
	readonly year: VOCYear;
	readonly imageSet: VOCImageSet;
	protected readonly targetFiles: readonly string[];

	/** @internal */
	protected constructor(
		op: string,
		root: string,
		options: VOCOptions<Image, Target, RawTarget>,
		[lists, folder, ending]: readonly [string, string, string],
	) {
		const { year, imageSet } = checkPart(op, root, options as never);
		const base = join(root, folderOf(year));
		const list = join(base, "ImageSets", lists, `${imageSet}.txt`);
		if (!existsSync(list)) {
			throw missing(
				`${op}: ${list} does not exist. ${op}.load(root, { year: "${year}", imageSet: "${imageSet}", download: true }) fetches it.`,
			);
		}
		const names = readFileSync(list, "utf8")
			.split(/\r?\n/)
			.map((line) => line.trim())
			.filter((line) => line !== "");
		const files = names.map((name) => join(base, "JPEGImages", `${name}.jpg`));
		super({ root, files }, options);
		this.year = year;
		this.imageSet = imageSet;
		this.targetFiles = names.map((name) => join(base, folder, name + ending));
	}
}

function checkPart(
	op: string,
	root: string,
	options: VOCOptions<never, never, never>,
): { year: VOCYear; imageSet: VOCImageSet } {
	check.string(op, "root", root);
	check.options(op, options, ["year", "imageSet", ...jointNames]);
	const { year = "2012", imageSet = "train" } = options;
	check.oneOf(op, "year", year, years);
	const sets: VOCImageSet[] = ["train", "trainval", "val"];
	if (year === "2007") sets.push("test");
	check.oneOf(op, "imageSet", imageSet, sets);
	return { year, imageSet };
}

/** Downloads the archive of a year, unless its folder is there; 2007's tests are in another one than its training images. */
function fetchYear(
	root: string,
	{ year = "2012", imageSet = "train" }: VOCOptions<never, never, never>,
	options?: DatasetDownloadOptions,
): Promise<void> {
	const isTest = year === "2007" && imageSet === "test";
	const [path, md5] = archives[isTest ? "2007-test" : year] as [string, string];
	const base = folderOf(year);
	const source: SourceArchive = {
		name: path.replace(/^.*\//, ""),
		urls: [host + path],
		md5,
		folder: "",
		contents: [
			"Annotations",
			"JPEGImages",
			"SegmentationClass",
			"ImageSets", // last: where a list is, all that it lists is
		].map((part) => join(base, part)),
		marks: [join(base, "ImageSets/Main", `${imageSet}.txt`)],
	};
	return fetchArchive(root, source, options);
}

/** An element of an annotation: its text, or its elements by name, those of one name as an array. */
export type VOCValue =
	| string
	| VOCValue[]
	| { readonly [name: string]: VOCValue };

/** An annotation of VOC's; `object` is an array, also of one. */
export interface VOCAnnotation {
	readonly annotation: {
		readonly object: {
			readonly name: string;
			readonly bndbox: Readonly<
				Record<"xmin" | "ymin" | "xmax" | "ymax", string>
			>;
			readonly [name: string]: VOCValue;
		}[];
		readonly [name: string]: VOCValue;
	};
}

/**
 * Pascal VOC's detection task: photos, and where the objects of twenty classes are (http://host.robots.ox.ac.uk/pascal/VOC/).
 *
 * A sample is a promise of [image, annotation]: a uint8 tensor [3, H, W] and the annotation as torchvision reads it, all numbers as text.
 *
 * ```ts
 * const data = await VOCDetection.load("data", { year: "2007", download: true });
 * const [image, { annotation }] = await data.getItem(0);
 * annotation.object[0].name; // "car"
 * ```
 */
export class VOCDetection<
	Image = Tensor,
	Target = VOCAnnotation,
> extends VOCFiles<Image, Target, VOCAnnotation> {
	/** @throws TorchError `ERR_MISSING_DATA` when the list of images is not in `root` */
	constructor(
		root: string,
		options: VOCOptions<Image, Target, VOCAnnotation> = {},
	) {
		super("VOCDetection", root, options, ["Main", "Annotations", ".xml"]);
	}

	/** The annotations' files. */
	get annotations(): readonly string[] {
		return this.targetFiles;
	}

	protected async rawTarget(index: number): Promise<VOCAnnotation> {
		const file = this.targetFiles[index] as string;
		return parseAnnotation(file, await readFile(file, "utf8"));
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = VOCAnnotation>(
		root: string,
		{
			download = false,
			...options
		}: VOCOptions<Image, Target, VOCAnnotation> & LoadOptions = {},
	): Promise<VOCDetection<Image, Target>> {
		const how = downloadOptions("VOCDetection", download);
		if (how) await fetchYear(root, options as never, how);
		return new VOCDetection(root, options);
	}
}

/**
 * Pascal VOC's segmentation task: photos, and the class of each pixel.
 *
 * A sample is a promise of [image, mask]: uint8 tensors [3, H, W] and [1, H, W]; 0 is the ground, 255 the border between objects.
 *
 * ```ts
 * const data = await VOCSegmentation.load("data", { download: true });
 * const [image, mask] = await data.getItem(0);
 * ```
 */
export class VOCSegmentation<Image = Tensor, Target = Tensor> extends VOCFiles<
	Image,
	Target,
	Tensor
> {
	/** @throws TorchError `ERR_MISSING_DATA` when the list of images is not in `root` */
	constructor(root: string, options: VOCOptions<Image, Target, Tensor> = {}) {
		const places = ["Segmentation", "SegmentationClass", ".png"] as const;
		super("VOCSegmentation", root, options, places);
	}

	/** The masks' files. */
	get masks(): readonly string[] {
		return this.targetFiles;
	}

	protected rawTarget(index: number): Promise<Tensor> {
		return readMask(this.targetFiles[index] as string);
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = Tensor>(
		root: string,
		{
			download = false,
			...options
		}: VOCOptions<Image, Target, Tensor> & LoadOptions = {},
	): Promise<VOCSegmentation<Image, Target>> {
		const how = downloadOptions("VOCSegmentation", download);
		if (how) await fetchYear(root, options as never, how);
		return new VOCSegmentation(root, options);
	}
}

/** @internal */
export function parseAnnotation(file: string, text: string): VOCAnnotation {
	return toValue(parseXml(file, text)) as unknown as VOCAnnotation;
}

/** An element by its name; nothing for one that is empty. */
function toValue({ name, text, children }: XmlElement): {
	[name: string]: VOCValue;
} {
	if (children.length === 0) return text === "" ? {} : { [name]: text.trim() };
	const values = new Map<string, VOCValue[]>();
	for (const child of children) {
		for (const [key, value] of Object.entries(toValue(child))) {
			const known = values.get(key);
			if (known) known.push(value);
			else values.set(key, [value]);
		}
	}
	if (name === "annotation") values.set("object", [values.get("object") ?? []]);
	const entries = [...values].map(
		([key, all]) => [key, all.length === 1 ? all[0] : all] as const,
	);
	return { [name]: Object.fromEntries(entries) as VOCValue };
}

importable(import.meta.url, VOCDetection, VOCSegmentation);
