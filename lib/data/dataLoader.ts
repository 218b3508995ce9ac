import { setImmediate } from "node:timers/promises";
import { TorchError } from "../errors.ts";
import { Generator } from "../generator.ts";
import type { Collated } from "./collate.ts";
import { type Dataset, type DatasetLike, toDataset } from "./dataset.ts";
import {
	type At,
	type CollateFn,
	ended,
	type Fetched,
	type FetcherOptions,
	MapFetcher,
	StreamFetcher,
	skipped,
	streamBatch,
} from "./fetcher.ts";
import { isStreamed, type Streamed } from "./iterable.ts";
import {
	type DataLoaderOptions,
	type Settings,
	settingsOf,
	type UnbatchedOptions,
} from "./options.ts";
import { pinned } from "./pin.ts";
import {
	begin,
	type DataLoaderState,
	generatorsOf,
	Position,
	resume,
} from "./position.ts";
import type { SampleError } from "./sampleError.ts";
import {
	BatchSampler,
	RandomSampler,
	SequentialSampler,
	type Sized,
} from "./sampler.ts";
import { Workers } from "./worker/workers.ts";
import { isWithinWorker } from "./workerInfo.ts";

/**
 * Loads a dataset batch by batch. Every `for await` is an epoch. The order of the samples, and all random numbers drawn on the way, are
 * those of Python's DataLoader for the same seed and the same number of workers.
 *
 * The event loop runs between batches. Datasets with `getBatch` (such as TensorDataset) make a batch without making its samples.
 *
 * With `numWorkers`, threads load ahead while the loop computes. The order of the samples stays the same. A batch's tensors lie in memory that threads
 * share: it is made there, and nothing is copied on its way. Each worker has the dataset as the loader found it when the workers began, and
 * random numbers of its own that begin with a seed from the loader's generator (base seed + worker's id), as in PyTorch: what random
 * transforms draw depends on the number of workers, and on nothing else. Datasets of this library, with its transforms, reach the threads as
 * they are; classes and functions of your own must be `importable`. A loop that is left, by `break` or an error, ends its threads.
 *
 * ```ts
 * const loader = new DataLoader(dataset, { batchSize: 64, shuffle: true, numWorkers: 2 });
 * for await (const [images, labels] of loader) {
 *   // images [64, 1, 28, 28], labels [64]
 * }
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 */
export class DataLoader<Sample, Batch = Collated<Sample>>
	implements AsyncIterable<Batch>
{
	readonly dataset: Dataset<Sample> | Streamed<Sample>;
	readonly batchSize: number | null;
	readonly dropLast: boolean;
	readonly numWorkers: number;
	/** Undefined for a stream, which has no indices. */
	readonly sampler: (Iterable<number> & Partial<Sized>) | undefined;
	readonly batchSampler:
		| (Iterable<readonly number[]> & Partial<Sized>)
		| undefined;
	readonly collateFn:
		| ((samples: Sample[]) => Batch | Promise<Batch>)
		| ((sample: Sample) => Batch | Promise<Batch>)
		| undefined;
	readonly generator: Generator | undefined;
	/** With `onError: "skip"`: why samples of the last epoch, or the one that runs, were left out. */
	readonly skipped: SampleError[] = [];
	readonly #settings: Settings;
	readonly #workers: Workers | undefined;
	#epochs = 0;
	/** Of the epoch that runs or was left; and of that one or the last. */
	#position: Position | undefined;
	#last: Position | undefined;
	#resume: DataLoaderState | undefined;

	/** @throws TorchError for options that are unknown, wrong, or exclude one another */
	constructor(
		dataset: DatasetLike<Sample> | Streamed<Sample>,
		options?: DataLoaderOptions<Sample, Batch>,
	);
	constructor(
		dataset: DatasetLike<Sample> | Streamed<Sample>,
		options: UnbatchedOptions<Sample, Batch>,
	);
	constructor(
		dataset: DatasetLike<Sample> | Streamed<Sample>,
		options:
			| DataLoaderOptions<Sample, Batch>
			| UnbatchedOptions<Sample, Batch> = {},
	) {
		const isStream = !Array.isArray(dataset) && isStreamed(dataset);
		const settings = settingsOf(options, isStream);
		const { batchSize, batchSampler, dropLast, generator } = settings;
		this.#settings = settings;
		this.dataset = isStream
			? (dataset as Streamed<Sample>)
			: toDataset("DataLoader", dataset as DatasetLike<Sample>);
		this.batchSize = batchSampler ? null : batchSize;
		this.dropLast = dropLast;
		this.numWorkers = settings.numWorkers;
		this.collateFn = options.collateFn;
		this.generator = generator;
		if (!isStream) {
			const sized = this.dataset as Dataset<Sample>;
			this.sampler =
				settings.sampler ??
				(settings.shuffle
					? new RandomSampler(sized, { generator })
					: new SequentialSampler(sized));
			this.batchSampler =
				batchSampler ??
				(batchSize === null
					? undefined
					: new BatchSampler(this.sampler, batchSize, dropLast));
		}
		if (settings.numWorkers > 0) {
			refuseWithinWorker();
			this.#workers = new Workers(this, settings, isStream);
		}
	}

	/** Batches in an epoch. NaN, where the sampler or the stream does not say how many it has. */
	get length(): number {
		const { sampler, batchSampler, batchSize } = this;
		if (sampler) return (batchSampler ?? sampler).length ?? Number.NaN;
		const { length } = this.dataset as Partial<Sized>;
		const batches = (length ?? Number.NaN) / (batchSize ?? 1);
		return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
	}

	[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
		const { signal } = this.#settings;
		signal?.throwIfAborted();
		const state = this.#resume;
		this.#resume = undefined;
		this.skipped.length = 0;
		// PyTorch draws a seed for its workers, even if there are none: the order of all draws is the same
		const before = this.#workers?.isRunning ? this.#last : undefined;
		const { indices, position } = state?.batches
			? resume(this, this.#indices(), state)
			: begin(this, this.#indices(), before);
		this.#position = position;
		this.#last = position;
		return this.#load(indices, position);
	}

	/**
	 * Where the epoch is: after the last batch that the loop was given. Between epochs: the beginning of the next. It can be saved with `io.save`.
	 *
	 * A loader with the same options that is given it continues there: with the same samples in the same order, and in workers with the same random
	 * numbers. (Those of the training thread are `getRngState` and `setRngState`.)
	 *
	 * ```ts
	 * for await (const batch of loader) {
	 *   train(batch);
	 *   if (interrupted) break;
	 * }
	 * const state = loader.stateDict();
	 * // later
	 * loader.loadStateDict(state);
	 * for await (const batch of loader) train(batch); // the rest of the epoch
	 * ```
	 */
	stateDict(): DataLoaderState {
		const position = this.#position ?? new Position(this.numWorkers);
		return this.#resume ?? position.state();
	}

	/** Continues at a position that `stateDict` gave. @throws TorchError where it is of another kind of loader */
	loadStateDict(state: DataLoaderState): void {
		const { numWorkers } = this;
		if (!Number.isInteger(state?.batches) || !Array.isArray(state.workers)) {
			throw new TorchError("expected what DataLoader.stateDict gives", {
				code: "ERR_INVALID_ARG_TYPE",
				op: "loadStateDict",
				argument: "state",
			});
		}
		if (
			state.batches > 0 &&
			(state.workers.length !== numWorkers ||
				state.generators.length !== generatorsOf(this).length)
		) {
			throw new TorchError(
				`expected the state of a loader with ${numWorkers} workers and the same samplers, got one of ${state.workers.length} workers`,
				{
					code: "ERR_INVALID_ARG_VALUE",
					op: "loadStateDict",
					argument: "state",
				},
			);
		}
		this.#resume = state;
	}

	/** Ends persistent workers; resolves when they are gone. The loader can still be used: the next epoch begins new ones. */
	async close(): Promise<void> {
		await this.#workers?.close();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	#indices(): Iterable<At> {
		const { batchSampler, sampler, batchSize } = this;
		const indices: Iterable<At> | undefined = batchSampler ?? sampler;
		return indices ?? endless(streamBatch(batchSize));
	}

	async *#load(
		indices: Iterable<At>,
		position: Position,
	): AsyncGenerator<Batch, void, undefined> {
		const { signal, pinMemory } = this.#settings;
		const left: SampleError[] = [];
		const onSkip = (error: SampleError) => {
			left.push(error);
			if (this.#position === position) this.skipped.push(error);
		};
		const batches = this.#workers
			? this.#workers.batches(indices, position, ++this.#epochs, onSkip)
			: this.#batches(indices, position, onSkip);
		try {
			for await (const batch of batches) {
				yield (pinMemory ? pinned(batch) : batch) as Batch;
				signal?.throwIfAborted();
			}
			if (this.#position === position) this.#position = undefined;
		} finally {
			if (left.length > 0) {
				process.emitWarning(
					`DataLoader: samples that were skipped, since they could not be loaded: ${left.length}. The first: ${left[0]?.message}`,
				);
			}
		}
	}

	/** Batches that this thread makes. */
	async *#batches(
		indices: Iterable<At>,
		position: Position,
		onSkip: (error: SampleError) => void,
	): AsyncGenerator<unknown, void, undefined> {
		const { dataset, dropLast, batchSize } = this;
		const { signal, onError } = this.#settings;
		const options: FetcherOptions = {
			where: "DataLoader",
			collateFn: this.collateFn as CollateFn | undefined,
			dropLast,
			onSkip: onError === "skip" ? onSkip : undefined,
		};
		const stream = this.sampler
			? undefined
			: new StreamFetcher(dataset as Streamed<unknown>, options);
		const fetcher =
			stream ?? new MapFetcher(dataset as Dataset<unknown>, options);
		try {
			if (stream && position.batches > 0) {
				const now = Generator.default().getState(); // what the program has restored
				for (let i = 0; i < position.batches; i++) {
					await stream.fetch(streamBatch(batchSize));
				}
				Generator.default().setState(now);
			}
			for (const at of indices) {
				const fetched = fetcher.fetch(at);
				const batch: Fetched<unknown> = await abortable(fetched, signal);
				if (batch === ended) break;
				position.batches++;
				if (batch === skipped) continue;
				yield batch;
				await setImmediate(); // timers, servers and progress bars go on
			}
		} finally {
			await stream?.close();
		}
	}
}

function* endless<T>(value: T): IterableIterator<T> {
	for (;;) yield value;
}

/** Waits for a value no longer than until `signal` says so. */
async function abortable<T>(
	value: T | Promise<T>,
	signal: AbortSignal | undefined,
): Promise<T> {
	if (!signal || !(value instanceof Promise)) return value;
	let stop: (() => void) | undefined;
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(signal.reason);
		signal.addEventListener("abort", stop);
	});
	try {
		return await Promise.race([value, aborted]);
	} finally {
		if (stop) signal.removeEventListener("abort", stop);
	}
}

function refuseWithinWorker(): void {
	if (!isWithinWorker()) return;
	throw new TorchError(
		"a worker of a DataLoader makes a DataLoader with workers. Workers run the module that exports the dataset: put the dataset into a module of its own, or the program behind if (isMainThread)",
		{ code: "ERR_INVALID_STATE", op: "DataLoader", argument: "numWorkers" },
	);
}
