/** An epoch whose batches workers make. The order is that of PyTorch's _MultiProcessingDataLoaderIter. */
import { TorchError } from "../../errors.ts";
import type { At } from "../fetcher.ts";
import type { BatchMemory } from "./batchMemory.ts";
import { unpackError } from "./errors.ts";
import { importFor, unpack } from "./pack.ts";
import type { Listener, WorkerPool } from "./pool.ts";
import type { Chunk, Result, WorkerPosition } from "./protocol.ts";

interface Task {
	worker: number;
	at: At;
	chunk: Chunk | undefined;
	result?: Result;
}

export interface EpochOptions {
	/** Tells results of this epoch from those of one that was left early. */
	number: number;
	numWorkers: number;
	/** Tasks that a worker has at a time. */
	prefetchFactor: number;
	/** Milliseconds that a batch may take; 0: any time. */
	timeout: number;
	signal: AbortSignal | undefined;
	/** A batch of a stream. */
	at: At;
	/** The worker of the first batch, and where each continues. */
	firstWorker: number;
	positions: readonly (WorkerPosition | undefined)[] | undefined;
	onSkip: (error: Error) => void;
}

export interface Loaded {
	batch: unknown;
	worker: number;
	random: Uint8Array;
	/** All its samples were left out: there is no batch. */
	isSkipped: boolean;
}

