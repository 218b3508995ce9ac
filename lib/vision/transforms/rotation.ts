import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	affineBatch,
	checkAffine,
	type RotateOptions,
	rotateInput,
	turnBy,
} from "./functional/affine.ts";
import type { Interpolation } from "./functional/image.ts";
import {
	checkFills,
	type Fills,
	fillFor,
	type Range,
	rangeOf,
} from "./parameters.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

export interface RandomRotationOptions extends Omit<RotateOptions, "fill"> {
	/** What is put where there is no image: a number, one for each channel, or { image, mask }. Default: 0. */
	fill?: Fills;
}

/**
 * Rotates by an angle drawn uniformly from `degrees`, counter-clockwise; a number d means [-d, d].
 *
 * Options: `interpolation` ("nearest"), `expand` (false), `center` (the image's), `fill` (0).
 */
export class RandomRotation extends GeometricTransform<number> {
	readonly degrees: Range;
	readonly interpolation: Interpolation;
	readonly expand: boolean;
	readonly center: readonly [number, number] | null;
	readonly fill: Fills;

	constructor(degrees: number | Range, options: RandomRotationOptions = {}) {
		super();
		const op = "RandomRotation";
		check.options(op, options, ["interpolation", "expand", "center", "fill"]);
		const { fill = 0, ...rest } = options;
		checkFills(op, fill);
		checkAffine(op, rest);
		this.degrees = rangeOf(op, "degrees", degrees);
		this.interpolation = options.interpolation ?? "nearest";
		this.expand = options.expand ?? false;
		this.center = options.center ?? null;
		this.fill = fill;
	}

	protected override draw(random: Random): number {
		return random.uniform(...this.degrees);
	}

	protected override apply(input: Tensor, angle: number): Tensor {
		const { interpolation, expand, center } = this;
		const fill = fillFor(this.fill, input);
		const options = { interpolation, expand, center, fill };
		return rotateInput("RandomRotation", input, angle, options);
	}

	protected override applyToBatch(
		images: Tensor,
		angles: readonly number[],
	): Tensor {
		if (this.expand) return super.applyToBatch(images, angles);
		const { interpolation, center } = this;
		const fill = fillFor(this.fill, images);
		const options = { interpolation, center, fill };
		const turns = angles.map((angle) => turnBy(angle));
		return affineBatch("RandomRotation", images, turns, options);
	}
}
