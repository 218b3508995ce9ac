import * as check from "../check.ts";
import { classesOf, type Labels } from "./labels.ts";
import {
	WeightedRandomSampler,
	type WeightedRandomSamplerOptions,
} from "./weightedSampler.ts";

export interface ClassBalancedSamplerOptions
	extends Pick<WeightedRandomSamplerOptions, "generator"> {
	/** How many an epoch has: as many as there are labels. */
	numSamples?: number;
	/**
	 * How far rare classes are raised. 1 (default): all classes come equally often; 0: as often as they are; 0.5: by the square roots of their
	 * frequencies.
	 */
	strength?: number;
}

/**
 * For skewed data: draws with replacement so that a rare class comes as often as a common one. A sample's weight is 1 / (its class's count to the power of
 * `strength`).
 *
 * ```ts
 * const sampler = new ClassBalancedSampler(dataset.targets);
 * const loader = new DataLoader(dataset, { batchSize: 64, sampler });
 * ```
 */
export class ClassBalancedSampler extends WeightedRandomSampler {
	/** @param labels the class of each sample */
	constructor(labels: Labels, options: ClassBalancedSamplerOptions = {}) {
		const op = "ClassBalancedSampler";
		check.options(op, options, ["numSamples", "strength", "generator"]);
		const { strength = 1, generator } = options;
		check.number(op, "strength", strength, { min: 0, max: 1 });
		const classes = classesOf(op, labels);
		const count = [...classes.values()].reduce(
			(n, { length }) => n + length,
			0,
		);
		const weights = new Float64Array(count);
		for (const members of classes.values()) {
			const weight = members.length ** -strength;
			for (const i of members) weights[i] = weight;
		}
		super(weights, options.numSamples ?? count, { generator });
	}
}
