import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Image, TVTensor, Video } from "../tvTensors/index.ts";
import { isKind } from "../tvTensors/wrap.ts";
import {
	type FiveCrops,
	fiveCropImage,
	type TenCropOptions,
	type TenCrops,
	tenCropImage,
} from "./functional/fiveCrop.ts";
import { type CropSize, heightAndWidth } from "./parameters.ts";
import { mapSample, type Sample } from "./sample.ts";

/** `T` with the crops of each image or video in its place. */
type Cropped<T, Ten> = T extends Image | Video
	? Ten extends true
		? TenCrops<T>
		: FiveCrops<T>
	: T extends TVTensor | Tensor | string | number | boolean | null | undefined
		? T
		: { [Key in keyof T]: Cropped<T[Key], Ten> };

/** What makes several images of one: for a sample, a tuple in the image's place. */
abstract class Crops<
	Output extends Tensor[],
	Ten extends boolean,
> extends Callable<[image: Tensor], Output> {
	readonly size: readonly [height: number, width: number];
	/** Tells the types apart. */
	declare protected readonly ten: Ten;

	constructor(size: CropSize) {
		super();
		this.size = heightAndWidth(new.target.name, size);
	}

	protected abstract crops(image: Tensor): Output;

	protected override invoke(sample: Tensor): Output {
		if (sample instanceof Tensor && !isKind(sample)) return this.crops(sample);
		return mapSample(this.constructor.name, sample as unknown, (image) =>
			this.crops(image),
		) as Output;
	}

	override toString(): string {
		return `${this.constructor.name}(size=${JSON.stringify(this.size)})`;
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

/**
 * Five parts of an image: its corners (upper left, upper right, lower left, lower right) and its middle, each `size`, a number or [height, width].
 * In a sample there must be no masks, boxes or points.
 *
 * ```ts
 * const [upperLeft, upperRight, lowerLeft, lowerRight, middle] = new FiveCrop(224)(image);
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable's constructor makes instances that have the call signature
export class FiveCrop extends Crops<FiveCrops, false> {
	protected override crops(image: Tensor): FiveCrops {
		return fiveCropImage("FiveCrop", image, this.size);
	}
}

export interface FiveCrop {
	<T>(sample: Sample<T>): Cropped<T, false>;
	(image: Tensor): FiveCrops;
}

/** The parts that `FiveCrop` gives, and the same of the mirrored image. Option: `verticalFlip` (false) mirrors top to bottom. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: as above
export class TenCrop extends Crops<TenCrops, true> {
	readonly verticalFlip: boolean;

	constructor(size: CropSize, options: TenCropOptions = {}) {
		super(size);
		check.options("TenCrop", options, ["verticalFlip"]);
		const { verticalFlip = false } = options;
		check.boolean("TenCrop", "verticalFlip", verticalFlip);
		this.verticalFlip = verticalFlip;
	}

	protected override crops(image: Tensor): TenCrops {
		return tenCropImage("TenCrop", image, this.size, this.verticalFlip);
	}
}

export interface TenCrop {
	<T>(sample: Sample<T>): Cropped<T, true>;
	(image: Tensor): TenCrops;
}
