import { invalidValue } from "../check.ts";
import { importable } from "./importable.ts";

/** Samples that come one after the other and have no index. */
export type Streamed<Sample> = AsyncIterable<Sample> | Iterable<Sample>;

/**
 * A dataset that is a stream: lines of a file, rows of a query, messages. Each iteration is an epoch.
 *
 * With workers each one has its own copy and would give all samples: `getWorkerInfo()` tells them which part is theirs. A `length`, if it has
 * one, is how many samples an epoch has.
 *
 * ```ts
 * class Lines extends IterableDataset<string> {
 *   async *[Symbol.asyncIterator]() {
 *     yield* createInterface({ input: createReadStream("words.txt") });
 *   }
 * }
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset
 */
export abstract class IterableDataset<Sample> implements AsyncIterable<Sample> {
	abstract [Symbol.asyncIterator](): AsyncIterator<Sample>;
}

/** Several streams, one after the other. (https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.ChainDataset) */
export class ChainDataset<Sample> extends IterableDataset<Sample> {
	readonly datasets: readonly Streamed<Sample>[];

	/** @throws TorchError for what is no stream */
	constructor(datasets: readonly Streamed<Sample>[]) {
		super();
		const wrong = datasets.findIndex((dataset) => !isStreamed(dataset));
		if (wrong >= 0) {
			throw invalidValue(
				"ChainDataset",
				"datasets",
				`expected iterables, got ${typeof datasets[wrong]} at ${wrong}`,
			);
		}
		this.datasets = datasets;
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Sample, void, undefined> {
		for (const dataset of this.datasets) yield* dataset;
	}
}

/** @internal Iterable, and without samples by index. */
export function isStreamed(dataset: unknown): dataset is Streamed<unknown> {
	if (typeof dataset !== "object" || dataset === null) return false;
	return (
		(Symbol.asyncIterator in dataset || Symbol.iterator in dataset) &&
		!("getItem" in dataset)
	);
}

importable(import.meta.url, ChainDataset);
