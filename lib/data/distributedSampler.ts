import * as check from "../check.ts";
import { randperm } from "../generated/functions.ts";
import { Generator } from "../generator.ts";
import type { Sampler, Sized } from "./sampler.ts";

export interface DistributedSamplerOptions {
	/** How many processes share the dataset. */
	numReplicas: number;
	/** Which of them this is: 0 to numReplicas - 1. */
	rank: number;
	/** A new order each epoch, the same in all processes: true. */
	shuffle?: boolean;
	/** Of the order; the same in all processes: 0. */
	seed?: number;
	/** Leaves out the last samples where they do not make an equal share, instead of giving some twice: false. */
	dropLast?: boolean;
}

/**
 * The share of a dataset that one of several processes trains on. All have equally many. Call `setEpoch` before each epoch, or all have the same
 * order.
 *
 * ```ts
 * const sampler = new DistributedSampler(dataset, { numReplicas: 4, rank: 0 });
 * for (let epoch = 0; epoch < 10; epoch++) {
 *   sampler.setEpoch(epoch);
 *   for await (const batch of loader) train(batch);
 * }
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler
 */
export class DistributedSampler implements Sampler {
	readonly dataset: Sized;
	readonly numReplicas: number;
	readonly rank: number;
	readonly shuffle: boolean;
	readonly seed: number;
	readonly dropLast: boolean;
	/** The samples of one process, and of all. */
	readonly numSamples: number;
	readonly totalSize: number;
	epoch = 0;

	constructor(dataset: Sized, options: DistributedSamplerOptions) {
		const op = "DistributedSampler";
		check.options(op, options, [
			"numReplicas",
			"rank",
			"shuffle",
			"seed",
			"dropLast",
		]);
		const { numReplicas, rank } = options;
		const { shuffle = true, seed = 0, dropLast = false } = options;
		check.integer(op, "numReplicas", numReplicas, { min: 1 });
		check.integer(op, "rank", rank, { min: 0, max: numReplicas - 1 });
		check.boolean(op, "shuffle", shuffle);
		check.integer(op, "seed", seed);
		check.boolean(op, "dropLast", dropLast);
		const { length } = dataset;
		const left = length % numReplicas !== 0 && dropLast ? numReplicas : 0;
		this.dataset = dataset;
		this.numReplicas = numReplicas;
		this.rank = rank;
		this.shuffle = shuffle;
		this.seed = seed;
		this.dropLast = dropLast;
		this.numSamples = Math.max(Math.ceil((length - left) / numReplicas), 0);
		this.totalSize = this.numSamples * numReplicas;
	}

	get length(): number {
		return this.numSamples;
	}

	/** The order of the next iteration. */
	setEpoch(epoch: number): void {
		this.epoch = check.integer("DistributedSampler", "epoch", epoch);
	}

	*[Symbol.iterator](): IterableIterator<number> {
		const { dataset, totalSize, numReplicas, rank } = this;
		const { length } = dataset;
		const generator = new Generator().manualSeed(this.seed + this.epoch);
		const order = this.shuffle
			? (randperm(length, { generator }).tolist() as number[])
			: undefined;
		for (let i = rank; i < totalSize; i += numReplicas) {
			const place = i % length; // what lacks is taken from the beginning
			yield order ? (order[place] as number) : place;
		}
	}
}
