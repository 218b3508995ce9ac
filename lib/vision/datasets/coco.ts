import { readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { ImageFiles, type JointOptions, jointNames } from "./imageFiles.ts";
import { invalid, parseJson } from "./problems.ts";

/** What an annotation file of COCO's says of one object. Fields are named as in the file. */
export interface CocoAnnotation {
	readonly id: number;
	readonly image_id: number;
	readonly category_id: number;
	/** Left, top, width and height, in pixels. */
	readonly bbox: readonly [number, number, number, number];
	readonly area: number;
	/** 1 for a crowd of objects. */
	readonly iscrowd: 0 | 1;
	/** Polygons [x, y, x, y, …], or run lengths for a crowd. */
	readonly segmentation:
		| readonly (readonly number[])[]
		| { counts: readonly number[] | string; size: readonly [number, number] };
	readonly [field: string]: unknown;
}

interface CocoImage {
	id: number;
	file_name: string;
}

/** @internal An annotation file. */
export interface CocoFile {
	/** By their ids. */
	images: CocoImage[];
	annotations: Record<string, unknown>[];
	categories: { id: number; name: string }[];
}

/**
 * @internal Reads an annotation file.
 *
 * @throws TorchError `ERR_INVALID_FILE`
 */
export function parseCoco(file: string, text: string): CocoFile {
	const content = parseJson(file, text);
	const tableOf = (name: string, fields: Record<string, string>) => {
		const rows = (content as Record<string, unknown> | null)?.[name];
		if (!Array.isArray(rows)) throw invalid(file, `has no array named ${name}`);
		rows.forEach((row, i) => {
			for (const [field, type] of Object.entries(fields)) {
				const value = (row as Record<string, unknown> | null)?.[field];
				if (type === "id" ? isId(value) : typeof value === type) continue;
				throw invalid(
					file,
					`${name}[${i}].${field}: expected ${type === "id" ? "an integer" : `a ${type}`}, got ${check.describe(value)}`,
				);
			}
		});
		return rows;
	};
	const images = tableOf("images", { id: "id", file_name: "string" });
	const annotations = tableOf("annotations", { image_id: "id" });
	const hasCategories = "categories" in (content as object);
	return {
		images: [
			...new Map(images.map((image) => [image.id, image])).values(),
		].sort((a, b) => a.id - b.id),
		annotations,
		categories: hasCategories
			? tableOf("categories", { id: "id", name: "string" })
			: [],
	};
}

const isId = (value: unknown): boolean => Number.isSafeInteger(value);

/** What both kinds of COCO's sets are: images, and annotations to them. */
abstract class CocoFiles<Image, Target, RawTarget> extends ImageFiles<
	Image,
	Target,
	RawTarget
> {
	/** The images' ids, in order. */
	readonly ids: readonly number[];
	/** The names of the categories by their ids, which have gaps. */
	readonly categories: ReadonlyMap<number, string>;
	protected readonly annotations: ReadonlyMap<number, readonly object[]>;

	/** @throws TorchError `ERR_INVALID_FILE` for an annotation file that is damaged; node's own error, when it cannot be read */
	constructor(
		root: string,
		annFile: string,
		options: JointOptions<Image, Target, RawTarget> = {},
	) {
		const op = new.target.name;
		check.string(op, "root", root);
		check.string(op, "annFile", annFile);
		check.options(op, options, jointNames);
		const file = parseCoco(annFile, readFileSync(annFile, "utf8"));
		const files = file.images.map((image) => {
			const path = join(root, image.file_name);
			const inside = relative(root, path);
			if (!inside.startsWith("..") && !isAbsolute(inside)) return path;
			throw invalid(
				annFile,
				`the file name ${JSON.stringify(image.file_name)} leads out of ${root}`,
			);
		});
		super({ root, files }, options);
		this.ids = file.images.map(({ id }) => id);
		this.categories = new Map(
			file.categories.map(({ id, name }) => [id, name]),
		);
		const annotations = new Map<number, object[]>();
		for (const each of file.annotations) {
			const id = each.image_id as number;
			const known = annotations.get(id);
			if (known) known.push(each);
			else annotations.set(id, [each]);
		}
		this.annotations = annotations;
	}

	protected annotationsOf(index: number): readonly object[] {
		return this.annotations.get(this.ids[index] as number) ?? [];
	}
}

/**
 * COCO's detection sets: images, and the objects in each (https://cocodataset.org/#format-data).
 *
 * A sample is a promise of [image, target]: a uint8 tensor [3, H, W] and the annotations of the image as they are in the file. Reading images takes the
 * package sharp.
 *
 * ```ts
 * const data = new CocoDetection("val2017", "annotations/instances_val2017.json");
 * const [image, objects] = await data.getItem(0);
 * objects.map((object) => data.categories.get(object.category_id)); // ["cat", "couch"]
 * ```
 */
export class CocoDetection<
	Image = Tensor,
	Target = readonly CocoAnnotation[],
> extends CocoFiles<Image, Target, readonly CocoAnnotation[]> {
	protected rawTarget(index: number): readonly CocoAnnotation[] {
		return this.annotationsOf(index) as readonly CocoAnnotation[];
	}
}

/**
 * COCO's captions: images, and sentences about each. A sample is a promise of [image, sentences].
 *
 * ```ts
 * const data = new CocoCaptions("val2017", "annotations/captions_val2017.json");
 * const [image, captions] = await data.getItem(0);
 * ```
 */
export class CocoCaptions<
	Image = Tensor,
	Target = readonly string[],
> extends CocoFiles<Image, Target, readonly string[]> {
	protected rawTarget(index: number): readonly string[] {
		const annotations = this.annotationsOf(index) as { caption?: unknown }[];
		return annotations.map(({ caption }, i) => {
			if (typeof caption === "string") return caption;
			throw invalid(
				this.files[index] as string,
				`annotation ${i} of the image has no caption`,
			);
		});
	}
}

importable(import.meta.url, CocoDetection, CocoCaptions);
