import * as check from "../../check.ts";
import type { Collated } from "../../data/collate.ts";
import { Dataset, selectRows } from "../../data/dataset.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface TransformOptions<Image, Target, RawTarget = number> {
	/** Makes of an image, a uint8 tensor [C, H, W], what a sample has. */
	transform?: ((image: Tensor) => Image) | undefined;
	/** Makes of a target what a sample has. */
	targetTransform?: ((target: RawTarget) => Target) | undefined;
}

/** @internal */
export const transformNames = ["transform", "targetTransform"] as const;

/** @internal */
export function checkTransforms(
	op: string,
	options: TransformOptions<unknown, unknown, never>,
): void {
	for (const name of transformNames)
		if (options[name]) check.callable(op, name, options[name]);
}

/** What a data set in memory consists of. */
export interface ImageArraysParts {
	root: string;
	classes: readonly string[];
	/** uint8 [N, H, W] or [N, C, H, W] */
	data: Tensor;
	labels: ArrayLike<number>;
}

/** The base of data sets that are small enough to lie in memory whole. A sample is [image, target]. */
export abstract class ImageArrays<Image, Target> extends Dataset<
	[Image, Target]
> {
	readonly root: string;
	/** The names of the classes, by label. */
	readonly classes: readonly string[];
	/** All images, uint8 [N, H, W] or [N, C, H, W]. */
	readonly data: Tensor;
	/** All labels, int64 [N]. */
	readonly targets: Tensor;
	readonly length: number;
	readonly transform: ((image: Tensor) => Image) | undefined;
	readonly targetTransform: ((target: never) => Target) | undefined;
	protected readonly labels: Int32Array;

	protected constructor(
		{ root, classes, data, labels }: ImageArraysParts,
		options: TransformOptions<Image, Target, never>,
	) {
		super();
		checkTransforms(this.constructor.name, options);
		this.root = root;
		this.classes = classes;
		this.data = data;
		this.labels = Int32Array.from(labels);
		this.targets = fromBlob(this.labels).to("int64");
		this.length = labels.length;
		this.transform = options.transform;
		this.targetTransform = options.targetTransform;
		this.prepare();
	}

	/** What is a function, and so cannot be sent to another thread. */
	private prepare(): void {
		if (this.transform || this.targetTransform) return;
		// nothing has to be made of each: a batch is one copy
		this.getBatch = (indices) =>
			selectRows([this.images(), this.rawTargets()], indices) as Collated<
				[Image, Target]
			>;
	}

	/** [N, C, H, W] */
	private images(): Tensor {
		return this.data.dim() === 3 ? this.data.unsqueeze(1) : this.data;
	}

	/** The targets before `targetTransform`, one in each row. */
	protected rawTargets(): Tensor {
		return this.targets;
	}

	/** A row of them, as a sample has it. */
	protected rawTarget(index: number): unknown {
		return this.labels[index];
	}

	getItem(index: number): [Image, Target] {
		if (!Number.isInteger(index) || index < 0 || index >= this.length) {
			throw check.invalidValue(
				this.constructor.name,
				"index",
				`expected an integer from 0 to ${this.length - 1}, got ${index}`,
			);
		}
		const row = this.data.select(0, index);
		const image = this.data.dim() === 3 ? row.unsqueeze(0) : row;
		const target = this.rawTarget(index);
		return [
			this.transform ? this.transform(image) : (image as Image),
			this.targetTransform
				? this.targetTransform(target as never)
				: (target as Target),
		];
	}

	/** @internal Another thread gets the fields, and makes the functions among them anew. */
	toWorker(): object {
		const { getBatch: _, ...fields } = this;
		return fields;
	}

	/** @internal */
	static fromWorker<This extends { prototype: object }>(
		this: This,
		fields: object,
	): This["prototype"] {
		// biome-ignore lint/complexity/noThisInStatic: the class that was sent
		const made = Object.assign(Object.create(this.prototype), fields);
		made.prepare();
		return made;
	}
}
