import { join } from "node:path";
import * as check from "../../check.ts";
import { Dataset } from "../../data/dataset.ts";
import { importable } from "../../data/importable.ts";
import { sideBySide } from "../../data/sideBySide.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ImageLoader, loadColours } from "./imageFiles.ts";
import { missing } from "./problems.ts";
import { filesBelow, foldersIn, isFolder } from "./walk.ts";

interface CommonOptions<Raw, Sample, Target> {
	/** Makes of what is loaded what a sample has. */
	transform?: ((sample: Raw) => Sample) | undefined;
	/** Makes of a label what a sample has. */
	targetTransform?: ((target: number) => Target) | undefined;
	/** Which files are samples, instead of their endings. */
	isValidFile?: ((file: string) => boolean) | undefined;
	/** Whether a class may have no files: false. */
	allowEmpty?: boolean;
}

export interface DatasetFolderOptions<Raw, Sample, Target>
	extends CommonOptions<Raw, Sample, Target> {
	/** What the names of samples end in, in small letters: [".npy"]. Either this or `isValidFile` is needed. */
	extensions?: readonly string[];
}

export interface ImageFolderOptions<Image, Target>
	extends CommonOptions<Tensor, Image, Target> {
	/** Reads an image: as uint8 [3, H, W], whatever it is in the file. */
	loader?: ImageLoader;
}

const commonNames = [
	"transform",
	"targetTransform",
	"isValidFile",
	"allowEmpty",
];

/**
 * Files in a folder for each class: root/<class>/…/<file>. Classes are sorted by name, samples by class and path; links are followed.
 *
 * ```ts
 * const load = async (file: string) => torch.tensor(new Float32Array((await readFile(file)).buffer));
 * const data = new DatasetFolder("sounds", load, { extensions: [".raw"] });
 * const [sound, label] = await data.getItem(0);
 * ```
 */
export class DatasetFolder<Raw, Sample = Raw, Target = number> extends Dataset<
	[Sample, Target]
