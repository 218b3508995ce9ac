import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import { randnLike } from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { checkFactor, imageShape } from "./pixels.ts";

export interface GaussianNoiseOptions {
	/** The mean of the noise, where white is 1. Default 0. */
	mean: number;
	/** Its standard deviation, where white is 1. Default 0.1. */
	sigma: number;
	/** Whether values are cut off at black and white; else uint8 values begin anew beyond 255. Default true. */
	clip: boolean;
}

/**
 * Adds noise to each value, drawn from torch's generator.
 *
 * ```ts
 * gaussianNoise(image, { sigma: 0.05 });
 * ```
 *
 * @param image [..., C, H, W], floating point or uint8
 * @param args `mean`, `sigma`, `clip`
 */
export function gaussianNoise<T extends Tensor>(
	image: T,
	...args: Optional<GaussianNoiseOptions, ["mean", "sigma", "clip"]>
): T {
	const op = "gaussianNoise";
	const given = noiseOptions(op, args);
	return ofImage(op, image, (plain) => addNoise(op, plain, given));
}

/** @internal `gaussianNoise` with checked options. */
export function addNoise(
	op: string,
	image: Tensor,
	{ mean, sigma, clip }: GaussianNoiseOptions,
): Tensor {
	imageShape(op, image);
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
	args: readonly unknown[],
): GaussianNoiseOptions {
	const given = optional(op, { mean: 0, sigma: 0.1, clip: true }, args);
	check.number(op, "mean", given.mean);
	checkFactor(op, "sigma", given.sigma);
	check.boolean(op, "clip", given.clip);
	return given;
}
