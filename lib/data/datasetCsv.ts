import { createReadStream } from "node:fs";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { MAX_ROWS } from "./datasetPages.ts";
import { type Cell, Table } from "./datasetTable.ts";

/** What the values of a column are taken for. */
export type ColumnType = "number" | "boolean" | "string";

export interface CsvOptions {
	/** What is between two values: ",". */
	delimiter?: string;
	/** Whether the first line has the columns' names (default); or the names, where it has not. */
	header?: boolean | readonly string[];
	/** The columns wanted. Default: all. */
	columns?: readonly string[];
	/** What stands for nothing: "", "NA", "N/A", "NaN", "nan", "null" and "None". */
	missing?: readonly string[];
	/** Of single columns. Default: what all their values are. */
	types?: Readonly<Record<string, ColumnType>>;
}

const names = ["delimiter", "header", "columns", "missing", "types"];

/**
 * Reads a table from a CSV file (RFC 4180: values may be in quotes, with line ends and doubled quotes in them).
 *
 * A column whose values all are numbers has numbers, one of true and false has booleans, any other has text.
 *
 * ```ts
 * const table = await readCsv("flights.csv", { columns: ["delay", "distance"] });
 * table.tensor(); // float32 [rows, 2]
 * ```
 *
 * @throws TorchError `ERR_INVALID_FILE` with file and line; node's own error, when it cannot be read
 */
export async function readCsv(
	file: string,
	options: CsvOptions = {},
): Promise<Table> {
	check.string("readCsv", "file", file);
	const reader = new CsvReader("readCsv", file, options);
	const stream = createReadStream(file, {
		encoding: "utf8",
		highWaterMark: 1 << 20,
	});
	for await (const chunk of stream) reader.add(chunk as string);
	return reader.end();
}

/** Reads a table from the text of a CSV file, as {@link readCsv} does; `name` is what errors call it. */
export function parseCsv(
	text: string,
	options: CsvOptions = {},
	name = "CSV",
): Table {
	const reader = new CsvReader("parseCsv", name, options);
	reader.add(text);
	return reader.end();
}

const MAX_RECORD = 1 << 24; // letters: a quote without its end would else take all that follows

class CsvReader {
	readonly #file: string;
	readonly #delimiter: string;
	readonly #options: CsvOptions;
	readonly #op: string;
	readonly #missing: ReadonlySet<string>;
	#rest = "";
	#line = 1;
	#isFirst = true;
	#header: readonly string[] | undefined;
	/** The wanted columns' places in a record, and their values so far. */
	#wanted: { name: string; place: number; texts: string[] }[] = [];

