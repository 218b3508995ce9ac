/** What the threads of a DataLoader tell each other. */
import type { At } from "../fetcher.ts";
import type { Packed } from "./pack.ts";

/** What a worker begins with. */
export interface WorkerStart {
	id: number;
	numWorkers: number;
	/** Base seed + id. */
	seed: bigint;
	dataset: Packed;
	collateFn: Packed | undefined;
	workerInitFn: Packed | undefined;
	/** Samples have no index. */
	isStream: boolean;
	dropLast: boolean;
	/** Leaves samples out that cannot be loaded. */
	skip: boolean;
}

/** A piece of shared memory, with the number by which the loader knows it. */
export interface Chunk {
	id: number;
	buffer: SharedArrayBuffer;
}

export interface FetchRequest {
	kind: "fetch";
	task: number;
	at: At;
	/** Where the batch may be put; undefined: make memory. */
	chunk: Chunk | undefined;
}

/** Begins an epoch. */
export interface EpochRequest {
	kind: "epoch";
	epoch: number;
	/** Where it continues: batches to go past, and the random numbers' state after them. */
	position: WorkerPosition | undefined;
	/** A batch of a stream, for those that are gone past. */
	at: At;
}

export interface WorkerPosition {
	batches: number;
	random: Uint8Array;
}

export type Request = FetchRequest | EpochRequest;

/** An error, as a message carries it. */
export interface PackedError {
	name: string;
	message: string;
	stack: string | undefined;
	code: unknown;
	cause: PackedError | undefined;
	/** Of a TorchError. */
	op?: string | undefined;
	/** Of a SampleError; null: it has none. */
	index?: number | null | undefined;
}

export interface Result {
	epoch: number;
	task: number;
	/** The batch; undefined: there is an error, or none. */
	batch?: Packed | undefined;
	/** Where its tensors lie, in the order of their numbers: memory that was given, by number, and memory made for it. */
	chunks: (number | SharedArrayBuffer)[];
	/** Bytes that it took. */
	bytes: number;
	/** The state of the random numbers after it. */
	random: Uint8Array | undefined;
	none?: "ended" | "skipped" | undefined;
	error?: PackedError | undefined;
	skipped: PackedError[];
}

export type Answer =
	| { kind: "ready" }
	| { kind: "failed"; error: PackedError }
	| ({ kind: "result" } & Result);