export class WorkerEpoch {
	readonly #pool: WorkerPool;
	readonly #memory: BatchMemory;
	readonly #indices: Iterator<At>;
	readonly #options: EpochOptions;
	/** Those that have been sent and not given out, by number. */
	readonly #tasks = new Map<number, Task>();
	#sent = 0;
	#next = 0;
	/** Workers whose streams have not ended. */
	readonly #active: boolean[];
	#turn: number;
	readonly #listener: Listener = {
		result: (worker, result) => this.#take(worker, result),
		failed: () => this.#wake?.(),
		ready: () => this.#wake?.(), // the time for a batch begins now
	};
	/** Ends the waiting for a result. */
	#wake: (() => void) | undefined;
	#canceled: string | undefined;
	/** A worker does not answer in time. */
	isStuck = false;

	constructor(
		pool: WorkerPool,
		memory: BatchMemory,
		indices: Iterable<At>,
		options: EpochOptions,
	) {
		this.#pool = pool;
		this.#memory = memory;
		this.#indices = indices[Symbol.iterator]();
		this.#options = options;
		this.#active = new Array(options.numWorkers).fill(true);
		this.#turn = options.firstWorker;
		pool.listener = this.#listener;
		for (let worker = 0; worker < options.numWorkers; worker++) {
			const { number: epoch, at, positions } = options;
			const position = positions?.[worker];
			pool.send(worker, { kind: "epoch", epoch, position, at });
		}
		for (let i = 0; i < options.prefetchFactor * options.numWorkers; i++) {
			this.#sendNext();
		}
	}

	/** The next batch; undefined at the end. */
	async next(): Promise<Loaded | undefined> {
		for (;;) {
			const number = this.#nextTask();
			if (number === undefined) return undefined;
			const { worker, result, at } = this.#tasks.get(number) as Task;
			if (result === undefined) {
				await this.#wait(worker, at);
				continue;
			}
			this.#tasks.delete(number);
			this.#next++;
			if (result.none === "ended") {
				this.#active[worker] = false;
				this.#sendNext();
				continue;
			}
			this.#sendNext();
			for (const error of result.skipped) {
				this.#options.onSkip(unpackError(error));
			}
			if (result.error) {
				this.#discard(result);
				throw unpackError(result.error);
			}
			const isSkipped = result.none === "skipped";
			const { random = new Uint8Array() } = result;
			return { batch: await this.#open(result), worker, random, isSkipped };
		}
	}

	/** Lets who waits for a batch have an error. */
	cancel(reason: string): void {
		this.#canceled = reason;
		this.#wake?.();
	}

	/** Ends the epoch: what workers still make is thrown away when it comes, or now if they are gone. */
	end(areGone: boolean): void {
		const memory = this.#memory;
		if (this.#pool.listener === this.#listener) {
			// nothing that refers to the loader: the threads outlive it otherwise
			this.#pool.listener = {
				result: (_, result) => memory.receive(result).done(),
				failed: () => {},
				ready: () => {},
			};
		}
		for (const { result, chunk } of this.#tasks.values()) {
			if (result) this.#discard(result);
			else if (areGone && chunk) memory.giveBack(chunk);
		}
		this.#tasks.clear();
		this.#indices.return?.();
	}

	/** The number of the task whose batch comes next, past those of workers that have ended without giving it. */
	#nextTask(): number | undefined {
		while (this.#next < this.#sent) {
			const task = this.#tasks.get(this.#next);
			if (task && (task.result || this.#active[task.worker])) return this.#next;
			this.#next++;
		}
		return undefined;
	}

	/** Sends the next indices to the worker whose turn it is. */
	#sendNext(): void {
		const { done, value: at } = this.#indices.next();
		if (done) return;
		const { numWorkers } = this.#options;
		for (let i = 0; i < numWorkers; i++) {
			const worker = this.#turn;
			this.#turn = (worker + 1) % numWorkers;
			if (!this.#active[worker]) continue;
			const task = this.#sent++;
			const chunk = this.#memory.take();
			this.#tasks.set(task, { worker, at, chunk });
			this.#pool.send(worker, { kind: "fetch", task, at, chunk });
			return;
		}
	}

	#take(worker: number, result: Result): void {
		const task = this.#tasks.get(result.task);
		const isOurs = result.epoch === this.#options.number;
		if (!isOurs || !task || !this.#active[worker]) {
			if (isOurs) this.#tasks.delete(result.task);
			this.#discard(result);
			return;
		}
		task.result = result;
		this.#wake?.();
	}

	#discard(result: Result): void {
		this.#memory.receive(result).done();
	}

	async #open(result: Result): Promise<unknown> {
		const { batch = { value: undefined, modules: [] } } = result;
		if (batch.modules.length > 0) await importFor(batch);
		const { find, done } = this.#memory.receive(result);
		try {
			return unpack(batch, find);
		} finally {
			done();
		}
	}

	/** Until something has come. */
	async #wait(worker: number, at: At): Promise<void> {
		const { signal, timeout } = this.#options;
		this.#throwIfCanceled();
		signal?.throwIfAborted();
		let timer: NodeJS.Timeout | undefined;
		let tooLong = false;
		const woken = new Promise<void>((resolve) => {
			this.#wake = resolve;
		});
		const wake = () => this.#wake?.();
		signal?.addEventListener("abort", wake);
		if (timeout > 0) {
			timer = setTimeout(() => {
				tooLong = true;
				wake();
			}, timeout);
		}
		this.#pool.wait(true);
		try {
			if (!this.#pool.failure) await woken;
		} finally {
			this.#pool.wait(false);
			clearTimeout(timer);
			signal?.removeEventListener("abort", wake);
			this.#wake = undefined;
		}
		this.#throwIfCanceled();
		signal?.throwIfAborted();
		if (this.#pool.failure) throw this.#died(this.#pool.failure);
		if (tooLong) {
			this.isStuck = true;
			throw new TorchError(
				`timed out after ${timeout / 1000} seconds; worker ${worker} was to make the batch of ${describe(at)}`,
				{ code: "ERR_TIMEOUT", op: "DataLoader" },
			);
		}
	}

	#throwIfCanceled(): void {
		if (this.#canceled === undefined) return;
		const code = "ERR_INVALID_STATE";
		throw new TorchError(this.#canceled, { code, op: "DataLoader" });
	}

	/** The error of a worker that died, with what it was at. */
	#died(failure: TorchError): TorchError {
		const dead = [...this.#tasks.values()].find(
			({ worker, result }) =>
				!result && failure.op === `DataLoader worker ${worker}`,
		);
		if (!dead) return failure;
		const { code, op = "", cause, message } = failure;
		const text = message.slice(op.length + 2);
		return new TorchError(`${text} (at the batch of ${describe(dead.at)})`, {
			code,
			op,
			cause,
		});
	}
}

function describe(at: At): string {
	if (typeof at === "number") return `sample ${at}`;
	const shown = at.slice(0, 8).join(", ");
	return `samples ${shown}${at.length > 8 ? ", …" : ""}`;
}
