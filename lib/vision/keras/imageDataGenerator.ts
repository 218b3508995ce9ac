import { join } from "node:path";
import * as check from "../../check.ts";
import { DataLoader } from "../../data/dataLoader.ts";
import { stack } from "../../generated/functions.ts";
import { isTensor } from "../../handle.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Random } from "../transforms/random.ts";
import { KerasAugmentation, type KerasParameters } from "./augmentation.ts";
import { listImages, type Part } from "./directory.ts";
import { checkLoad, type LoadOptions, loadImage } from "./load.ts";
import {
	type BatchOptions,
	type ClassMode,
	checkBatches,
	classModes,
	DirectoryLoader,
	type KerasBatch,
} from "./loaders.ts";
import { type ImageDataGeneratorOptions, settingsOf } from "./options.ts";
import { Statistics } from "./statistics.ts";

const op = "ImageDataGenerator";
const random = new Random();

/** Which images, where `validationSplit` sets some apart. */
export type Subset = "training" | "validation";

export interface FlowOptions extends BatchOptions {
	/** Default: all. */
	subset?: Subset;
}

export interface FlowFromDirectoryOptions<
	Mode extends ClassMode = "categorical",
> extends FlowOptions,
		Partial<LoadOptions> {
	/** "categorical" by default. */
	classMode?: Mode;
	/** The folders of the classes, in the order of their labels. Default: all, in alphabetical order. */
	classes?: readonly string[];
	/** Follows links to folders: false. */
	followLinks?: boolean;
}

export interface FitOptions {
	/** Augments the images first: false. */
	augment?: boolean;
	/** How often, with `augment`: 1. */
	rounds?: number;
}

/**
 * Keras' ImageDataGenerator: its options, augmentation and normalisation, and loaders of images from tensors and folders. Images are
 * [C, H, W] and batches [N, C, H, W], in float32; values are 0 to 255 unless `rescale` says otherwise.
 *
 * ```ts
 * const generator = new ImageDataGenerator({ rotationRange: 20, widthShiftRange: 0.1, horizontalFlip: true, rescale: 1 / 255 });
 * const images = torch.randint(0, 256, [8, 3, 32, 32], { dtype: "uint8" });
 * for await (const [x, y] of generator.flow(images, torch.arange(8), { batchSize: 4 })) {
 *   // x: float32 [4, 3, 32, 32], y: [4]
 * }
 * ```
 *
 * The same parameters give the pixels of keras-preprocessing with scipy. They are drawn from torch's generator, so `manualSeed` takes the place of Keras'
 * `seed`.
 *
 * @see https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/ImageDataGenerator
 */
export class ImageDataGenerator {
	/** The random part, a transform of its own: for Compose, or a dataset's `transform`. */
	readonly augmentation: KerasAugmentation;
	readonly #statistics: Statistics;
	readonly #rescale: number | null;
	readonly #validationSplit: number;

	/** @throws TorchError for options that are unknown or out of range */
	constructor(options: ImageDataGeneratorOptions = {}) {
		const settings = settingsOf(op, options);
		this.augmentation = new KerasAugmentation(settings);
		this.#statistics = new Statistics(settings);
		this.#rescale = settings.rescale;
		this.#validationSplit = settings.validationSplit;
	}

	/** Of the images given to `fit`, channel by channel: [C, 1, 1]; null before. */
	get mean(): Tensor | null {
		return this.#statistics.mean;
	}

	/** Likewise their standard deviation. */
	get std(): Tensor | null {
		return this.#statistics.std;
	}

	/** What flattened images are multiplied by: [C · H · W, C · H · W]; null before `fit`. */
	get zcaWhiteningMatrix(): Tensor | null {
		return this.#statistics.zcaWhiteningMatrix;
	}

	/** Draws the parameters for an image of a height and width. */
	getRandomTransform(
		imageShape: readonly [height: number, width: number],
	): KerasParameters {
		const [height, width] = imageShape;
		check.integer(op, "imageShape", height, { min: 1 });
		check.integer(op, "imageShape", width, { min: 1 });
		return this.augmentation.drawFor(random, height, width);
	}

	/**
	 * An image [C, H, W] transformed by given parameters: those that are left out change nothing.
	 *
	 * ```ts
	 * new ImageDataGenerator({ fillMode: "reflect" }).applyTransform(torch.zeros([3, 8, 8]), { theta: 30, flipHorizontal: true });
	 * ```
	 *
	 * @returns float32, of the same shape
	 */
	applyTransform(image: Tensor, parameters: Partial<KerasParameters>): Tensor {
		check.options("applyTransform", parameters, Object.keys(still));
		return this.augmentation.apply(image, { ...still, ...parameters });
	}

	/** An image [C, H, W] transformed at random: float32, of the same shape. */
	randomTransform(image: Tensor): Tensor {
		return this.augmentation(image);
	}

	/** Normalises an image [C, H, W], float32. */
	standardize(image: Tensor): Tensor {
		return this.#statistics.standardize(image);
	}

	/**
	 * Finds the mean, the deviation and the whitening matrix of images, where the generator needs them.
	 *
	 * @param images [N, C, H, W]
	 */
	fit(images: Tensor, options: FitOptions = {}): void {
		check.options("fit", options, ["augment", "rounds"]);
		const { augment = false, rounds = 1 } = options;
		check.boolean("fit", "augment", augment);
		check.integer("fit", "rounds", rounds, { min: 1 });
		checkImages("fit", images);
		scope(() => {
			const floats = images.to("float32");
			const x = this.#rescale === null ? floats : floats.mul(this.#rescale);
			this.#statistics.fit(augment ? this.#augmented(x, rounds) : x);
		});
	}

