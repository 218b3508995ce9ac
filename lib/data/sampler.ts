import * as check from "../check.ts";
import { empty, randint, randperm } from "../generated/functions.ts";
import { Generator } from "../generator.ts";

/** Indices of samples, in the order in which they are to be loaded; every iteration is an epoch. */
export interface Sampler<Index = number> extends Iterable<Index> {
	/** How many an epoch has. */
	readonly length: number;
}

/** What a sampler has to know about a dataset. */
export interface Sized {
	readonly length: number;
}

/** 0, 1, 2, … */
export class SequentialSampler implements Sampler {
	readonly dataSource: Sized;

	constructor(dataSource: Sized) {
		this.dataSource = dataSource;
	}

	get length(): number {
		return this.dataSource.length;
	}

	*[Symbol.iterator](): Indices {
		for (let i = 0; i < this.dataSource.length; i++) yield i;
	}
}

type Indices = IterableIterator<number>;

export interface RandomSamplerOptions {
	/** Draws every index anew: false. */
	replacement?: boolean;
	/** How many an epoch has: as many as the dataset. */
	numSamples?: number | undefined;
	/** Draws the order. Default: a new generator each epoch, whose seed is drawn from the default generator. */
	generator?: Generator | undefined;
}

/** A new random order each epoch: PyTorch's own for the same seed. */
export class RandomSampler implements Sampler {
	readonly dataSource: Sized;
	readonly replacement: boolean;
	readonly generator: Generator | undefined;
	readonly #numSamples: number | undefined;

	constructor(dataSource: Sized, options: RandomSamplerOptions = {}) {
		const op = "RandomSampler";
		check.options(op, options, ["replacement", "numSamples", "generator"]);
		const { replacement = false, numSamples, generator } = options;
		check.boolean(op, "replacement", replacement);
		check.integer(op, "numSamples", numSamples ?? dataSource.length, {
			min: 1,
		});
		this.dataSource = dataSource;
		this.replacement = replacement;
		this.#numSamples = numSamples;
		this.generator = generator;
	}

	get length(): number {
		return this.#numSamples ?? this.dataSource.length;
	}

	/** Draws when the first index is asked for, and in the portions in which PyTorch draws. */
	*[Symbol.iterator](): Indices {
		const n = this.dataSource.length;
		const generator =
			this.generator ?? new Generator().manualSeed(drawSeed(undefined));
		const count = this.length;
		if (this.replacement) {
			const draw = (size: number) =>
				randint(0, n, [size], { generator }).tolist() as number[];
			for (let i = 0; i < Math.floor(count / 32); i++) yield* draw(32);
			yield* draw(count % 32);
		} else {
			const draw = () => randperm(n, { generator }).tolist() as number[];
			for (let i = 0; i < Math.floor(count / n); i++) yield* draw();
			yield* draw().slice(0, count % n);
		}
	}
}

/** @internal A seed as PyTorch's data loading draws it: an int64 that is not negative. */
export function drawSeed(generator: Generator | undefined): bigint {
	const seed = empty([], { dtype: "int64" }).random_({
		generator: generator ?? null,
	});
	return BigInt(seed.item() as number | bigint);
}

/** The given indices in a new random order each epoch. */
export class SubsetRandomSampler implements Sampler {
	readonly indices: readonly number[];
	readonly generator: Generator | undefined;

	constructor(
		indices: readonly number[],
		options: { generator?: Generator | undefined } = {},
	) {
		check.options("SubsetRandomSampler", options, ["generator"]);
		this.indices = indices;
		this.generator = options.generator;
	}

	get length(): number {
		return this.indices.length;
	}

	*[Symbol.iterator](): Indices {
		const order = randperm(this.length, { generator: this.generator ?? null });
		for (const i of order.tolist() as number[]) {
			yield this.indices[i] as number;
		}
	}
}

/** The indices of `sampler` in portions of `batchSize`; the last one may be smaller, or is left out with `dropLast`. */
export class BatchSampler implements Sampler<number[]> {
	readonly sampler: Iterable<number> & Partial<Sized>;
	readonly batchSize: number;
	readonly dropLast: boolean;

	constructor(
		sampler: Iterable<number> & Partial<Sized>,
		batchSize: number,
		dropLast: boolean,
	) {
		check.integer("BatchSampler", "batchSize", batchSize, { min: 1 });
		check.boolean("BatchSampler", "dropLast", dropLast);
		this.sampler = sampler;
		this.batchSize = batchSize;
		this.dropLast = dropLast;
	}

	/** NaN, where the sampler does not say how many it has. */
	get length(): number {
		const batches = (this.sampler.length ?? Number.NaN) / this.batchSize;
		return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
	}

	*[Symbol.iterator](): IterableIterator<number[]> {
		let batch: number[] = [];
		for (const index of this.sampler) {
			batch.push(index);
			if (batch.length === this.batchSize) {
				yield batch;
				batch = [];
			}
		}
		if (batch.length > 0 && !this.dropLast) yield batch;
	}
}
