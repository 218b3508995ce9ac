import { type Optional, optional } from "../../../arguments.ts";
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

const op = "TrivialAugmentWide";

export interface TrivialAugmentOptions extends AutoOptions {
	/** Of how many levels one is drawn. Default 31. */
	numMagnitudeBins: number;
}

const wide: Strength = {
	shear: 0.99,
	translateX: 32,
	translateY: 32,
	rotate: 135,
	colour: 0.99,
	posterize: [8, 6],
};

const space: readonly Choice[] = [
	identity,
	...geometry(wide),
	...colour(wide),
	...levels(wide),
];

/**
 * Applies one random operation of a random magnitude.
 *
 * @see Müller and Hutter, TrivialAugment, https://arxiv.org/abs/2103.10158
 */
export class TrivialAugmentWide extends AutoTransform<Step> {
	readonly numMagnitudeBins: number;

	constructor(
		...args: Optional<
			TrivialAugmentOptions,
			["numMagnitudeBins", "interpolation", "fill"]
		>
	) {
		const defaults: TrivialAugmentOptions = {
			numMagnitudeBins: 31,
			interpolation: "nearest",
			fill: null,
		};
		const given = optional(op, defaults, args);
		super(given);
		checkBins(op, "numMagnitudeBins", given.numMagnitudeBins);
		this.numMagnitudeBins = given.numMagnitudeBins;
	}

	protected override draw(random: Random, inputs: readonly Tensor[]): Step {
		const size = this.sizeOf(inputs);
		const bins = this.numMagnitudeBins;
		const choice = space[random.integer(space.length)] as Choice;
		return this.step(random, choice, bins, size, () => random.integer(bins));
	}

	protected override apply(image: Tensor, step: Step): Tensor {
		return this.run(image, [step]);
	}
}
