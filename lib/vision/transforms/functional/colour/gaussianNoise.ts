import * as check from "../../../../check.ts";
import { randnLike } from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { checkFactor, imageShape } from "./pixels.ts";

export interface GaussianNoiseOptions {
	/** The mean of the noise, where white is 1: 0. */
	mean?: number;
	/** Its standard deviation, where white is 1: 0.1. */
	sigma?: number;
	/** Cuts values off at black and white: true. Without it uint8 values begin anew beyond 255. */
	clip?: boolean;
}

/**
 * Adds noise to each value, drawn from torch's generator.
 *
 * ```ts
 * gaussianNoise(image, { sigma: 0.05 });
 * ```
 *
 * @param image [..., C, H, W], floating point or uint8
 */
export function gaussianNoise(
	image: Tensor,
	options: GaussianNoiseOptions = {},
): Tensor {
	const op = "gaussianNoise";
	imageShape(op, image);
	const { mean, sigma, clip } = noiseOptions(op, options);
	if (image.isFloatingPoint()) {
		return scope(() => {
			const noise = randnLike(image).mul_(sigma).add_(mean).add_(image);
			return clip ? noise.clamp_(0, 1) : noise;
		});
	}
	if (image.dtype !== "uint8") {
		throw check.invalidValue(
			op,
			"image",
			`expected a floating point or uint8 tensor, got ${image.dtype}`,
		);
	}
	return scope(() => {
		const noise = randnLike(image, { dtype: "float32" })
			.mul_(sigma * 255)
			.add_(mean * 255)
			.to("int16")
			.add_(image);
		return (clip ? noise.clamp_(0, 255) : noise).to("uint8");
	});
}

/** @internal Checked, with defaults. */
export function noiseOptions(
	op: string,
	options: GaussianNoiseOptions,
): Required<GaussianNoiseOptions> {
	check.options(op, options, ["mean", "sigma", "clip"]);
	const { mean = 0, sigma = 0.1, clip = true } = options;
	check.number(op, "mean", mean);
	checkFactor(op, "sigma", sigma);
	check.boolean(op, "clip", clip);
	return { mean, sigma, clip };
}
