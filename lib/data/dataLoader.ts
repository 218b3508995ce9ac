import { setImmediate } from "node:timers/promises";
import * as check from "../check.ts";
import type { TorchError } from "../errors.ts";
import { type Generator, slotOfGenerator } from "../generator.ts";
import { type Collated, defaultCollate } from "./collate.ts";
import { type Dataset, type DatasetLike, toDataset } from "./dataset.ts";
import {
	BatchSampler,
	drawSeed,
	RandomSampler,
	SequentialSampler,
	type Sized,
} from "./sampler.ts";

interface CommonOptions {
	/** A new random order each epoch: false. */
	shuffle?: boolean;
	/** The order, instead of `shuffle`: any iterable of indices. */
	sampler?: (Iterable<number> & Partial<Sized>) | undefined;
	/** Leaves out a last batch that is not full: false. */
	dropLast?: boolean;
	/** Draws the order. Default: the default generator, in the way that PyTorch draws. */
	generator?: Generator | undefined;
}

export interface DataLoaderOptions<Sample, Batch> extends CommonOptions {
	/** Samples in a batch: 1. */
	batchSize?: number;
	/** The indices of every batch; excludes `batchSize`, `shuffle`, `sampler` and `dropLast`. */
	batchSampler?: (Iterable<readonly number[]> & Partial<Sized>) | undefined;
	/** Makes a batch of samples: `defaultCollate`. */
	collateFn?: ((samples: Sample[]) => Batch | Promise<Batch>) | undefined;
}

/** Without batches: what is loaded is `collateFn(sample)`. */
export interface UnbatchedOptions<Sample, Item> extends CommonOptions {
	batchSize: null;
	collateFn: (sample: Sample) => Item | Promise<Item>;
}

const names = [
	"batchSize",
	"shuffle",
	"sampler",
	"batchSampler",
	"dropLast",
	"collateFn",
	"generator",
];

/**
 * Loads a dataset batch by batch. Every `for await` is an epoch. The order of the samples, and all random numbers drawn on the way, are
 * those of Python's DataLoader for the same seed.
 *
 * The event loop runs between batches. Datasets with `getBatch` (such as TensorDataset) make a batch without making its samples.
 *
 * ```ts
 * const loader = new DataLoader(dataset, { batchSize: 64, shuffle: true });
 * for await (const [images, labels] of loader) {
 *   // images [64, 1, 28, 28], labels [64]
 * }
 * ```
 */
export class DataLoader<Sample, Batch = Collated<Sample>>
	implements AsyncIterable<Batch>
{
	readonly dataset: Dataset<Sample>;
	readonly batchSize: number | null;
	readonly dropLast: boolean;
	readonly sampler: Iterable<number> & Partial<Sized>;
	readonly batchSampler:
		| (Iterable<readonly number[]> & Partial<Sized>)
		| undefined;
	readonly collateFn:
		| ((samples: Sample[]) => Batch | Promise<Batch>)
		| ((sample: Sample) => Batch | Promise<Batch>)
		| undefined;
	readonly generator: Generator | undefined;

	/** @throws TorchError for options that are unknown, wrong, or exclude one another */
	constructor(
		dataset: DatasetLike<Sample>,
		options?: DataLoaderOptions<Sample, Batch>,
	);
	constructor(
		dataset: DatasetLike<Sample>,
		options: UnbatchedOptions<Sample, Batch>,
	);
	constructor(
		dataset: DatasetLike<Sample>,
		options:
			| DataLoaderOptions<Sample, Batch>
			| UnbatchedOptions<Sample, Batch> = {},
	) {
		const op = "DataLoader";
		check.options(op, options, names);
		const { shuffle = false, sampler, dropLast = false, generator } = options;
		const batchSampler =
			"batchSampler" in options ? options.batchSampler : undefined;
		const batchSize = options.batchSize === undefined ? 1 : options.batchSize;
		check.boolean(op, "shuffle", shuffle);
		check.boolean(op, "dropLast", dropLast);
		if (batchSize !== null) {
			check.integer(op, "batchSize", batchSize, { min: 1 });
		}
		checkIterable(op, "sampler", sampler);
		checkIterable(op, "batchSampler", batchSampler);
		if (options.collateFn) check.callable(op, "collateFn", options.collateFn);
		if (generator && slotOfGenerator(generator) === null) {
			throw check.invalidType(op, "generator", "Generator", generator);
		}
		if (sampler && shuffle) throw excluded("sampler", "shuffle");
		if (batchSampler) {
			if (batchSize !== 1) throw excluded("batchSampler", "batchSize");
			if (shuffle) throw excluded("batchSampler", "shuffle");
			if (sampler) throw excluded("batchSampler", "sampler");
			if (dropLast) throw excluded("batchSampler", "dropLast");
		}
		if (batchSize === null && dropLast) throw excluded("batchSize", "dropLast");

		this.dataset = toDataset(op, dataset);
		this.sampler =
			sampler ??
			(shuffle
				? new RandomSampler(this.dataset, { generator })
				: new SequentialSampler(this.dataset));
		this.batchSampler =
			batchSampler ??
			(batchSize === null
				? undefined
				: new BatchSampler(this.sampler, batchSize, dropLast));
		this.batchSize = batchSampler ? null : batchSize;
		this.dropLast = dropLast;
		this.collateFn = options.collateFn;
		this.generator = generator;
	}

	/** Batches in an epoch. NaN, where the sampler does not say how many it has. */
	get length(): number {
		return (this.batchSampler ?? this.sampler).length ?? Number.NaN;
	}

	[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
		drawSeed(this.generator); // PyTorch draws one for its workers, even if there are none: the order of all draws is the same
		return this.batchSampler
			? this.#load(this.batchSampler, (at) => this.#batch(at))
			: this.#load(this.sampler, (at) => this.#sample(at));
	}

	async *#load<Index>(
		indices: Iterable<Index>,
		load: (at: Index) => Batch | Promise<Batch>,
	): AsyncGenerator<Batch, void, undefined> {
		for (const at of indices) {
			yield await load(at);
			await setImmediate(); // timers, servers and progress bars go on
		}
	}

	#batch(at: readonly number[]): Batch | Promise<Batch> {
		const { dataset, collateFn } = this;
		if (!collateFn && dataset.getBatch) return dataset.getBatch(at) as Batch;
		const collate = (collateFn ?? defaultCollate) as (
			samples: Sample[],
		) => Batch;
		const samples = dataset.getItems
			? dataset.getItems(at)
			: at.map((index) => dataset.getItem(index));
		if (!Array.isArray(samples)) return samples.then(collate);
		return samples.some(isPromise)
			? Promise.all(samples).then(collate)
			: collate(samples as Sample[]);
	}

	#sample(at: number): Batch | Promise<Batch> {
		const convert = (this.collateFn ?? ((sample) => sample)) as (
			sample: Sample,
		) => Batch;
		const sample = this.dataset.getItem(at);
		return isPromise(sample) ? sample.then(convert) : convert(sample);
	}
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
	return typeof (value as Promise<T> | null)?.then === "function";
}

function checkIterable(op: string, argument: string, value: unknown): void {
	if (value === undefined || Symbol.iterator in Object(value)) return;
	throw check.invalidType(op, argument, "iterable", value);
}

function excluded(argument: string, other: string): TorchError {
	return check.invalidValue(
		"DataLoader",
		argument,
		`expected it without ${other}, got both`,
	);
}
