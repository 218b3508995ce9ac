import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Interpolation } from "./functional/image.ts";
import type { Point } from "./functional/matrix.ts";
import {
	checkPerspective,
	perspectiveBatch,
	perspectiveInput,
} from "./functional/perspective.ts";
import {
	type PerspectiveCoefficients,
	perspectiveCoefficients,
} from "./functional/perspectiveCoefficients.ts";
import { checkFills, type Fills, fillFor } from "./parameters.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { RandomApplyTransform } from "./transform.ts";

const op = "RandomPerspective";

export interface RandomPerspectiveOptions {
	/** How far corners move, from 0 to 1 (half the image): 0.5. */
	distortionScale?: number;
	/** Default: 0.5. */
	p?: number;
	/** "bilinear" (default) or "nearest". */
	interpolation?: Interpolation;
	/** What is put where there is no image: a number, one for each channel, or { image, mask }. Default: 0. */
	fill?: Fills;
}

/** Moves the corners inwards at random, with probability `p`. Options: `distortionScale` (0.5), `p` (0.5), `interpolation` ("bilinear"), `fill` (0). */
export class RandomPerspective extends RandomApplyTransform<PerspectiveCoefficients> {
	readonly distortionScale: number;
	readonly interpolation: Interpolation;
	readonly fill: Fills;

	constructor(options: RandomPerspectiveOptions = {}) {
		const names = ["distortionScale", "p", "interpolation", "fill"];
		check.options(op, options, names);
		const { distortionScale = 0.5, p = 0.5, fill = 0, ...rest } = options;
		super(p);
		check.number(op, "distortionScale", distortionScale, { min: 0, max: 1 });
		checkFills(op, fill);
		checkPerspective(op, rest);
		this.distortionScale = distortionScale;
		this.interpolation = rest.interpolation ?? "bilinear";
		this.fill = fill;
	}

	protected override takes(): boolean {
		return true;
	}

	protected override draw(
		random: Random,
		inputs: readonly Tensor[],
	): PerspectiveCoefficients {
		const { height, width } = sizeOfInputs(op, inputs);
		const most = (size: number): number =>
			Math.trunc(this.distortionScale * Math.floor(size / 2));
		const near = (size: number): number => random.integer(most(size) + 1);
		const far = (size: number): number =>
			random.integer(size - most(size) - 1, size);
		const ends: [Point, Point, Point, Point] = [
			[near(width), near(height)],
			[far(width), near(height)],
			[far(width), far(height)],
			[near(width), far(height)],
		];
		const [right, bottom] = [width - 1, height - 1];
		const starts = [
			[0, 0],
			[right, 0],
			[right, bottom],
			[0, bottom],
		] as const;
		return perspectiveCoefficients(op, starts, ends);
	}

	protected override apply(
		input: Tensor,
		coefficients: PerspectiveCoefficients,
	): Tensor {
		const { interpolation } = this;
		const fill = fillFor(this.fill, input);
		return perspectiveInput(op, input, coefficients, { interpolation, fill });
	}

	protected override applyToBatch(
		images: Tensor,
		coefficients: readonly PerspectiveCoefficients[],
	): Tensor {
		const { interpolation } = this;
		const fill = fillFor(this.fill, images);
		return perspectiveBatch(op, images, coefficients, { interpolation, fill });
	}
}
