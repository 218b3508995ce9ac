import { invalidValue } from "../check.ts";
import { Dataset, type DatasetLike, toDataset } from "./dataset.ts";
import { importable } from "./importable.ts";

/**
 * Several datasets, one after the other.
 *
 * ```ts
 * const both = new ConcatDataset([train, extra]);
 * both.length; // train.length + extra.length
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.ConcatDataset
 */
export class ConcatDataset<Sample> extends Dataset<Sample> {
	readonly datasets: readonly Dataset<Sample>[];
	/** How many samples there are up to and with each dataset. */
	readonly cumulativeSizes: readonly number[];

	/** @throws TorchError for none, and for what has no samples by index */
	constructor(datasets: readonly DatasetLike<Sample>[]) {
		super();
		if (datasets.length === 0) {
			throw invalidValue(
				"ConcatDataset",
				"datasets",
				"expected one or more, got none",
			);
		}
		this.datasets = datasets.map((dataset) =>
			toDataset("ConcatDataset", dataset),
		);
		let sum = 0;
		this.cumulativeSizes = this.datasets.map(({ length }) => {
			sum += length;
			return sum;
		});
	}

	get length(): number {
		return this.cumulativeSizes.at(-1) as number;
	}

	/** @throws TorchError for an index that there is not */
	getItem(index: number): Sample | Promise<Sample> {
		const at = this.cumulativeSizes.findIndex((end) => index < end);
		const dataset = this.datasets[at];
		if (!dataset || !Number.isInteger(index) || index < 0) {
			throw invalidValue(
				"ConcatDataset",
				"index",
				`expected an integer from 0 to ${this.length - 1}, got ${index}`,
			);
		}
		return dataset.getItem(index - (this.cumulativeSizes[at - 1] ?? 0));
	}
}

importable(import.meta.url, ConcatDataset);
