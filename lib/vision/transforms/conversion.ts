import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { storageOf } from "../../tensor/typedArray.ts";
import type { DType } from "../../types.ts";
import type { TVTensor } from "../tvTensors/index.ts";
import {
	BoundingBoxes,
	type Image,
	KeyPoints,
	Mask,
} from "../tvTensors/index.ts";
import { isKind } from "../tvTensors/wrap.ts";
import { toDtype } from "./functional/colour/toDtype.ts";
import { convertImageDtype } from "./functional/convertImageDtype.ts";
import { toImage } from "./functional/toImage.ts";
import type { Pixels } from "./functional/toTensor.ts";
import { mapSample, type Sample } from "./sample.ts";
import { Transform } from "./transform.ts";

/** A dtype for images and videos, or one for each kind; what is left out or null stays as it is. */
export type DTypes =
	| DType
	| {
			readonly image?: DType | null;
			readonly mask?: DType | null;
			readonly boxes?: DType | null;
			readonly keyPoints?: DType | null;
	  };

const kinds = ["image", "mask", "boxes", "keyPoints"] as const;

function kindOf(input: Tensor): (typeof kinds)[number] {
	if (input instanceof Mask) return "mask";
	if (input instanceof BoundingBoxes) return "boxes";
	return input instanceof KeyPoints ? "keyPoints" : "image";
}

/**
 * Gives images another dtype; with `scale: true` their values too: 0 … 255 of uint8 become 0 … 1 of float32.
 *
 * ```ts
 * new ToDtype("float32", { scale: true })(image);
 * new ToDtype({ image: "float32", mask: "int64" }, { scale: true })({ image: new Image(image), mask: new Mask(mask) });
 * ```
 */
export class ToDtype extends Transform {
	readonly dtype: DTypes;
	readonly scale: boolean;

	constructor(dtype: DTypes, options: { scale?: boolean } = {}) {
		super();
		const op = "ToDtype";
		check.options(op, options, ["scale"]);
		const { scale = false } = options;
		check.boolean(op, "scale", scale);
		if (typeof dtype === "string") storageOf(op, dtype);
		else if (typeof dtype !== "object" || dtype === null) {
			throw check.invalidType(
				op,
				"dtype",
				"a dtype, or one for each kind",
				dtype,
			);
		} else {
			check.options(op, dtype, kinds);
			for (const each of Object.values(dtype)) if (each) storageOf(op, each);
		}
		this.dtype = dtype;
		this.scale = scale;
	}

	#for(input: Tensor): DType | null {
		const kind = kindOf(input);
		if (typeof this.dtype === "string") {
			return kind === "image" ? this.dtype : null;
		}
		return this.dtype[kind] ?? null;
	}

	protected override takes(input: Tensor): boolean {
		return this.#for(input) !== null;
	}

	protected override apply(input: Tensor): Tensor {
		const dtype = this.#for(input);
		if (dtype === null) return input;
		return kindOf(input) === "image"
			? toDtype(input, dtype, { scale: this.scale })
			: input.to(dtype);
	}
}

/** Gives images another dtype ("float32") and scales their values: `ToDtype` with `scale: true`. */
export class ConvertImageDtype extends Transform {
	readonly dtype: DType;

	constructor(dtype: DType = "float32") {
		super();
		storageOf("ConvertImageDtype", dtype);
		this.dtype = dtype;
	}

	protected override apply(image: Tensor): Tensor {
		return convertImageDtype(image, this.dtype);
	}
}

/** Says of a tensor [..., C, H, W] or [H, W], or of pixels, that it is an `Image`. Values stay as they are. */
export class ToImage extends Callable<[image: Tensor | Pixels], Image> {
	protected override invoke(image: Tensor | Pixels): Image {
		return toImage(image);
	}

	override toString(): string {
		return "ToImage()";
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

/** `T` with plain tensors instead of images, masks, boxes and key points. */
export type Pure<T> = T extends TVTensor
	? Tensor
	: T extends Tensor | string | number | boolean | null | undefined
		? T
		: { [Key in keyof T]: Pure<T[Key]> };

/** Makes plain tensors, which share their memory, of all images, masks, boxes and key points in a sample. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Callable's constructor makes instances that have the call signature
export class ToPureTensor extends Callable<[image: Tensor], Tensor> {
	protected override invoke(sample: Tensor): Tensor {
		if (sample instanceof Tensor && !isKind(sample)) return sample;
		return mapSample("ToPureTensor", sample, (input) => input.alias());
	}

	override toString(): string {
		return "ToPureTensor()";
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

export interface ToPureTensor {
	<T>(sample: Sample<T>): Pure<T>;
	(image: Tensor): Tensor;
}
