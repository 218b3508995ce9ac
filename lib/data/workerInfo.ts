import type { Dataset } from "./dataset.ts";
import type { Streamed } from "./iterable.ts";

/** What a worker of a DataLoader knows of itself. */
export interface WorkerInfo {
	/** 0 to numWorkers - 1. */
	readonly id: number;
	readonly numWorkers: number;
	/** What this worker's random numbers began with: the epoch's base seed + id. */
	readonly seed: bigint;
	/** This thread's own copy of the dataset. */
	readonly dataset: Dataset<unknown> | Streamed<unknown>;
}

let current: WorkerInfo | null = null;

/**
 * In a worker of a DataLoader: which one it is. Elsewhere null. An IterableDataset uses it to share its samples out.
 *
 * ```ts
 * async *[Symbol.asyncIterator]() {
 *   const { id, numWorkers } = getWorkerInfo() ?? { id: 0, numWorkers: 1 };
 *   for (let i = id; i < this.count; i += numWorkers) yield i;
 * }
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.get_worker_info
 */
export function getWorkerInfo(): WorkerInfo | null {
	return current;
}

/** @internal */
export function setWorkerInfo(info: WorkerInfo): void {
	current = info;
}

let isWorker = false;

/** @internal This thread is a worker; it has not imported its dataset yet. */
export function enterWorker(): void {
	isWorker = true;
}

/** @internal */
export function isWithinWorker(): boolean {
	return isWorker;
}
