import * as check from "../check.ts";
import { tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";

/** What a table has in a row of a column; null: nothing. */
export type Cell = string | number | bigint | boolean | null;

export interface TableTensorOptions {
	/** "float32" */
	dtype?: DType;
}

/** Classes of a column's values, and the class of each row. */
export interface Categories {
	/** The values as text, sorted: numbers by size, others by their letters. */
	classes: string[];
	/** int64 [rows] */
	codes: Tensor;
}

/**
 * A table in memory, column by column, as `readCsv`, `readParquet` and `readArrow` make it.
 *
 * ```ts
 * const table = new Table({ height: [1.5, 1.8], name: ["Ada", "Bob"] });
 * table.tensor(["height"]); // float32 [2, 1]
 * table.categories("name"); // { classes: ["Ada", "Bob"], codes: tensor([0, 1]) }
 * ```
 */
export class Table {
	/** The columns' names, in order. */
	readonly columns: readonly string[];
	/** Rows. */
	readonly length: number;
	readonly #columns: ReadonlyMap<string, ArrayLike<Cell>>;

	/** @throws TorchError for columns of different lengths */
	constructor(
		columns:
			| Readonly<Record<string, ArrayLike<Cell>>>
			| ReadonlyMap<string, ArrayLike<Cell>>,
	) {
		const all = columns instanceof Map ? columns : Object.entries(columns);
		this.#columns = new Map(all);
		this.columns = [...this.#columns.keys()];
		const lengths = [...this.#columns.values()].map(({ length }) => length);
		this.length = lengths[0] ?? 0;
		const odd = lengths.findIndex((length) => length !== this.length);
		if (odd >= 0) {
			throw check.invalidValue(
				"Table",
				"columns",
				`expected ${this.length} rows in each, got ${lengths[odd]} in ${JSON.stringify(this.columns[odd])}`,
			);
		}
	}

	/**
	 * The values of a column.
	 *
	 * @throws TorchError that names the columns there are
	 */
	column(name: string): ArrayLike<Cell> {
		return this.#column("Table.column", name);
	}

	/** Whether all values of a column are numbers, true, false or nothing, and not all nothing. */
	isNumeric(name: string): boolean {
		const values = this.#column("Table.isNumeric", name);
		let isEmpty = true;
		for (let i = 0; i < values.length; i++) {
			if (typeof values[i] === "string") return false;
			if (values[i] !== null) isEmpty = false;
		}
		return !isEmpty;
	}

	/**
	 * Columns of numbers as a tensor [rows, columns]. true is 1, and nothing is NaN.
	 *
	 * @param names default: all columns of numbers
	 * @throws TorchError that names column and row, for text, and for what the dtype does not hold
	 */
	tensor(
		names?: readonly string[],
		{ dtype = "float32" }: TableTensorOptions = {},
	): Tensor {
		const op = "Table.tensor";
		const wanted = names ?? this.columns.filter((name) => this.isNumeric(name));
		const isFloating = dtype.includes("float");
		const Values = dtype === "int64" ? BigInt64Array : Float64Array;
		const values = new Values(this.length * wanted.length);
		wanted.forEach((name, place) => {
			const column = this.#column(op, name);
			for (let row = 0; row < this.length; row++) {
				const cell = column[row] as Cell;
				const number = Number(cell ?? Number.NaN);
				const isRight =
					typeof cell !== "string" && (isFloating || Number.isInteger(number));
				if (!isRight) {
					throw check.invalidValue(
						op,
						"names",
						`expected numbers for ${dtype}, got ${check.describe(cell)} in row ${row} of ${JSON.stringify(name)}`,
					);
				}
				const at = row * wanted.length + place;
				if (values instanceof BigInt64Array)
					values[at] = BigInt(cell as number);
				else values[at] = number;
			}
		});
		using flat = tensor(values, { dtype });
		return flat.reshape([this.length, wanted.length]);
	}

	/**
	 * The values of a column as classes.
	 *
	 * @param classes the classes there are, so that training and test data number them alike. Default: those that the column has
	 * @throws TorchError that names the row, for a value that is nothing or not among `classes`
	 */
	categories(name: string, classes?: readonly string[]): Categories {
		const op = "Table.categories";
		const column = this.#column(op, name);
		const names = classes ?? distinct(column);
		const places = new Map(names.map((each, i) => [each, i]));
		const codes = BigInt64Array.from({ length: this.length }, (_, row) => {
			const cell = column[row] as Cell;
			const code = cell === null ? undefined : places.get(String(cell));
			if (code !== undefined) return BigInt(code);
			throw check.invalidValue(
				op,
				"name",
				`row ${row} of ${JSON.stringify(name)} is ${cell === null ? "empty" : `${check.describe(cell)}, which is not among the classes`}`,
			);
		});
		return { classes: [...names], codes: tensor(codes) };
	}

	#column(op: string, name: string): ArrayLike<Cell> {
		const column = this.#columns.get(name);
		if (column) return column;
		throw check.invalidValue(
			op,
			"name",
			`expected one of ${this.columns.map((each) => JSON.stringify(each)).join(", ")}, got ${check.describe(name)}`,
		);
	}
}

function distinct(column: ArrayLike<Cell>): string[] {
	const values = new Set<Cell>();
	for (let i = 0; i < column.length; i++) values.add(column[i] as Cell);
	values.delete(null);
	const all = [...values];
	const isText = all.some((value) => typeof value === "string");
	if (!isText) all.sort((a, b) => Number(a) - Number(b));
	const names = all.map(String);
	return isText ? names.sort() : names;
}
