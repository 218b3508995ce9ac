import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	checkAffine,
	type RotateOptions,
	rotateInput,
} from "./functional/affine.ts";
import type { Fill, Interpolation } from "./functional/image.ts";
import { type Range, rangeOf } from "./parameters.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

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
	readonly fill: Fill;

	constructor(degrees: number | Range, options: RotateOptions = {}) {
		super();
		const op = "RandomRotation";
		check.options(op, options, ["interpolation", "expand", "center", "fill"]);
		checkAffine(op, options);
		this.degrees = rangeOf(op, "degrees", degrees);
		this.interpolation = options.interpolation ?? "nearest";
		this.expand = options.expand ?? false;
		this.center = options.center ?? null;
		this.fill = options.fill === undefined ? 0 : options.fill;
	}

	protected override draw(random: Random): number {
		return random.uniform(...this.degrees);
	}

	protected override apply(input: Tensor, angle: number): Tensor {
		return rotateInput("RandomRotation", input, angle, this);
	}
}
