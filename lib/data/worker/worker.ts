/** A worker of a DataLoader: the thread's whole program. */
import { parentPort, workerData } from "node:worker_threads";
import { native } from "../../binding.ts";
import { TorchError } from "../../errors.ts";
import { tensor, toTypedArray } from "../../tensor/creation.ts";
import { getNumThreads, setNumThreads } from "../../threads.ts";
import { collateWith } from "../collate.ts";
import type { Dataset } from "../dataset.ts";
import {
	type CollateFn,
	ended,
	type Fetcher,
	type FetcherOptions,
	MapFetcher,
	StreamFetcher,
	skipped,
} from "../fetcher.ts";
import type { Streamed } from "../iterable.ts";
import { messageOf, type SampleError } from "../sampleError.ts";
import { enterWorker, setWorkerInfo } from "../workerInfo.ts";
import { Arena } from "./arena.ts";
import { packError } from "./errors.ts";
import { useOwnRandomNumbers } from "./ownRandom.ts";
import { importFor, type Packed, pack, unpack } from "./pack.ts";
import type {
	Answer,
	EpochRequest,
	FetchRequest,
	Request,
	Result,
	WorkerStart,
} from "./protocol.ts";

const port = parentPort as NonNullable<typeof parentPort>;
const start = workerData as WorkerStart;
const where = `DataLoader worker ${start.id}`;

enterWorker();
getNumThreads(); // LibTorch gives a thread its number at the first use, whatever was set before
setNumThreads(1); // workers run side by side; what one of them does is not divided further
native.collectOften();
const random = useOwnRandomNumbers(start.seed);
let epoch = 0;
let errors: SampleError[] = [];
let arena = new Arena(undefined);
let fetcher: Fetcher;

function answer(message: Answer): void {
	port.postMessage(message);
}

async function received<T>(packed: Packed): Promise<T> {
	await importFor(packed);
	return unpack(packed) as T;
}

async function begin(): Promise<() => Fetcher> {
	const dataset = await received<Dataset<unknown> | Streamed<unknown>>(
		start.dataset,
	);
	const collateFn = start.collateFn && (await received(start.collateFn));
	const { id, numWorkers, seed, workerInitFn } = start;
	setWorkerInfo({ id, numWorkers, seed, dataset });
	if (workerInitFn) {
		const init = await received<(id: number) => unknown>(workerInitFn);
		try {
			await init(id);
		} catch (cause) {
			throw new TorchError(messageOf(cause), {
				code: "ERR_WORKER_INIT",
				op: "workerInitFn",
				cause,
			});
		}
	}
	const options: FetcherOptions = {
		where,
		collateFn: collateFn as CollateFn | undefined,
		collate: (samples) => collateWith(arena.stack, samples),
		dropLast: start.dropLast,
		onSkip: start.skip ? (error) => errors.push(error) : undefined,
	};
	return () =>
		start.isStream
			? new StreamFetcher(dataset as Streamed<unknown>, options)
			: new MapFetcher(dataset as Dataset<unknown>, options);
}

function state(): Uint8Array {
	const made = random.getState();
	const bytes = toTypedArray(made) as Uint8Array;
	made.dispose();
	return bytes;
}

/** An error with advice, where the cause is how the dataset came here. */
function explained(error: unknown): unknown {
	const { cause } = error as { cause?: unknown };
	const isPrivate = /private (member|method|field)|Receiver must be/;
	if (cause instanceof TypeError && isPrivate.test(cause.message)) {
		(error as Error).message +=
			"; #private members do not reach workers by themselves: give the class toWorker() and static fromWorker(), see importable";
	}
	return error;
}

async function fetch({ task, at, chunk }: FetchRequest): Promise<void> {
	arena = new Arena(chunk);
	errors = [];
	const result: Result = {
		epoch,
		task,
		chunks: [],
		bytes: 0,
		random: undefined,
		skipped: [],
	};
	try {
		const batch = await fetcher.fetch(at);
		if (batch === ended) result.none = "ended";
		else if (batch === skipped) result.none = "skipped";
		else result.batch = pack("batch", batch, arena.place);
		result.bytes = arena.bytes;
	} catch (error) {
		result.error = packError(explained(error));
	}
	result.chunks = arena.chunks;
	result.random = state();
	result.skipped = errors.map((error) => packError(error));
	arena.close();
	answer({ kind: "result", ...result });
}

async function beginEpoch(
	make: () => Fetcher,
	{ epoch: number, position, at }: EpochRequest,
): Promise<void> {
	await fetcher?.close?.();
	epoch = number;
	fetcher = make();
	if (!position) return;
	if (start.isStream) {
		for (let i = 0; i < position.batches; i++) await fetcher.fetch(at);
	}
	const saved = tensor(position.random);
	random.setState(saved);
	saved.dispose();
}

try {
	const make = await begin();
	// one after the other, however long each takes
	let last = Promise.resolve();
	port.on("message", (request: Request) => {
		last = last.then(() =>
			request.kind === "fetch" ? fetch(request) : beginEpoch(make, request),
		);
	});
	answer({ kind: "ready" });
} catch (error) {
	answer({ kind: "failed", error: packError(error) });
}
