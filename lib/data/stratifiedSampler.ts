import * as check from "../check.ts";
import { rand, randperm } from "../generated/functions.ts";
import type { Generator } from "../generator.ts";
import { classesOf, type Labels } from "./labels.ts";
import type { Sampler } from "./sampler.ts";

/**
 * Every sample once, in a random order in which classes are spread evenly: each batch has them in nearly the proportions of the whole. In any stretch of n samples, a
 * class that is the fraction f of all has at least f n - 2 and at most f n + 2.
 *
 * Each class is shuffled and laid out over the epoch at equal distances, from a random start.
 *
 * ```ts
 * const sampler = new StratifiedSampler(dataset.targets);
 * const loader = new DataLoader(dataset, { batchSize: 64, sampler });
 * ```
 */
export class StratifiedSampler implements Sampler {
	readonly length: number;
	readonly generator: Generator | undefined;
	readonly #classes: readonly (readonly number[])[];

	/** @param labels the class of each sample */
	constructor(
		labels: Labels,
		options: { generator?: Generator | undefined } = {},
	) {
		const op = "StratifiedSampler";
		check.options(op, options, ["generator"]);
		this.#classes = [...classesOf(op, labels).values()];
		this.length = this.#classes.reduce((n, { length }) => n + length, 0);
		this.generator = options.generator;
	}

	*[Symbol.iterator](): IterableIterator<number> {
		const { generator = null } = this;
		const starts = rand([this.#classes.length], {
			generator,
			dtype: "float64",
		}).tolist() as number[];
		const places = this.#classes.flatMap((members, c) => {
			const order = randperm(members.length, {
				generator,
			}).tolist() as number[];
			const start = starts[c] as number;
			return order.map((i, k) => ({
				index: members[i] as number,
				place: (k + start) / members.length,
			}));
		});
		places.sort((a, b) => a.place - b.place);
		for (const { index } of places) yield index;
	}
}
