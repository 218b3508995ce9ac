import * as check from "../check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";
import { TensorDataset } from "./dataset.ts";
import type { Table } from "./datasetTable.ts";
import { importable } from "./importable.ts";

export interface TabularDatasetOptions {
	/** The columns of the inputs. Default: all columns of numbers but the target. */
	features?: readonly string[];
	/** The column that is to be predicted. */
	target: string;
	/** The target's classes, in order. Default for a column of text: those that it has, sorted; numbers are no classes, unless this is given. */
	classes?: readonly string[] | undefined;
	/** Of the inputs, and of a target that is a number: "float32". */
	dtype?: DType;
}

/**
 * The rows of a table: sample i is [inputs [features], target []], the target int64 if it is a class. Rows travel as a `TensorDataset`'s do.
 *
 * ```ts
 * const table = await readCsv("penguins.csv");
 * const data = new TabularDataset(table, { target: "species" });
 * data.classes; // ["Adelie", "Chinstrap", "Gentoo"]
 * for await (const [x, y] of new DataLoader(data, { batchSize: 32, shuffle: true })) {
 *   // x float32 [32, 4], y int64 [32]
 * }
 * ```
 */
export class TabularDataset extends TensorDataset<
	readonly [inputs: Tensor, targets: Tensor]
> {
	/** The inputs' columns. */
	readonly features: readonly string[];
	/** The target's classes; empty where it is a number. */
	readonly classes: readonly string[];

	/** @throws TorchError that names column and row, for inputs that are no numbers and targets that are no class */
	constructor(table: Table, options: TabularDatasetOptions) {
		const op = "TabularDataset";
		check.options(op, options, ["features", "target", "classes", "dtype"]);
		const { target, classes, dtype = "float32" } = options;
		check.string(op, "target", target);
		const isClass = classes !== undefined || !table.isNumeric(target);
		const targets = isClass
			? table.categories(target, classes)
			: { classes: [], codes: table.tensor([target], { dtype }).squeeze(1) };
		const features =
			options.features ??
			table.columns.filter((name) => name !== target && table.isNumeric(name));
		if (features.length === 0)
			throw check.invalidValue(op, "features", "expected at least one column");
		super(table.tensor(features, { dtype }), targets.codes);
		this.features = features;
		this.classes = targets.classes;
	}
}

importable(import.meta.url, TabularDataset);
