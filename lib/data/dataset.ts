import { invalidValue } from "../check.ts";
import { indexSelect } from "../generated/functions.ts";
import { tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Collated } from "./collate.ts";
import { importable } from "./importable.ts";
import { inTurn } from "./inTurn.ts";

/**
 * A map from 0 … length - 1 to samples.
 *
 * ```ts
 * class Squares extends Dataset<[number, number]> {
 *   readonly length = 10;
 *   getItem(index: number): [number, number] {
 *     return [index, index * index];
 *   }
 * }
 * ```
 */
export abstract class Dataset<Sample> {
	/** How many samples there are. */
	abstract readonly length: number;

	/** One sample. A promise of one, where it has to be read or decoded. */
	abstract getItem(index: number): Sample | Promise<Sample>;

	/** Several samples at once, where that is faster: what Python calls `__getitems__`. */
	getItems?(indices: readonly number[]): Sample[] | Promise<Sample[]>;

	/** A whole batch, as `defaultCollate` would make it of the samples: for datasets that can do without the samples. */
	getBatch?(indices: readonly number[]): Collated<Sample>;
}

/** What can stand for a dataset: an array is one too. */
export type DatasetLike<Sample> = Dataset<Sample> | readonly Sample[];

/** @internal */
export class ArrayDataset<Sample> extends Dataset<Sample> {
	readonly samples: readonly Sample[];

	constructor(samples: readonly Sample[]) {
		super();
		this.samples = samples;
	}

	get length(): number {
		return this.samples.length;
	}

	getItem(index: number): Sample {
		return this.samples[index] as Sample;
	}
}

/** @internal */
export function toDataset<Sample>(
	op: string,
	dataset: DatasetLike<Sample>,
): Dataset<Sample> {
	if (Array.isArray(dataset)) return new ArrayDataset<Sample>(dataset);
	const { length, getItem } = Object(dataset) as Dataset<Sample>;
	if (typeof length !== "number" || typeof getItem !== "function") {
		throw invalidValue(
			op,
			"dataset",
			`expected a Dataset (length and getItem) or an array`,
		);
	}
	return dataset as Dataset<Sample>;
}

/** @internal The samples at `indices`, at once where the dataset can. */
export function itemsOf<Sample>(
	dataset: Dataset<Sample>,
	indices: readonly number[],
): Sample[] | Promise<Sample[]> {
	if (dataset.getItems) return dataset.getItems(indices);
	return inTurn(indices.length, (i) => dataset.getItem(indices[i] as number));
}

/**
 * Tensors of the same first size: sample i is row i of each.
 *
 * @throws TorchError when the first sizes differ
 *
 * ```ts
 * const data = new TensorDataset(torch.randn([100, 4]), torch.arange(100));
 * const [x, y] = data.getItem(7); // [4] and []
 * ```
 */
export class TensorDataset<
	const Tensors extends readonly Tensor[],
> extends Dataset<Rows<Tensors>> {
	readonly tensors: Tensors;
	readonly length: number;

	constructor(...tensors: Tensors) {
		super();
		const sizes = tensors.map((t) => (t.dim() > 0 ? t.size(0) : -1));
		const wrong = sizes.findIndex((size) => size < 0 || size !== sizes[0]);
		if (wrong >= 0 || sizes.length === 0) {
			throw invalidValue(
				"TensorDataset",
				"tensors",
				`expected one or more of the same first size, got [${tensors.map((t) => `[${t.shape}]`).join(", ")}]`,
			);
		}
		this.tensors = tensors;
		this.length = sizes[0] as number;
	}

	getItem(index: number): Rows<Tensors> {
		return this.tensors.map((t) => t.select(0, index)) as Rows<Tensors>;
	}

	override getBatch(indices: readonly number[]): Collated<Rows<Tensors>> {
		return selectRows(this.tensors, indices) as Collated<Rows<Tensors>>;
	}
}

/** A tensor of its own for each one in `Tensors`. */
export type Rows<Tensors extends readonly Tensor[]> = {
	-readonly [I in keyof Tensors]: Tensor;
};

/** @internal The rows `indices` of each tensor, copied by one call each. */
export function selectRows(
	tensors: readonly Tensor[],
	indices: readonly number[],
): Tensor[] {
	const rows = tensor(indices, { dtype: "int64" });
	const places = new Map([["cpu", rows]]); // the index has to lie where the tensor lies
	const batch = tensors.map((t) => {
		const index = places.get(t.device) ?? rows.to(t.device);
		places.set(t.device, index);
		return indexSelect(t, 0, index);
	});
	for (const index of places.values()) index.dispose();
	return batch;
}

/** The samples of `dataset` at `indices`, in that order. */
export class Subset<Sample> extends Dataset<Sample> {
	readonly dataset: Dataset<Sample>;
	readonly indices: readonly number[];

	/** @throws TorchError for an index that `dataset` does not have */
	constructor(dataset: DatasetLike<Sample>, indices: readonly number[]) {
		super();
		const whole = toDataset("Subset", dataset);
		const size = whole.length;
		const wrong = indices.findIndex(
			(i) => !Number.isInteger(i) || i < 0 || i >= size,
		);
		if (wrong >= 0) {
			throw invalidValue(
				"Subset",
				"indices",
				`expected integers from 0 to ${size - 1}, got ${indices[wrong]} at ${wrong}`,
			);
		}
		this.dataset = whole;
		this.indices = indices;
		// what the dataset does at once, its subset does at once
		const map = (at: readonly number[]) => at.map((i) => indices[i] as number);
		if (whole.getItems) {
			this.getItems = (at) => whole.getItems?.(map(at)) as Sample[];
		}
		if (whole.getBatch) {
			this.getBatch = (at) => whole.getBatch?.(map(at)) as Collated<Sample>;
		}
	}

	get length(): number {
		return this.indices.length;
	}

	getItem(index: number): Sample | Promise<Sample> {
		return this.dataset.getItem(this.indices[index] as number);
	}

	/** @internal What `importable` describes: its fields are functions here. */
	toWorker(): SubsetState<Sample> {
		return { dataset: this.dataset, indices: this.indices };
	}

	/** @internal */
	static fromWorker<Sample>(state: SubsetState<Sample>): Subset<Sample> {
		return new Subset(state.dataset, state.indices);
	}
}

interface SubsetState<Sample> {
	dataset: Dataset<Sample>;
	indices: readonly number[];
}

importable(import.meta.url, ArrayDataset, TensorDataset, Subset);
