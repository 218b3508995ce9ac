import * as check from "../../check.ts";
import { cat, rand } from "../../generated/functions.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { gaussianBlur } from "./functional/colour/gaussianBlur.ts";
import { checkElastic, elasticInput } from "./functional/elastic.ts";
import type { Interpolation } from "./functional/image.ts";
import { checkFills, type Fills, fillFor, pairOf } from "./parameters.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

const op = "ElasticTransform";

export interface ElasticTransformOptions {
	/** How far pixels move, along x and y; one number stands for both: 50. */
	alpha?: number | readonly [number, number];
	/** How smooth the displacements are, the deviation of a Gauss filter: 5. */
	sigma?: number | readonly [number, number];
	/** "bilinear" (default) or "nearest". */
	interpolation?: Interpolation;
	/** What is put where there is no image: a number, one for each channel, or { image, mask }. Default: 0. */
	fill?: Fills;
}

/**
 * Moves each pixel at random, neighbours alike, as if seen through water. Options: `alpha` (50), `sigma` (5), `interpolation` ("bilinear"),
 * `fill` (0).
 */
export class ElasticTransform extends GeometricTransform<Tensor> {
	readonly alpha: readonly [number, number];
	readonly sigma: readonly [number, number];
	readonly interpolation: Interpolation;
	readonly fill: Fills;

	constructor(options: ElasticTransformOptions = {}) {
		super();
		check.options(op, options, ["alpha", "sigma", "interpolation", "fill"]);
		const { alpha = 50, sigma = 5, fill = 0, ...rest } = options;
		checkFills(op, fill);
		checkElastic(op, rest);
		this.alpha = pairOf(op, "alpha", alpha);
		this.sigma = pairOf(op, "sigma", sigma, { min: 0 });
		this.interpolation = rest.interpolation ?? "bilinear";
		this.fill = fill;
	}

	protected override draw(_: Random, inputs: readonly Tensor[]): Tensor {
		const { height, width } = sizeOfInputs(op, inputs);
		const [sigmaX, sigmaY] = this.sigma;
		return scope(() => {
			const dx = this.#noise(height, width, sigmaX).mul(this.alpha[0]);
			const dy = this.#noise(height, width, sigmaY).mul(this.alpha[1]);
			return cat([dx.div(width), dy.div(height)], 1).permute([0, 2, 3, 1]);
		});
	}

	/** From -1 to 1, smoothed: (1, 1, H, W). */
	#noise(height: number, width: number, sigma: number): Tensor {
		const noise = rand([1, 1, height, width]).mul(2).sub(1);
		if (sigma === 0) return noise;
		const size = Math.trunc(8 * sigma + 1);
		const odd = size % 2 === 0 ? size + 1 : size;
		if ((odd - 1) / 2 >= Math.min(height, width)) {
			throw check.invalidValue(
				op,
				"sigma",
				`expected less than a quarter of the image's size [${height}, ${width}], got ${sigma}`,
			);
		}
		return gaussianBlur(noise, [odd, odd], { sigma: this.sigma });
	}

	protected override apply(input: Tensor, displacement: Tensor): Tensor {
		const { interpolation } = this;
		const fill = fillFor(this.fill, input);
		return elasticInput(op, input, displacement, { interpolation, fill });
	}
}