> {
	readonly root: string;
	readonly loader: (file: string) => Raw | Promise<Raw>;
	readonly extensions: readonly string[] | undefined;
	readonly transform: ((sample: Raw) => Sample) | undefined;
	readonly targetTransform: ((target: number) => Target) | undefined;
	/** The names of the classes, by label. */
	readonly classes: readonly string[];
	/** File and label of every sample. */
	readonly samples: readonly (readonly [file: string, target: number])[];

	/** @throws TorchError `ERR_MISSING_DATA` where there is no class, or, unless `allowEmpty`, a class without files */
	constructor(
		root: string,
		loader: (file: string) => Raw | Promise<Raw>,
		options: DatasetFolderOptions<Raw, Sample, Target>,
	) {
		super();
		const op = new.target.name;
		check.string(op, "root", root);
		check.callable(op, "loader", loader);
		const { allowEmpty = false, extensions, isValidFile } = options;
		check.boolean(op, "allowEmpty", allowEmpty);
		for (const name of ["transform", "targetTransform", "isValidFile"] as const)
			if (options[name]) check.callable(op, name, options[name]);
		if ((extensions === undefined) === (isValidFile === undefined)) {
			throw check.invalidValue(
				op,
				"extensions",
				"expected either it or isValidFile",
			);
		}
		const isSample = isValidFile ?? endsIn(op, extensions ?? []);
		this.root = root;
		this.loader = loader;
		this.extensions = extensions;
		this.transform = options.transform;
		this.targetTransform = options.targetTransform;
		this.classes = this.findClasses(root);
		this.samples = this.classes.flatMap((name, target) => {
			const folder = join(root, name);
			const files = isFolder(folder) ? filesBelow(folder).filter(isSample) : [];
			return files.map((file) => [file, target] as const);
		});
		if (!allowEmpty) this.#refuseEmpty(op);
	}

	/** The classes in a folder; a subclass may choose others. */
	protected findClasses(folder: string): readonly string[] {
		const op = this.constructor.name;
		const classes = foldersIn(op, folder);
		if (classes.length > 0) return classes;
		throw missing(`${op}: ${folder} has no folder of a class in it`);
	}

	#refuseEmpty(op: string): void {
		const found = new Set(this.targets);
		const empty = this.classes.filter((_, target) => !found.has(target));
		if (empty.length === 0) return;
		const wanted = this.extensions
			? ` that ends in ${this.extensions.join(", ")}`
			: " that isValidFile accepts";
		throw missing(
			`${op}: no file${wanted} in the classes ${empty.join(", ")} of ${this.root}; allowEmpty lets them be`,
		);
	}

	/** The label of each class. */
	get classToIdx(): Record<string, number> {
		return Object.fromEntries(this.classes.map((name, i) => [name, i]));
	}

	/** The label of each sample. */
	get targets(): number[] {
		return this.samples.map(([, target]) => target);
	}

	get length(): number {
		return this.samples.length;
	}

	async getItem(index: number): Promise<[Sample, Target]> {
		return this.finish(await this.load(index), index);
	}

	override getItems(indices: readonly number[]): Promise<[Sample, Target][]> {
		return sideBySide(
			indices,
			(index) => this.load(index),
			(raw, index) => this.finish(raw, index),
		);
	}

	private load(index: number): Raw | Promise<Raw> {
		const found = this.samples[index];
		if (found === undefined) {
			throw check.invalidValue(
				this.constructor.name,
				"index",
				`expected an integer from 0 to ${this.length - 1}, got ${index}`,
			);
		}
		return this.loader(found[0]);
	}

	private finish(raw: Raw, index: number): [Sample, Target] {
		const [, target] = this.samples[index] as readonly [string, number];
		return [
			this.transform ? this.transform(raw) : (raw as unknown as Sample),
			this.targetTransform
				? this.targetTransform(target)
				: (target as unknown as Target),
		];
	}
}

function endsIn(op: string, extensions: readonly string[]) {
	check.array(op, "extensions", extensions).forEach((extension, i) => {
		check.string(op, `extensions[${i}]`, extension);
	});
	return (file: string) => {
		const name = file.toLowerCase();
		return extensions.some((extension) => name.endsWith(extension));
	};
}

/** What the names of image files end in: those of torchvision that sharp reads, and AVIF and GIF. */
export const imageExtensions: readonly string[] = [
	".jpg",
	".jpeg",
	".png",
	".webp",
	".gif",
	".avif",
	".tif",
	".tiff",
];

/**
 * Images in a folder for each class: root/cat/1.jpg, root/dog/puppies/2.png, … Reading them takes the package sharp.
 *
 * A sample is a promise of [image, target]: a uint8 tensor [3, H, W] and the number of its class, each as its transform makes it.
 *
 * ```ts
 * const data = new ImageFolder("photos", { transform: new RandomResizedCrop(224) });
 * for await (const [images, labels] of new DataLoader(data, { batchSize: 32, shuffle: true })) {
 *   // images [32, 3, 224, 224], labels [32]
 * }
 * ```
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html
 */
export class ImageFolder<Image = Tensor, Target = number> extends DatasetFolder<
	Tensor,
	Image,
	Target
> {
	/** @throws TorchError `ERR_MISSING_DATA` where there is no class, or, unless `allowEmpty`, a class without images */
	constructor(root: string, options: ImageFolderOptions<Image, Target> = {}) {
		check.options(new.target.name, options, [...commonNames, "loader"]);
		const { loader = loadColours, ...rest } = options;
		super(root, loader, {
			...rest,
			...(rest.isValidFile ? {} : { extensions: imageExtensions }),
		});
	}

	/** File and label of every image. */
	get imgs(): readonly (readonly [file: string, target: number])[] {
		return this.samples;
	}
}

importable(import.meta.url, DatasetFolder, ImageFolder);
