/** How a batch is made, in the thread that trains as in a worker. */
import { defaultCollate } from "./collate.ts";
import { type Dataset, itemsOf } from "./dataset.ts";
import { inTurn, isPromise, whenReady } from "./inTurn.ts";
import type { Streamed } from "./iterable.ts";
import { batchError, SampleError } from "./sampleError.ts";

/** What a batch is made of: an index, or those of a batch. Of streams, how many samples count. */
export type At = number | readonly number[];

/** What stands for a batch of a stream: as many indices as it has samples. */
export function streamBatch(batchSize: number | null): At {
	return batchSize === null ? 0 : new Array<number>(batchSize).fill(0);
}

/** No batch: the stream has ended. */
export const ended: unique symbol = Symbol("ended");
/** No batch: all its samples were skipped. */
export const skipped: unique symbol = Symbol("skipped");

export type Fetched<Batch> = Batch | typeof ended | typeof skipped;

export type CollateFn = (samples: unknown) => unknown;

export interface FetcherOptions {
	/** What errors call the thread. */
	where: string;
	collateFn: CollateFn | undefined;
	/** Puts the samples of a batch together where no `collateFn` does. */
	collate?: (samples: readonly unknown[]) => unknown;
	dropLast: boolean;
	/** Takes the errors of samples that are left out; undefined: they are thrown. */
	onSkip: ((error: SampleError) => void) | undefined;
}

export interface Fetcher {
	fetch(at: At): Fetched<unknown> | Promise<Fetched<unknown>>;
	/** Lets go of a stream that is not at its end. */
	close?(): Promise<void>;
}

/** Batches of a dataset with indices. */
export class MapFetcher implements Fetcher {
	readonly #dataset: Dataset<unknown>;
	readonly #options: FetcherOptions;

	constructor(dataset: Dataset<unknown>, options: FetcherOptions) {
		this.#dataset = dataset;
		this.#options = options;
	}

	fetch(at: At): Fetched<unknown> | Promise<Fetched<unknown>> {
		if (typeof at === "number") {
			return whenReady(this.#one(at), (sample) =>
				sample === skipped
					? skipped
					: collated(this.#options, [at], sample, (one) => one),
			);
		}
		return whenReady(this.#batch(at), ({ batch }) => batch);
	}

	/** In an object, so that a batch that is a promise is not taken for one of ours. */
	#batch(
		at: readonly number[],
	): { batch: unknown } | Promise<{ batch: unknown }> {
		const { collateFn, collate = defaultCollate } = this.#options;
		if (!collateFn && this.#dataset.getBatch) {
			const batch = this.#try(at, () => this.#dataset.getBatch?.(at), false);
			if (batch !== skipped) return { batch };
		}
		return whenReady(this.#samples(at), (samples) =>
			whenReady(
				samples.length === 0
					? skipped
					: collated(this.#options, at, samples, collate as CollateFn),
				(batch) => ({ batch }),
			),
		);
	}

	#samples(at: readonly number[]): unknown[] | Promise<unknown[]> {
		const oneByOne = () =>
			whenReady(
				inTurn(at.length, (i) => this.#one(at[i] as number)),
				(samples) => samples.filter((sample) => sample !== skipped),
			);
		if (!this.#dataset.getItems) return oneByOne();
		// what fails at once is tried sample by sample, where bad ones are to be left out
		const all = this.#try(at, () => itemsOf(this.#dataset, at), false);
		return whenReady(all as unknown[] | typeof skipped, (samples) =>
			samples === skipped ? oneByOne() : samples,
		);
	}

	#one(index: number): unknown {
		return this.#try([index], () => this.#dataset.getItem(index));
	}

	/** What `load` gives, or `skipped`, which is told unless it is to be tried in another way. */
	#try(at: readonly number[], load: () => unknown, isLastTry = true): unknown {
		const { where, onSkip } = this.#options;
		const failed = (cause: unknown) => {
			const error =
				cause instanceof SampleError
					? new SampleError(where, [cause.index ?? Number.NaN], cause.cause)
					: new SampleError(where, at, cause);
			if (!onSkip) throw error;
			if (isLastTry) onSkip(error);
			return skipped;
		};
		try {
			const loaded = load();
			return isPromise(loaded) ? loaded.catch(failed) : loaded;
		} catch (cause) {
			return failed(cause);
		}
	}
}

/** Batches of a stream. */
export class StreamFetcher implements Fetcher {
	readonly #dataset: Streamed<unknown>;
	readonly #options: FetcherOptions;
	#iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
	#ended = false;

	constructor(dataset: Streamed<unknown>, options: FetcherOptions) {
		this.#dataset = dataset;
		this.#options = options;
	}

	async fetch(at: At): Promise<Fetched<unknown>> {
		const size = typeof at === "number" ? 1 : at.length;
		const samples = await this.#take(size);
		const { dropLast, collate = defaultCollate } = this.#options;
		if (samples.length === 0) return ended;
		if (typeof at === "number") {
			return collated(this.#options, [], samples[0], (one) => one);
		}
		if (dropLast && samples.length < size) return ended;
		return collated(this.#options, [], samples, collate as CollateFn);
	}

	/** Goes past `size` samples. */
	async #take(size: number): Promise<unknown[]> {
		const { where } = this.#options;
		const samples: unknown[] = [];
		try {
			this.#iterator ??= iteratorOf(this.#dataset);
			while (samples.length < size && !this.#ended) {
				const { done, value } = await this.#iterator.next();
				if (done) this.#ended = true;
				else samples.push(value);
			}
		} catch (cause) {
			this.#ended = true; // a generator that threw is at its end
			throw new SampleError(where, [], cause);
		}
		return samples;
	}

	async close(): Promise<void> {
		if (!this.#ended) await this.#iterator?.return?.();
		this.#ended = true;
	}
}

function iteratorOf(
	dataset: Streamed<unknown>,
): AsyncIterator<unknown> | Iterator<unknown> {
	return Symbol.asyncIterator in dataset
		? dataset[Symbol.asyncIterator]()
		: dataset[Symbol.iterator]();
}

function collated(
	{ where, collateFn }: FetcherOptions,
	at: readonly number[],
	samples: unknown,
	otherwise: CollateFn,
): unknown {
	const failed = (cause: unknown): never => {
		throw batchError(where, at, cause);
	};
	try {
		const batch = (collateFn ?? otherwise)(samples);
		return isPromise(batch) ? batch.catch(failed) : batch;
	} catch (cause) {
		return failed(cause);
	}
}
