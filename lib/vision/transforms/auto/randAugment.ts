import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Random } from "../random.ts";
import { type AutoOptions, AutoTransform, type Step } from "./base.ts";
import {
	type Choice,
	checkBins,
	colour,
	geometry,
	identity,
	levels,
	type Strength,
} from "./space.ts";

const op = "RandAugment";

export interface RandAugmentOptions extends AutoOptions {
	/** How many operations are applied, one after the other. Default 2. */
	numOps: number;
	/** Which level all have, from 0 to numMagnitudeBins - 1. Default 9. */
	magnitude: number;
	/** Default 31. */
	numMagnitudeBins: number;
}

/** @internal What AutoAugment's operations are at most. */
export const strength: Strength = {
	shear: 0.3,
	translateX: ({ width }) => (150 / 331) * width,
	translateY: ({ height }) => (150 / 331) * height,
	rotate: 30,
	colour: 0.9,
	posterize: [8, 4],
};

const space: readonly Choice[] = [
	identity,
	...geometry(strength),
	...colour(strength),
	...levels(strength),
];

/**
 * Applies `numOps` random operations of one magnitude.
 *
 * ```ts
 * new RandAugment({ numOps: 2, magnitude: 9 })(image);
 * ```
 *
 * @see Cubuk et al., RandAugment, https://arxiv.org/abs/1909.13719
 */
export class RandAugment extends AutoTransform<Step[]> {
	readonly numOps: number;
	readonly magnitude: number;
	readonly numMagnitudeBins: number;

	constructor(
		...args: Optional<
			RandAugmentOptions,
			["numOps", "magnitude", "numMagnitudeBins", "interpolation", "fill"]
		>
	) {
		const defaults: RandAugmentOptions = {
			numOps: 2,
			magnitude: 9,
			numMagnitudeBins: 31,
			interpolation: "nearest",
			fill: null,
		};
		const given = optional(op, defaults, args);
		super(given);
		const { numOps, magnitude, numMagnitudeBins } = given;
		check.integer(op, "numOps", numOps, { min: 0 });
		checkBins(op, "numMagnitudeBins", numMagnitudeBins);
		const max = numMagnitudeBins - 1;
		check.integer(op, "magnitude", magnitude, { min: 0, max });
		this.numOps = numOps;
		this.magnitude = magnitude;
		this.numMagnitudeBins = numMagnitudeBins;
	}

	protected override draw(random: Random, inputs: readonly Tensor[]): Step[] {
		const size = this.sizeOf(inputs);
		return Array.from({ length: this.numOps }, () => {
			const choice = space[random.integer(space.length)] as Choice;
			const level = () => this.magnitude;
			return this.step(random, choice, this.numMagnitudeBins, size, level);
		});
	}

	protected override apply(image: Tensor, steps: Step[]): Tensor {
		return this.run(image, steps);
	}
}
