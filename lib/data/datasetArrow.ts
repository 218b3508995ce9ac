import { readFile } from "node:fs/promises";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { ArrowProblem, columnOf } from "./arrow/columns.ts";
import { type Field, messagesOf } from "./arrow/messages.ts";
import type { ColumnarOptions } from "./datasetParquet.ts";
import { type Cell, Table } from "./datasetTable.ts";

/**
 * Reads a table from an Arrow file or stream (Feather version 2), not compressed (https://arrow.apache.org/docs/format/Columnar.html).
 *
 * Integers, floats, booleans, text, dictionaries of these, dates and times are read; times are milliseconds since 1970.
 *
 * ```ts
 * const table = await readArrow("flights.arrow");
 * ```
 *
 * @throws TorchError `ERR_INVALID_FILE` with the file's name; node's own error, when it cannot be read
 */
export async function readArrow(
	file: string,
	options: ColumnarOptions = {},
): Promise<Table> {
	const op = "readArrow";
	check.string(op, "file", file);
	check.options(op, options, ["columns"]);
	const bytes = await readFile(file);
	try {
		return read(op, file, bytes, options.columns);
	} catch (error) {
		if (!(error instanceof ArrowProblem)) throw error;
		throw new TorchError(`${file}: ${error.message}`, {
			code: "ERR_INVALID_FILE",
		});
	}
}

function read(
	op: string,
	file: string,
	bytes: Uint8Array,
	wanted: readonly string[] | undefined,
): Table {
	const { fields, batches, dictionaries } = messagesOf(bytes);
	const flat = fields.filter(({ type }) => type !== "nested");
	const columns = wanted ?? flat.map(({ name }) => name);
	return new Table(
		new Map(
			columns.map((name) => {
				const field = flat.find((each) => each.name === name);
				if (!field) throw unknown(op, file, name, flat);
				const cells: Cell[] = [];
				for (const batch of batches)
					columnOf(field, fields, batch, dictionaries, cells);
				return [name, cells];
			}),
		),
	);
}

function unknown(
	op: string,
	file: string,
	name: string,
	flat: readonly Field[],
): TorchError {
	const names = flat.map((field) => field.name).join(", ");
	return check.invalidValue(
		op,
		"columns",
		`${file} has no ${check.describe(name)} with a value in each row; it has ${names.slice(0, 500)}`,
	);
}
