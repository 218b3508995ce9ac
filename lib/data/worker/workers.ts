import { setImmediate } from "node:timers/promises";
import type { Dataset } from "../dataset.ts";
import { type At, streamBatch } from "../fetcher.ts";
import type { Streamed } from "../iterable.ts";
import type { Settings } from "../options.ts";
import type { Position } from "../position.ts";
import type { SampleError } from "../sampleError.ts";
import { BatchMemory } from "./batchMemory.ts";
import { WorkerEpoch } from "./epoch.ts";
import { pack } from "./pack.ts";
import { WorkerPool } from "./pool.ts";
import { placeForWorkers } from "./sharedMemory.ts";

/** What workers are given of a loader. */
interface Loading {
	readonly dataset: Dataset<unknown> | Streamed<unknown>;
	readonly collateFn: object | undefined;
}

/** Ends the threads of loops and loaders that nobody has any longer. */
const abandoned = new FinalizationRegistry<Running>(({ pool }) => {
	void pool?.close();
});

interface Running {
	pool: WorkerPool | undefined;
}

/** The worker threads of a loader: anew for each epoch, or kept. */
export class Workers {
	readonly #loading: Loading;
	readonly #settings: Settings;
	readonly #isStream: boolean;
	readonly #memory = new BatchMemory();
	/** The pool that is kept, and the epoch that uses it. */
	readonly #kept: Running = { pool: undefined };
	#current: WorkerEpoch | undefined;

	constructor(loading: Loading, settings: Settings, isStream: boolean) {
		this.#loading = loading;
		this.#settings = settings;
		this.#isStream = isStream;
		if (settings.persistentWorkers) abandoned.register(loading, this.#kept);
	}

	/** Kept workers wait for the next epoch. */
	get isRunning(): boolean {
		return this.#kept.pool !== undefined && !this.#kept.pool.failure;
	}

	/** Shared memory that batches lie in. */
	get memory(): { bytes: number; pieces: number } {
		return this.#memory.size;
	}

	async close(): Promise<void> {
		const { pool } = this.#kept;
		this.#kept.pool = undefined;
		this.#current?.cancel("the loader was closed");
		await pool?.close();
	}

	/** The batches of an epoch. Its threads end with it, and when nobody can ask it for a batch any longer. */
	batches(
		indices: Iterable<At>,
		position: Position,
		epoch: number,
		onSkip: (error: SampleError) => void,
	): AsyncGenerator<unknown, void, undefined> {
		const running: Running = { pool: undefined };
		const batches = this.#batches(indices, position, epoch, onSkip, running);
		if (!this.#settings.persistentWorkers) abandoned.register(batches, running);
		return batches;
	}

	async *#batches(
		indices: Iterable<At>,
		position: Position,
		number: number,
		onSkip: (error: SampleError) => void,
		running: Running,
	): AsyncGenerator<unknown, void, undefined> {
		const { persistentWorkers, signal, timeout } = this.#settings;
		const { numWorkers, prefetchFactor, batchSize } = this.#settings;
		let kept = persistentWorkers ? this.#kept.pool : undefined;
		if (kept?.failure) kept = undefined;
		const pool = kept ?? this.#begin(BigInt(position.seed));
		if (persistentWorkers) {
			this.#current?.cancel(
				"another epoch has begun; persistent workers serve one at a time",
			);
			this.#kept.pool = pool;
		} else running.pool = pool;
		let isUsable = false;
		let epoch: WorkerEpoch | undefined;
		try {
			epoch = new WorkerEpoch(pool, this.#memory, indices, {
				number,
				numWorkers,
				prefetchFactor,
				timeout: timeout * 1000,
				signal,
				at: streamBatch(batchSize),
				firstWorker: position.nextWorker,
				positions: position.workers,
				onSkip: (error) => onSkip(error as SampleError),
			});
			this.#current = epoch;
			isUsable = true;
			for (;;) {
				const loaded = await epoch.next();
				if (!loaded) return;
				const { batch, worker, random, isSkipped } = loaded;
				position.move(worker, random);
				if (isSkipped) continue;
				yield batch;
				await setImmediate(); // timers, servers and progress bars go on
			}
		} finally {
			if (this.#current === epoch) this.#current = undefined;
			const keeps =
				persistentWorkers &&
				isUsable &&
				!epoch?.isStuck &&
				!signal?.aborted &&
				!pool.failure;
			if (!keeps) {
				if (this.#kept.pool === pool) this.#kept.pool = undefined;
				await pool.close();
			}
			epoch?.end(!keeps);
		}
	}

	#begin(seed: bigint): WorkerPool {
		const { numWorkers, workerInitFn, dropLast, onError } = this.#settings;
		const { dataset, collateFn } = this.#loading;
		const packed = <T>(name: string, value: T) =>
			pack(name, value, placeForWorkers);
		const start = {
			numWorkers,
			dataset: packed("dataset", dataset),
			collateFn: collateFn && packed("collateFn", collateFn),
			workerInitFn: workerInitFn && packed("workerInitFn", workerInitFn),
			isStream: this.#isStream,
			dropLast,
			skip: onError === "skip",
		};
		return new WorkerPool(
			Array.from({ length: numWorkers }, (_, id) => ({
				...start,
				id,
				seed: seed + BigInt(id),
			})),
		);
	}
}
