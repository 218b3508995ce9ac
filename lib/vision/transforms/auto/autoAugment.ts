import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Random } from "../random.ts";
import { type AutoOptions, AutoTransform, type Step } from "./base.ts";
import { type AutoAugmentPolicy, policies, type Stage } from "./policies.ts";
import { strength } from "./randAugment.ts";
import { type Choice, colour, geometry, inversion, levels } from "./space.ts";

const op = "AutoAugment";
const bins = 10;

export interface AutoAugmentOptions extends AutoOptions {
	/** What it was learnt on: "imagenet", "cifar10" or "svhn". Default "imagenet". */
	policy: AutoAugmentPolicy;
}

const choices = new Map(
	[
		...geometry(strength),
		...colour(strength),
		...levels(strength),
		inversion,
	].map((choice) => [choice.operation, choice]),
);

/**
 * Applies one of 25 learnt pairs of operations, each operation with its own probability.
 *
 * ```ts
 * new AutoAugment({ policy: "cifar10" })(image);
 * ```
 *
 * @see Cubuk et al., AutoAugment, https://arxiv.org/abs/1805.09501
 */
export class AutoAugment extends AutoTransform<Step[]> {
	readonly policy: AutoAugmentPolicy;

	constructor(
		...args: Optional<AutoAugmentOptions, ["policy", "interpolation", "fill"]>
	) {
		const defaults: AutoAugmentOptions = {
			policy: "imagenet",
			interpolation: "nearest",
			fill: null,
		};
		const given = optional(op, defaults, args);
		super(given);
		const known = Object.keys(policies) as AutoAugmentPolicy[];
		this.policy = check.oneOf(op, "policy", given.policy, known);
	}

	protected override draw(random: Random, inputs: readonly Tensor[]): Step[] {
		const size = this.sizeOf(inputs);
		const pairs = policies[this.policy];
		const pair = pairs[random.integer(pairs.length)] as readonly Stage[];
		return pair.flatMap(([operation, probability, level]) => {
			if (random.unit() > Math.fround(probability)) return [];
			const choice = choices.get(operation) as Choice;
			return [this.step(random, choice, bins, size, () => level ?? 0)];
		});
	}

	protected override apply(image: Tensor, steps: Step[]): Tensor {
		return this.run(image, steps);
	}
}
