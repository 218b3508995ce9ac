/** What images go through before a model with trained weights sees them. */
import type { Tensor } from "../../../tensor/tensor.ts";
import { centerCrop } from "../../transforms/functional/centerCrop.ts";
import { normalize } from "../../transforms/functional/normalize.ts";
import { resize } from "../../transforms/functional/resize.ts";
import { toTensor } from "../../transforms/functional/toTensor.ts";
import { Transform } from "../../transforms/transform.ts";

export interface PresetOptions {
	/** The length of the shorter side that images are resized to. */
	resizeSize: number;
	/** Default "bilinear". */
	interpolation?: "bilinear" | "bicubic" | undefined;
	/** Of each channel; by default ImageNet's. */
	mean?: readonly [number, number, number] | undefined;
	std?: readonly [number, number, number] | undefined;
}

/** Resizes, crops the middle (with `cropSize`), makes 0 … 1 of bytes, and normalises: of uint8 or floats [..., 3, H, W] makes float32. */
abstract class Preset extends Transform {
	readonly cropSize: number | null;
	readonly resizeSize: number;
	readonly interpolation: "bilinear" | "bicubic";
	readonly mean: readonly [number, number, number];
	readonly std: readonly [number, number, number];

	constructor(cropSize: number | null, options: PresetOptions) {
		super();
		this.cropSize = cropSize;
		this.resizeSize = options.resizeSize;
		this.interpolation = options.interpolation ?? "bilinear";
		this.mean = options.mean ?? [0.485, 0.456, 0.406];
		this.std = options.std ?? [0.229, 0.224, 0.225];
	}

	protected override apply(image: Tensor): Tensor {
		const { cropSize, mean, std } = this;
		const resized = this.resized(image);
		const cropped = cropSize === null ? resized : centerCrop(resized, cropSize);
		return normalize(toTensor(cropped), mean, std);
	}

	/** Of bytes as floats, rounded at the end, as the models' accuracy was measured; `resize` of bytes rounds within. */
	private resized(image: Tensor): Tensor {
		const { resizeSize, interpolation } = this;
		if (image.dtype !== "uint8")
			return resize(image, resizeSize, { interpolation });
		const floats = resize(image.to("float32"), resizeSize, { interpolation });
		return floats.clamp(0, 255).round().to("uint8");
	}
}

/**
 * For classification.
 *
 * @see https://docs.pytorch.org/vision/stable/models.html (the inference transforms of each model's weights)
 */
export class ImageClassification extends Preset {
	constructor(options: PresetOptions & { cropSize: number }) {
		super(options.cropSize, options);
	}
}

/** For segmentation: the whole image. */
export class SemanticSegmentation extends Preset {
	constructor(options: PresetOptions) {
		super(null, options);
	}
}
