import { invalidType } from "../check.ts";
import { Dataset, type DatasetLike, itemsOf, toDataset } from "./dataset.ts";
import { importable } from "./importable.ts";
import { whenReady } from "./inTurn.ts";
import { IterableDataset, isStreamed, type Streamed } from "./iterable.ts";

// biome-ignore lint/suspicious/noExplicitAny: any arguments; the public function below has their types
type Open<D> = (...args: any[]) => D | Promise<D>;

interface State<D> {
	open: Open<D>;
	args: readonly unknown[];
	length: number;
}

/** @internal */
export class OpenedDataset<Sample> extends Dataset<Sample> {
	readonly length: number;
	readonly #state: State<DatasetLike<Sample>>;
	/** In a worker: opened when the first sample is asked for. */
	#opened: Dataset<Sample> | Promise<Dataset<Sample>> | undefined;

	constructor(state: State<DatasetLike<Sample>>, opened?: Dataset<Sample>) {
		super();
		this.length = state.length;
		this.#state = state;
		this.#opened = opened;
	}

	getItem(index: number): Sample | Promise<Sample> {
		return whenReady(this.#open(), (dataset) => dataset.getItem(index));
	}

	override getItems(indices: readonly number[]): Sample[] | Promise<Sample[]> {
		return whenReady(this.#open(), (dataset) => itemsOf(dataset, indices));
	}

	toWorker(): State<DatasetLike<Sample>> {
		return this.#state;
	}

	static fromWorker<Sample>(
		state: State<DatasetLike<Sample>>,
	): OpenedDataset<Sample> {
		return new OpenedDataset(state);
	}

	#open(): Dataset<Sample> | Promise<Dataset<Sample>> {
		const { open, args } = this.#state;
		this.#opened ??= whenReady(open(...args), (dataset) => {
			this.#opened = toDataset("perThread", dataset);
			return this.#opened;
		});
		return this.#opened;
	}
}

/** @internal */
export class OpenedStream<Sample> extends IterableDataset<Sample> {
	readonly open: Open<Streamed<Sample>>;
	readonly args: readonly unknown[];

	constructor(open: Open<Streamed<Sample>>, args: readonly unknown[]) {
		super();
		this.open = open;
		this.args = args;
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Sample, void, undefined> {
		yield* await this.open(...this.args);
	}
}

/**
 * The dataset that `open(...args)` gives; each worker of a DataLoader calls `open` itself. For datasets that cannot be sent as they are: those
 * with open files, connections, or functions in their fields.
 *
 * @param open an `importable` function
 * @param args what it is called with; must be such that messages can carry it
 *
 * ```ts
 * // words.ts
 * export async function openWords(path: string) {
 *   const database = await open(path);
 *   return { length: database.count, getItem: (i: number) => database.read(i) };
 * }
 * importable(import.meta.url, openWords);
 *
 * // train.ts
 * const loader = new DataLoader(await perThread(openWords, "words.db"), { numWorkers: 2 });
 * ```
 */
export async function perThread<Args extends readonly unknown[], Sample>(
	open: (...args: Args) => DatasetLike<Sample> | Promise<DatasetLike<Sample>>,
	...args: Args
): Promise<Dataset<Sample>>;
export async function perThread<Args extends readonly unknown[], Sample>(
	open: (...args: Args) => Streamed<Sample> | Promise<Streamed<Sample>>,
	...args: Args
): Promise<IterableDataset<Sample>>;
export async function perThread<Sample>(
	open: Open<DatasetLike<Sample> | Streamed<Sample>>,
	...args: readonly unknown[]
): Promise<Dataset<Sample> | IterableDataset<Sample>> {
	if (typeof open !== "function") {
		throw invalidType("perThread", "open", "function", open);
	}
	const opened = await open(...args);
	if (!Array.isArray(opened) && isStreamed(opened)) {
		return new OpenedStream(open as Open<Streamed<Sample>>, args);
	}
	const dataset = toDataset("perThread", opened as DatasetLike<Sample>);
	const { length } = dataset;
	return new OpenedDataset(
		{ open: open as Open<DatasetLike<Sample>>, args, length },
		dataset,
	);
}

importable(import.meta.url, OpenedDataset, OpenedStream);