	constructor(op: string, file: string, options: CsvOptions) {
		check.options(op, options, names);
		const { delimiter = ",", header = true, missing } = options;
		check.string(op, "delimiter", delimiter);
		if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) {
			throw check.invalidValue(
				op,
				"delimiter",
				`expected one character that is no quote and no line end, got ${JSON.stringify(delimiter)}`,
			);
		}
		if (typeof header !== "boolean") check.array(op, "header", header);
		this.#op = op;
		this.#file = file;
		this.#delimiter = delimiter;
		this.#options = options;
		this.#missing = new Set(
			missing ?? ["", "NA", "N/A", "NaN", "nan", "null", "None"],
		);
		if (typeof header !== "boolean") this.#setHeader(header);
	}

	add(chunk: string): void {
		const isStart = this.#isFirst && chunk.length > 0;
		const text = this.#rest + (isStart ? chunk.replace(/^\uFEFF/, "") : chunk);
		if (isStart) this.#isFirst = false;
		this.#rest = text.slice(this.#records(text, false));
		if (this.#rest.length > MAX_RECORD)
			throw this.#damaged(`a record has more than ${MAX_RECORD} letters`);
	}

	end(): Table {
		this.#records(this.#rest, true);
		if (!this.#header) throw this.#damaged("has no line");
		return new Table(
			new Map(
				this.#wanted.map(({ name, texts }) => [name, this.#cells(name, texts)]),
			),
		);
	}

	/** Takes the whole records of a text, and returns where the next begins. */
	#records(text: string, isEnd: boolean): number {
		let start = 0;
		while (start < text.length) {
			const next = this.#record(text, start, isEnd);
			if (next === undefined) break;
			start = next;
		}
		return start;
	}

	/** Takes one record, and returns where the next begins; undefined where its end has not come yet. */
	#record(text: string, start: number, isEnd: boolean): number | undefined {
		const values: string[] = [];
		let lines = 0;
		for (let at = start; ; ) {
			let value: string;
			if (text[at] === '"') {
				const quoted = this.#quoted(text, at, isEnd);
				if (!quoted) return undefined;
				({ value, at } = quoted);
				for (const letter of value) if (letter === "\n") lines++;
			} else {
				const end = this.#endOfValue(text, at);
				if (end === text.length && !isEnd) return undefined;
				value = text.slice(at, end);
				at = end;
			}
			values.push(value);
			if (text[at] === this.#delimiter) {
				at++;
				continue;
			}
			const next = this.#endOfLine(text, at, isEnd);
			if (next === undefined) return undefined;
			this.#take(values);
			this.#line += lines + 1;
			return next;
		}
	}

	#endOfValue(text: string, start: number): number {
		let at = start;
		for (; at < text.length; at++) {
			const letter = text[at];
			if (letter === this.#delimiter || letter === "\n" || letter === "\r")
				break;
		}
		return at;
	}

	#endOfLine(text: string, at: number, isEnd: boolean): number | undefined {
		if (at >= text.length) return isEnd ? at : undefined;
		if (text[at] === "\n") return at + 1;
		if (text[at] === "\r") {
			if (at + 1 >= text.length && !isEnd) return undefined;
			return text[at + 1] === "\n" ? at + 2 : at + 1;
		}
		throw this.#damaged("a quote ends in the middle of a value");
	}

	#quoted(text: string, start: number, isEnd: boolean) {
		for (let at = start + 1; ; at += 2) {
			at = text.indexOf('"', at);
			const isDoubled = at >= 0 && text[at + 1] === '"';
			if (at < 0) {
				if (isEnd) throw this.#damaged("a quote has no end");
				return undefined;
			}
			if (isDoubled) continue;
			if (at + 1 >= text.length && !isEnd) return undefined; // a second one may follow
			const value = text.slice(start + 1, at).replaceAll('""', '"');
			return { value, at: at + 1 };
		}
	}

	#take(values: readonly string[]): void {
		if (values.length === 1 && values[0] === "") return; // an empty line
		if (!this.#header) {
			const hasNames = (this.#options.header ?? true) === true;
			this.#setHeader(hasNames ? values : values.map((_, i) => `column${i}`));
			if (hasNames) return;
		}
		const expected = this.#header?.length;
		if (values.length !== expected) {
			throw this.#damaged(`expected ${expected} values, got ${values.length}`);
		}
		if ((this.#wanted[0]?.texts.length ?? 0) >= MAX_ROWS)
			throw this.#damaged(`has more than ${MAX_ROWS} rows`);
		for (const { place, texts } of this.#wanted)
			texts.push(values[place] as string);
	}

	#setHeader(header: readonly string[]): void {
		const twice = header.find((name, i) => header.indexOf(name) !== i);
		if (twice !== undefined)
			throw this.#damaged(`two columns are named ${JSON.stringify(twice)}`);
		this.#header = header;
		this.#wanted = (this.#options.columns ?? header).map((name) => {
			const place = header.indexOf(name);
			if (place >= 0) return { name, place, texts: [] };
			throw check.invalidValue(
				this.#op,
				"columns",
				`${this.#file} has no ${check.describe(name)}; it has ${header
					.map((each) => JSON.stringify(each))
					.join(", ")
					.slice(0, 500)}`,
			);
		});
	}

	#cells(name: string, texts: string[]): Cell[] {
		const type = this.#options.types?.[name];
		const values = texts.map((text) => (this.#missing.has(text) ? null : text));
		if (type === "string") return values;
		const isOf = (kind: RegExp) =>
			values.every((value) => value === null || kind.test(value));
		if (type === "number" || (type === undefined && isOf(numeric))) {
			this.#refuse(name, values, numeric, "number");
			return values.map((value) => (value === null ? null : toNumber(value)));
		}
		if (type === "boolean" || isOf(boolean)) {
			this.#refuse(name, values, boolean, "boolean");
			return values.map((value) => value && /^t/i.test(value));
		}
		return values;
	}

	#refuse(
		name: string,
		values: readonly (string | null)[],
		kind: RegExp,
		type: ColumnType,
	): void {
		const row = values.findIndex(
			(value) => value !== null && !kind.test(value),
		);
		if (row < 0) return;
		throw new TorchError(
			`${this.#file}: row ${row} of ${JSON.stringify(name)} is ${check.describe(values[row])}, expected a ${type}`,
			{ code: "ERR_INVALID_FILE" },
		);
	}

	#damaged(problem: string): TorchError {
		return new TorchError(`${this.#file}: line ${this.#line}: ${problem}`, {
			code: "ERR_INVALID_FILE",
		});
	}
}

const numeric =
	/^\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)\s*$/i;
const boolean = /^(?:true|false)$/i;

function toNumber(text: string): number {
	const number = Number(text);
	if (!Number.isNaN(number)) return number;
	return text.trim().startsWith("-") ? -Infinity : Infinity;
}
