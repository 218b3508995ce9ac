import * as check from "../../check.ts";
import { DataLoader } from "../../data/dataLoader.ts";
import { Dataset } from "../../data/dataset.ts";
import { stack } from "../../generated/functions.ts";
import type { Generator } from "../../generator.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ClassFolders } from "./directory.ts";

/** An image, and its label. */
export type LabelledImage = [image: Tensor, label: number];

/**
 * What goes with a batch of images: "categorical" [N, classes] of 0 and 1 in float32; "sparse" labels [N] in int64, as crossEntropy takes them;
 * "binary" labels [N] in float32, as binaryCrossEntropy takes them; "input" the images themselves; null: nothing.
 */
export type ClassMode = "categorical" | "sparse" | "binary" | "input" | null;

/** The batches of a class mode. */
export type KerasBatch<Mode extends ClassMode> = Mode extends null
	? Tensor
	: [images: Tensor, targets: Tensor];

export interface BatchOptions {
	/** Default 32. */
	batchSize?: number;
	/** A new order each epoch: true. */
	shuffle?: boolean;
	/** Draws the order. Default: torch's own generator. */
	generator?: Generator;
}

/** @internal */
export const classModes = ["categorical", "sparse", "binary", "input"] as const;

/** @internal */
export class GeneratedImages extends Dataset<LabelledImage> {
	readonly length: number;
	readonly #labels: readonly number[];
	readonly #image: (index: number) => Tensor | Promise<Tensor>;

	constructor(
		labels: readonly number[],
		image: (index: number) => Tensor | Promise<Tensor>,
	) {
		super();
		this.length = labels.length;
		this.#labels = labels;
		this.#image = image;
	}

	getItem(index: number): LabelledImage | Promise<LabelledImage> {
		const image = this.#image(index);
		const label = this.#labels[index] as number;
		return image instanceof Promise
			? image.then((ready) => [ready, label])
			: [image, label];
	}
}

/** A DataLoader over the images of a directory, with Keras' fields. */
export class DirectoryLoader<Mode extends ClassMode> extends DataLoader<
	LabelledImage,
	KerasBatch<Mode>
> {
	/** The classes' labels by their names. */
	readonly classIndices: Readonly<Record<string, number>>;
	/** Relative to the directory. */
	readonly filenames: readonly string[];
	/** The label of each file. */
	readonly classes: readonly number[];
	/** How many images there are. */
	readonly samples: number;
	readonly numClasses: number;

	constructor(
		{ classIndices, filenames, classes }: ClassFolders,
		mode: Mode,
		image: (index: number) => Promise<Tensor>,
		options: Required<Omit<BatchOptions, "generator">> &
			Pick<BatchOptions, "generator">,
	) {
		const numClasses = Object.keys(classIndices).length;
		super(new GeneratedImages(classes, image), {
			...options,
			collateFn: collateFor(mode, numClasses),
		});
		this.classIndices = classIndices;
		this.filenames = filenames;
		this.classes = classes;
		this.samples = filenames.length;
		this.numClasses = numClasses;
	}
}

function collateFor<Mode extends ClassMode>(
	mode: Mode,
	numClasses: number,
): (samples: LabelledImage[]) => KerasBatch<Mode> {
	return (samples) => {
		const images = stack(samples.map(([image]) => image));
		for (const [image] of samples) image.dispose();
		if (mode === null) return images as KerasBatch<Mode>;
		const targets =
			mode === "input"
				? images.clone()
				: targetsOf(
						mode,
						samples.map(([, label]) => label),
						numClasses,
					);
		return [images, targets] as KerasBatch<Mode>;
	};
}

function targetsOf(
	mode: "categorical" | "sparse" | "binary",
	labels: readonly number[],
	numClasses: number,
): Tensor {
	if (mode === "binary") return tensor(labels, { dtype: "float32" });
	const classes = tensor(labels, { dtype: "int64" });
	return mode === "sparse" ? classes : classes.oneHot(numClasses).float();
}

/** @internal */
export function checkBatches(
	op: string,
	{ batchSize = 32, shuffle = true, generator }: BatchOptions,
): Required<Omit<BatchOptions, "generator">> & Pick<BatchOptions, "generator"> {
	check.integer(op, "batchSize", batchSize, { min: 1 });
	check.boolean(op, "shuffle", shuffle);
	return generator ? { batchSize, shuffle, generator } : { batchSize, shuffle };
}
