import * as check from "../check.ts";
import { isAvailable } from "../cuda/index.ts";
import { TorchError } from "../errors.ts";
import { type Generator, slotOfGenerator } from "../generator.ts";
import type { Sized } from "./sampler.ts";

interface CommonOptions {
	/** A new random order each epoch: false. */
	shuffle?: boolean;
	/** The order, instead of `shuffle`: any iterable of indices. */
	sampler?: (Iterable<number> & Partial<Sized>) | undefined;
	/** Leaves out a last batch that is not full: false. With workers each of them leaves out its own, where the dataset is a stream. */
	dropLast?: boolean;
	/** Draws the order and the workers' seeds. Default: the default generator, in the way that PyTorch draws. */
	generator?: Generator | undefined;
	/** Worker threads that load; 0: the calling thread does. */
	numWorkers?: number;
	/** Batches that each worker makes ahead: 2. */
	prefetchFactor?: number | undefined;
	/** Keeps the workers for the next epoch, until `close()` or the end of the process: false. */
	persistentWorkers?: boolean;
	/** Called in each worker before it loads, with the worker's id; a function that is `importable`. */
	workerInitFn?: ((id: number) => void | Promise<void>) | undefined;
	/** Seconds that the loop may wait for workers; 0 (default): any time. */
	timeout?: number;
	/** Gives batches in pinned memory, which goes to a GPU faster: false. Needs CUDA. */
	pinMemory?: boolean;
	/** Ends the running epoch, and its workers, with the signal's reason. */
	signal?: AbortSignal | undefined;
	/** "throw" (default): a sample that cannot be loaded ends the epoch. "skip": it is left out; see `skipped`. */
	onError?: "throw" | "skip";
}

export interface DataLoaderOptions<Sample, Batch> extends CommonOptions {
	/** Samples in a batch: 1. */
	batchSize?: number;
	/** The indices of every batch; excludes `batchSize`, `shuffle`, `sampler` and `dropLast`. */
	batchSampler?: (Iterable<readonly number[]> & Partial<Sized>) | undefined;
	/** Makes a batch of samples: `defaultCollate`. With workers a function that is `importable`. */
	collateFn?: ((samples: Sample[]) => Batch | Promise<Batch>) | undefined;
}

/** Without batches: what is loaded is `collateFn(sample)`. */
export interface UnbatchedOptions<Sample, Item> extends CommonOptions {
	batchSize: null;
	collateFn: (sample: Sample) => Item | Promise<Item>;
}

const op = "DataLoader";
const names = [
	"batchSize",
	"shuffle",
	"sampler",
	"batchSampler",
	"dropLast",
	"collateFn",
	"generator",
	"numWorkers",
	"prefetchFactor",
	"persistentWorkers",
	"workerInitFn",
	"timeout",
	"pinMemory",
	"signal",
	"onError",
];

/** All options, with their defaults. */
export interface Settings {
	batchSize: number | null;
	shuffle: boolean;
	sampler: (Iterable<number> & Partial<Sized>) | undefined;
	batchSampler: (Iterable<readonly number[]> & Partial<Sized>) | undefined;
	dropLast: boolean;
	generator: Generator | undefined;
	numWorkers: number;
	prefetchFactor: number;
	persistentWorkers: boolean;
	timeout: number;
	pinMemory: boolean;
	signal: AbortSignal | undefined;
	onError: "throw" | "skip";
	workerInitFn: ((id: number) => void | Promise<void>) | undefined;
}

