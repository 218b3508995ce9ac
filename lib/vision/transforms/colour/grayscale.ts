import type { Optional } from "../../../arguments.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	type GrayscaleOptions,
	grayscaleToRgb,
	outputChannels,
	toGrey,
} from "../functional/colour/grayscale.ts";
import { shapeOfInputs } from "../query.ts";
import type { Random } from "../random.ts";
import { RandomApplyTransform, Transform } from "../transform.ts";
import { type Probability, probabilityOf } from "./probability.ts";

/** Shades of grey, in `numOutputChannels` (1 by default, or 3) equal channels. */
export class Grayscale extends Transform {
	readonly numOutputChannels: 1 | 3;

	constructor(...args: Optional<GrayscaleOptions, ["numOutputChannels"]>) {
		super();
		this.numOutputChannels = outputChannels("Grayscale", args);
	}

	protected override apply(image: Tensor): Tensor {
		return toGrey("Grayscale", image, this.numOutputChannels);
	}
}

/** Shades of grey with probability `p`, 0.1 by default; in as many channels as the image has, 1 or 3. */
export class RandomGrayscale extends RandomApplyTransform<number> {
	constructor(...args: Probability) {
		super(probabilityOf("RandomGrayscale", args, 0.1));
	}

	protected override draw(_: Random, inputs: readonly Tensor[]): number {
		return shapeOfInputs("RandomGrayscale", inputs).channels;
	}

	protected override apply(image: Tensor, channels: number): Tensor {
		return toGrey("RandomGrayscale", image, channels);
	}

	/** All images have as many channels. */
	protected override applyToBatch(
		images: Tensor,
		[channels]: readonly number[],
	): Tensor {
		return this.apply(images, channels as number);
	}
}

/** Three channels: of a grey image three equal ones, a colour image itself. */
export class RGB extends Transform {
	protected override apply(image: Tensor): Tensor {
		return grayscaleToRgb(image);
	}
}
