import { invalidValue } from "../check.ts";
import { Dataset, type DatasetLike, itemsOf, toDataset } from "./dataset.ts";
import { importable } from "./importable.ts";
import { inTurn, whenReady } from "./inTurn.ts";

type Datasets =
	| readonly DatasetLike<unknown>[]
	| Readonly<Record<string, DatasetLike<unknown>>>;

type SampleOf<D> = D extends DatasetLike<infer Sample> ? Sample : never;

/** A sample of each, in the same form. */
export type Stacked<D extends Datasets> = {
	-readonly [Key in keyof D]: SampleOf<D[Key]>;
};

/**
 * Datasets of the same length side by side: sample i has sample i of each, in an array or under the same names.
 *
 * ```ts
 * const pairs = new StackDataset([images, captions]); // [image, caption]
 * const records = new StackDataset({ image: images, text: captions }); // { image, text }
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.StackDataset
 */
export class StackDataset<const D extends Datasets> extends Dataset<
	Stacked<D>
> {
	readonly datasets: Readonly<Record<string, Dataset<unknown>>>;
	readonly length: number;
	readonly isArray: boolean;

	/** @throws TorchError for none, and for different lengths */
	constructor(datasets: D) {
		super();
		this.isArray = Array.isArray(datasets);
		const entries = Object.entries<DatasetLike<unknown>>(datasets).map(
			([key, dataset]) => [key, toDataset("StackDataset", dataset)] as const,
		);
		const lengths = entries.map(([, { length }]) => length);
		if (entries.length === 0 || new Set(lengths).size > 1) {
			throw invalidValue(
				"StackDataset",
				"datasets",
				`expected one or more of the same length, got [${lengths.join(", ")}]`,
			);
		}
		this.datasets = Object.fromEntries(entries);
		this.length = lengths[0] as number;
	}

	getItem(index: number): Stacked<D> | Promise<Stacked<D>> {
		const datasets = Object.values(this.datasets);
		const samples = inTurn(datasets.length, (i) =>
			(datasets[i] as Dataset<unknown>).getItem(index),
		);
		return whenReady(samples, (all) => together(this, all));
	}

	override getItems(
		indices: readonly number[],
	): Stacked<D>[] | Promise<Stacked<D>[]> {
		const datasets = Object.values(this.datasets);
		const columns = inTurn(datasets.length, (i) =>
			itemsOf(datasets[i] as Dataset<unknown>, indices),
		);
		return whenReady(columns, (all) =>
			indices.map((_, i) =>
				together(
					this,
					all.map((column) => column[i]),
				),
			),
		);
	}
}

function together<D extends Datasets>(
	{ datasets, isArray }: StackDataset<D>,
	samples: readonly unknown[],
): Stacked<D> {
	if (isArray) return samples as unknown as Stacked<D>;
	const names = Object.keys(datasets);
	return Object.fromEntries(
		names.map((name, i) => [name, samples[i]]),
	) as Stacked<D>;
}

importable(import.meta.url, StackDataset);
