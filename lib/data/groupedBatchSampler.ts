import * as check from "../check.ts";
import { type Labels, labelsOf } from "./labels.ts";
import type { Sampler } from "./sampler.ts";

/**
 * Batches whose samples are all of one group, such as images of one size. Samples keep the order of `sampler` as far as that goes; a batch is given when
 * it is full, and those that are not full in the end come last, or are left out with `dropLast`.
 *
 * ```ts
 * const batchSampler = new GroupedBatchSampler(new RandomSampler(dataset), widths, 16, false);
 * const loader = new DataLoader(dataset, { batchSampler });
 * ```
 *
 * @see https://github.com/pytorch/vision/blob/main/references/detection/group_by_aspect_ratio.py
 */
export class GroupedBatchSampler implements Iterable<number[]> {
	readonly sampler: Sampler;
	readonly batchSize: number;
	readonly dropLast: boolean;
	readonly #groups: readonly (number | bigint | string)[];

	/** @param groups the group of each sample of the dataset */
	constructor(
		sampler: Sampler,
		groups: Labels,
		batchSize: number,
		dropLast: boolean,
	) {
		const op = "GroupedBatchSampler";
		check.integer(op, "batchSize", batchSize, { min: 1 });
		check.boolean(op, "dropLast", dropLast);
		this.sampler = sampler;
		this.batchSize = batchSize;
		this.dropLast = dropLast;
		this.#groups = labelsOf(op, "groups", groups);
	}

	*[Symbol.iterator](): IterableIterator<number[]> {
		const open = new Map<unknown, number[]>();
		for (const index of this.sampler) {
			const group = this.#groups[index];
			if (group === undefined) {
				throw check.invalidValue(
					"GroupedBatchSampler",
					"groups",
					`expected one for each sample, got ${this.#groups.length} and sample ${index}`,
				);
			}
			const batch = open.get(group) ?? [];
			batch.push(index);
			if (batch.length === this.batchSize) {
				yield batch;
				open.delete(group);
			} else open.set(group, batch);
		}
		if (!this.dropLast) yield* open.values();
	}
}