/** @throws TorchError for options that are unknown, wrong, or exclude one another */
export function settingsOf<Sample, Batch>(
	options: DataLoaderOptions<Sample, Batch> | UnbatchedOptions<Sample, Batch>,
	isStream: boolean,
): Settings {
	check.options(op, options, names);
	const settings: Settings = {
		batchSize: options.batchSize === undefined ? 1 : options.batchSize,
		shuffle: options.shuffle ?? false,
		sampler: options.sampler,
		batchSampler: "batchSampler" in options ? options.batchSampler : undefined,
		dropLast: options.dropLast ?? false,
		generator: options.generator,
		numWorkers: options.numWorkers ?? 0,
		prefetchFactor: options.prefetchFactor ?? 2,
		persistentWorkers: options.persistentWorkers ?? false,
		timeout: options.timeout ?? 0,
		pinMemory: options.pinMemory ?? false,
		signal: options.signal,
		onError: options.onError ?? "throw",
		workerInitFn: options.workerInitFn,
	};
	checkTypes(settings);
	if (options.collateFn) check.callable(op, "collateFn", options.collateFn);
	checkTogether(settings);
	if (settings.numWorkers === 0) {
		for (const name of ["prefetchFactor", "persistentWorkers"] as const) {
			if (options[name]) throw needsWorkers(name);
		}
		if (options.workerInitFn) throw needsWorkers("workerInitFn");
	}
	if (isStream) {
		for (const name of ["shuffle", "sampler", "batchSampler"] as const) {
			if (settings[name]) {
				throw check.invalidValue(
					op,
					name,
					"expected none: the samples of a stream have no index",
				);
			}
		}
	}
	return settings;
}

function checkTypes(settings: Settings): void {
	const { batchSize, generator, signal } = settings;
	for (const name of [
		"shuffle",
		"dropLast",
		"persistentWorkers",
		"pinMemory",
	] as const) {
		check.boolean(op, name, settings[name]);
	}
	if (batchSize !== null) check.integer(op, "batchSize", batchSize, { min: 1 });
	checkIterable("sampler", settings.sampler);
	checkIterable("batchSampler", settings.batchSampler);
	if (generator && slotOfGenerator(generator) === null) {
		throw check.invalidType(op, "generator", "Generator", generator);
	}
	check.integer(op, "numWorkers", settings.numWorkers, { min: 0, max: 256 });
	check.integer(op, "prefetchFactor", settings.prefetchFactor, { min: 1 });
	check.number(op, "timeout", settings.timeout, {
		min: 0,
		max: 2 ** 31 / 1000,
	});
	check.oneOf(op, "onError", settings.onError, ["throw", "skip"]);
	if (settings.workerInitFn) {
		check.callable(op, "workerInitFn", settings.workerInitFn);
	}
	if (signal && typeof signal.throwIfAborted !== "function") {
		throw check.invalidType(op, "signal", "AbortSignal", signal);
	}
	if (settings.pinMemory && !isAvailable()) {
		throw new TorchError(
			"expected false: pinned memory needs CUDA, which is not available here",
			{
				code: "ERR_DEVICE_UNAVAILABLE",
				op,
				argument: "pinMemory",
			},
		);
	}
}

function checkTogether(settings: Settings): void {
	const { batchSize, shuffle, sampler, batchSampler, dropLast } = settings;
	if (sampler && shuffle) throw excluded("sampler", "shuffle");
	if (batchSampler) {
		if (batchSize !== 1) throw excluded("batchSampler", "batchSize");
		if (shuffle) throw excluded("batchSampler", "shuffle");
		if (sampler) throw excluded("batchSampler", "sampler");
		if (dropLast) throw excluded("batchSampler", "dropLast");
	}
	if (batchSize === null && dropLast) throw excluded("batchSize", "dropLast");
}

function checkIterable(argument: string, value: unknown): void {
	if (value === undefined || Symbol.iterator in Object(value)) return;
	throw check.invalidType(op, argument, "iterable", value);
}

function excluded(argument: string, other: string): TorchError {
	return check.invalidValue(
		op,
		argument,
		`expected it without ${other}, got both`,
	);
}

function needsWorkers(argument: string): TorchError {
	return check.invalidValue(
		op,
		argument,
		"expected none without workers: set numWorkers",
	);
}
