import type { Optional } from "../../../arguments.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	addNoise,
	type GaussianNoiseOptions,
	noiseOptions,
} from "../functional/colour/gaussianNoise.ts";
import { Transform } from "../transform.ts";

const op = "GaussianNoise";

/**
 * Adds noise of mean `mean` (0) and standard deviation `sigma` (0.1), where white is 1, to each value of a floating point or uint8 image;
 * with `clip` (true) values are cut off at black and white.
 */
export class GaussianNoise extends Transform {
	readonly mean: number;
	readonly sigma: number;
	readonly clip: boolean;

	constructor(
		...args: Optional<GaussianNoiseOptions, ["mean", "sigma", "clip"]>
	) {
		super();
		const { mean, sigma, clip } = noiseOptions(op, args);
		this.mean = mean;
		this.sigma = sigma;
		this.clip = clip;
	}

	protected override apply(image: Tensor): Tensor {
		return addNoise(op, image, this);
	}
}