	#augmented(images: Tensor, rounds: number): Tensor {
		return stack(
			Array.from({ length: rounds }, () => images.unbind(0))
				.flat()
				.map((image) => this.augmentation(image)),
		);
	}

	/**
	 * A DataLoader of augmented, normalised images, and of their labels.
	 *
	 * @param images [N, C, H, W]
	 * @param labels [N, …]; without them batches are images alone
	 */
	flow(images: Tensor, options?: FlowOptions): DataLoader<number, Tensor>;
	flow(
		images: Tensor,
		labels: Tensor,
		options?: FlowOptions,
	): DataLoader<number, [images: Tensor, labels: Tensor]>;
	flow(
		images: Tensor,
		labels?: Tensor | FlowOptions,
		options: FlowOptions = {},
	): DataLoader<number, Tensor | [Tensor, Tensor]> {
		checkImages("flow", images);
		const y = isTensor(labels) ? (labels as Tensor) : null;
		const given = y === null ? ((labels as FlowOptions) ?? {}) : options;
		check.options("flow", given, flowNames);
		const count = images.size(0);
		if (y && (y.dim() === 0 || y.size(0) !== count)) {
			throw check.invalidValue(
				"flow",
				"labels",
				`expected as many as images, ${count}, got shape [${y.shape}]`,
			);
		}
		const [from, to] = this.#part("flow", given.subset).map((share) =>
			Math.trunc(share * count),
		) as [number, number];
		const indices = Array.from({ length: to - from }, (_, i) => from + i);
		return new DataLoader<number, Tensor | [Tensor, Tensor]>(indices, {
			...checkBatches("flow", given),
			collateFn: (rows) => {
				const batch = scope(() =>
					stack(rows.map((row) => this.#sample(images.select(0, row)))),
				);
				return y ? [batch, stack(rows.map((row) => y.select(0, row)))] : batch;
			},
		});
	}

	/**
	 * A DataLoader of the images in a directory that has a folder for each class: read, resized, augmented and normalised. It takes the package
	 * sharp.
	 *
	 * ```ts
	 * const batches = generator.flowFromDirectory("data/train", { targetSize: [150, 150], batchSize: 32, classMode: "sparse" });
	 * for await (const [x, y] of batches) {
	 *   // x: float32 [32, 3, 150, 150], y: int64 [32]
	 * }
	 * ```
	 *
	 * Unlike Keras' iterator it ends after one epoch; each `for await` is one.
	 *
	 * @throws TorchError where there are no images
	 */
	flowFromDirectory<Mode extends ClassMode = "categorical">(
		directory: string,
		options: FlowFromDirectoryOptions<Mode> = {},
	): DirectoryLoader<Mode> {
		const name = "flowFromDirectory";
		check.string(name, "directory", directory);
		check.options(name, options, directoryNames);
		const {
			targetSize = [256, 256],
			colorMode = "rgb",
			interpolation = "nearest",
			keepAspectRatio = false,
			classMode = "categorical",
			classes = null,
			followLinks = false,
		} = options;
		const load = { targetSize, colorMode, interpolation, keepAspectRatio };
		checkLoad(name, load);
		if (classMode !== null) {
			check.oneOf(name, "classMode", classMode, classModes);
		}
		if (classes !== null) check.array(name, "classes", classes);
		check.boolean(name, "followLinks", followLinks);
		const batches = checkBatches(name, options);
		const part = this.#part(name, options.subset);
		const listing = listImages(name, directory, {
			names: classes,
			part,
			followLinks,
		});
		const image = async (index: number): Promise<Tensor> => {
			const file = join(directory, listing.filenames[index] as string);
			// drawn before anything is waited for: in the order of the images, whichever file is read first
			const parameters = this.getRandomTransform(targetSize);
			const loaded = await loadImage(file, load);
			return scope(() =>
				this.standardize(this.augmentation.apply(loaded, parameters)),
			);
		};
		return new DirectoryLoader(listing, classMode as Mode, image, batches);
	}

	#sample(image: Tensor): Tensor {
		return this.standardize(this.augmentation(image));
	}

	#part(name: string, subset: Subset | undefined): Part {
		if (subset === undefined) return [0, 1];
		check.oneOf(name, "subset", subset, ["training", "validation"]);
		const split = this.#validationSplit;
		return subset === "validation" ? [0, split] : [split, 1];
	}
}

const still: KerasParameters = {
	theta: 0,
	tx: 0,
	ty: 0,
	shear: 0,
	zx: 1,
	zy: 1,
	flipHorizontal: false,
	flipVertical: false,
	channelShiftIntensity: null,
	brightness: null,
};

const flowNames = ["batchSize", "shuffle", "generator", "subset"];
const directoryNames = [
	...flowNames,
	"targetSize",
	"colorMode",
	"interpolation",
	"keepAspectRatio",
	"classMode",
	"classes",
	"followLinks",
];

function checkImages(name: string, images: Tensor): void {
	if (!isTensor(images)) {
		throw check.invalidType(name, "images", "Tensor", images);
	}
	if (images.dim() === 4 && images.numel() > 0) return;
	throw check.invalidValue(
		name,
		"images",
		`expected a tensor [N, C, H, W], got one of shape [${images.shape}]`,
	);
}

export type { KerasBatch };
