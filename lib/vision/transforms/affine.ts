import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type AffineOptions,
	affineBatch,
	affineInput,
	checkAffine,
	checkPair,
} from "./functional/affine.ts";
import type { Interpolation } from "./functional/image.ts";
import type { AffineParameters } from "./functional/matrix.ts";
import { roundHalfEven } from "./functional/rounding.ts";
import {
	checkFills,
	checkOrder,
	type Fills,
	fillFor,
	type Range,
	rangeOf,
} from "./parameters.ts";
import { sizeOfInputs } from "./query.ts";
import type { Random } from "./random.ts";
import { GeometricTransform } from "./transform.ts";

const op = "RandomAffine";

export interface RandomAffineOptions extends Omit<AffineOptions, "fill"> {
	/** What is put where there is no image: a number, one for each channel, or { image, mask }. Default: 0. */
	fill?: Fills;
	/** The largest shift, as fractions of width and height: none. */
	translate?: readonly [number, number] | null | undefined;
	/** Factors from … to: 1. */
	scale?: Range | null | undefined;
	/** Degrees along x: a number d for [-d, d], or [from, to]; along x and y: [from, to, from, to]. None. */
	shear?:
		| number
		| Range
		| readonly [number, number, number, number]
		| null
		| undefined;
}

/**
 * Rotates (clockwise, by an angle from `degrees`; a number d means [-d, d]), moves, scales and shears at random, keeping the
 * image's centre.
 *
 * ```ts
 * new RandomAffine(10, { translate: [0.1, 0.1], scale: [0.9, 1.1], shear: 5 })(image);
 * ```
 *
 * Options: `translate`, `scale`, `shear`, `interpolation` ("nearest"), `fill` (0), `center`.
 */
export class RandomAffine extends GeometricTransform<AffineParameters> {
	readonly degrees: Range;
	readonly translate: readonly [number, number] | null;
	readonly scale: Range | null;
	readonly shear: Range | readonly [number, number, number, number] | null;
	readonly interpolation: Interpolation;
	readonly fill: Fills;
	readonly center: readonly [number, number] | null;

	constructor(degrees: number | Range, options: RandomAffineOptions = {}) {
		super();
		check.options(op, options, [
			"translate",
			"scale",
			"shear",
			"interpolation",
			"fill",
			"center",
		]);
		const { translate, scale, shear, fill = 0 } = options;
		checkFills(op, fill);
		const { interpolation, center } = options;
		checkAffine(op, { interpolation, center });
		if (translate) checkPair(op, "translate", translate, { min: 0, max: 1 });
		if (scale) checkScale(scale);
		this.degrees = rangeOf(op, "degrees", degrees);
		this.translate = translate ?? null;
		this.scale = scale ?? null;
		this.shear = shearOf(shear ?? null);
		this.interpolation = interpolation ?? "nearest";
		this.fill = fill;
		this.center = center ?? null;
	}

	protected override draw(
		random: Random,
		inputs: readonly Tensor[],
	): AffineParameters {
		const { translate, scale, shear } = this;
		const angle = random.uniform(...this.degrees);
		const shift: [number, number] = [0, 0];
		if (translate) {
			const { height, width } = sizeOfInputs(op, inputs);
			shift[0] = drawShift(random, translate[0] * width);
			shift[1] = drawShift(random, translate[1] * height);
		}
		const factor = scale ? random.uniform(...scale) : 1;
		const shears: [number, number] = [0, 0];
		if (shear) {
			shears[0] = random.uniform(shear[0], shear[1]);
			if (shear.length === 4) shears[1] = random.uniform(shear[2], shear[3]);
		}
		return { angle, translate: shift, scale: factor, shear: shears };
	}

	protected override apply(
		input: Tensor,
		parameters: AffineParameters,
	): Tensor {
		const { interpolation, center } = this;
		const fill = fillFor(this.fill, input);
		return affineInput(op, input, parameters, { interpolation, center, fill });
	}

	protected override applyToBatch(
		images: Tensor,
		parameters: readonly AffineParameters[],
	): Tensor {
		const { interpolation, center } = this;
		const fill = fillFor(this.fill, images);
		const options = { interpolation, center, fill };
		return affineBatch(op, images, parameters, options);
	}
}

/** Whole pixels. */
function drawShift(random: Random, most: number): number {
	return roundHalfEven(random.uniform(-most, most));
}

function checkScale(scale: Range): void {
	checkPair(op, "scale", scale);
	checkOrder(op, "scale", scale);
	if (scale[0] > 0) return;
	throw check.invalidValue(
		op,
		"scale",
		`expected factors above 0, got [${scale.join(", ")}]`,
	);
}

function shearOf(
	shear: (RandomAffineOptions["shear"] & {}) | null,
): RandomAffine["shear"] {
	if (shear === null) return null;
	if (typeof shear === "number" || shear.length !== 4) {
		return rangeOf(op, "shear", shear);
	}
	rangeOf(op, "shear", [shear[0], shear[1]]);
	rangeOf(op, "shear", [shear[2], shear[3]]);
	return shear;
}
