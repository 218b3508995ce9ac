import * as check from "../../check.ts";
import { Dataset } from "../../data/dataset.ts";
import { importable } from "../../data/importable.ts";
import { sideBySide } from "../../data/sideBySide.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { readImage } from "../io/readImage.ts";
import {
	checkTransforms,
	type TransformOptions,
	transformNames,
} from "./imageArrays.ts";

/** Reads the image of a file. */
export type ImageLoader = (file: string) => Tensor | Promise<Tensor>;

export interface LoaderOptions<Image, Target, RawTarget = number>
	extends TransformOptions<Image, Target, RawTarget> {
	/** Reads an image: as uint8 [3, H, W], whatever it is in the file. */
	loader?: ImageLoader;
}

export interface JointOptions<Image, Target, RawTarget>
	extends TransformOptions<Image, Target, RawTarget> {
	/** Makes of an image and its target together what a sample has; instead of the other two. */
	transforms?:
		| ((image: Tensor, target: RawTarget) => [Image, Target])
		| undefined;
}

/** @internal */
export const loaderNames = [...transformNames, "loader"] as const;
/** @internal */
export const jointNames = [...transformNames, "transforms"] as const;

/** The default loader: colours, uint8 [3, H, W]. */
export function loadColours(file: string): Promise<Tensor> {
	return readImage(file, "rgb");
}

/** Images as they are in their files, grey ones with one channel. */
export function loadUnchanged(file: string): Promise<Tensor> {
	return readImage(file);
}

/** @internal */
export interface ImageFilesParts {
	root: string;
	files: readonly string[];
	loader?: ImageLoader | undefined;
}

/** The base of data sets whose images lie in a file each. A sample is a promise of [image, target]. */
export abstract class ImageFiles<Image, Target, RawTarget> extends Dataset<
	[Image, Target]
> {
	readonly root: string;
	readonly transform: ((image: Tensor) => Image) | undefined;
	readonly targetTransform: ((target: RawTarget) => Target) | undefined;
	readonly transforms: JointOptions<Image, Target, RawTarget>["transforms"];
	readonly loader: ImageLoader;
	/** The image files, sample by sample. */
	readonly files: readonly string[];

	protected constructor(
		{ root, files, loader = loadColours }: ImageFilesParts,
		options: JointOptions<Image, Target, RawTarget>,
	) {
		super();
		const op = this.constructor.name;
		checkTransforms(op, options);
		const { transform, targetTransform, transforms } = options;
		check.callable(op, "loader", loader);
		if (transforms) check.callable(op, "transforms", transforms);
		if (transforms && (transform || targetTransform)) {
			throw check.invalidValue(
				op,
				"transforms",
				"expected it without transform and targetTransform, got both",
			);
		}
		this.root = root;
		this.files = files;
		this.loader = loader;
		this.transform = transform;
		this.targetTransform = targetTransform;
		this.transforms = transforms;
	}

	get length(): number {
		return this.files.length;
	}

	/** The target of a sample, before any transform. */
	protected abstract rawTarget(index: number): RawTarget | Promise<RawTarget>;

	async getItem(index: number): Promise<[Image, Target]> {
		return this.finish(await this.load(index));
	}

	override getItems(indices: readonly number[]): Promise<[Image, Target][]> {
		return sideBySide(
			indices,
			(index) => this.load(index),
			(raw) => this.finish(raw),
		);
	}

	private load(index: number): Promise<[Tensor, RawTarget]> {
		const file = this.files[index];
		if (file === undefined) {
			throw check.invalidValue(
				this.constructor.name,
				"index",
				`expected an integer from 0 to ${this.length - 1}, got ${index}`,
			);
		}
		return Promise.all([this.loader(file), this.rawTarget(index)]);
	}

	private finish([image, target]: [Tensor, RawTarget]): [Image, Target] {
		if (this.transforms) return this.transforms(image, target);
		return [
			this.transform ? this.transform(image) : (image as Image),
			this.targetTransform
				? this.targetTransform(target)
				: (target as unknown as Target),
		];
	}
}

/** The base of those whose target is a class. */
export abstract class LabelledFiles<Image, Target> extends ImageFiles<
	Image,
	Target,
	number
> {
	/** The names of the classes, by label. */
	readonly classes: readonly string[];
	/** The label of each sample. */
	readonly targets: readonly number[];

	protected constructor(
		parts: ImageFilesParts & {
			classes: readonly string[];
			targets: readonly number[];
		},
		options: TransformOptions<Image, Target>,
	) {
		super(parts, options);
		this.classes = parts.classes;
		this.targets = parts.targets;
	}

	/** The label of each class. */
	get classToIdx(): Record<string, number> {
		return Object.fromEntries(this.classes.map((name, i) => [name, i]));
	}

	protected rawTarget(index: number): number {
		return this.targets[index] as number;
	}
}

importable(import.meta.url, loadColours, loadUnchanged);
