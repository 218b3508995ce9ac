import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	blur,
	blurEach,
	checkKernelSize,
} from "../functional/colour/gaussianBlur.ts";
import type { Range } from "../parameters.ts";
import type { Random } from "../random.ts";
import { Transform } from "../transform.ts";

const op = "GaussianBlur";

export interface RandomBlurOptions {
	/** The standard deviation in pixels: a number, or drawn from … to. Default [0.1, 2]. */
	sigma: number | readonly [number] | Range;
}

/**
 * Blurs by a Gaussian kernel of width and height `kernelSize` (odd; one number for both), its deviation drawn uniformly from `sigma`.
 *
 * ```ts
 * new GaussianBlur(5, { sigma: [0.1, 1] })(image);
 * ```
 */
export class GaussianBlur extends Transform<number> {
	readonly kernelSize: readonly [number, number];
	readonly sigma: Range;

	constructor(
		kernelSize: number | readonly number[],
		...args: Optional<RandomBlurOptions, ["sigma"]>
	) {
		super();
		const defaults: RandomBlurOptions = { sigma: [0.1, 2] };
		this.kernelSize = checkKernelSize(op, kernelSize);
		this.sigma = rangeOfSigma(optional(op, defaults, args).sigma);
	}

	protected override draw(random: Random): number {
		return random.uniform(...this.sigma);
	}

	protected override apply(image: Tensor, sigma: number): Tensor {
		return blur(op, image, this.kernelSize, [sigma, sigma]);
	}

	protected override applyToBatch(
		images: Tensor,
		sigmas: readonly number[],
	): Tensor {
		return blurEach(op, images, this.kernelSize, sigmas);
	}
}

function rangeOfSigma(sigma: RandomBlurOptions["sigma"]): Range {
	const values = typeof sigma === "number" ? [sigma] : sigma;
	for (const value of check.array<number>(op, "sigma", values)) {
		check.number(op, "sigma", value);
	}
	const [from = 0, to = from] = values;
	if (values.length <= 2 && 0 < from && from <= to && to < Infinity) {
		return [from, to];
	}
	throw check.invalidValue(
		op,
		"sigma",
		`expected a number above 0 or [from, to] with 0 < from <= to, got ${check.describe(sigma)}`,
	);
}
