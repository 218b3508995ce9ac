import { type FileHandle, open } from "node:fs/promises";
import * as zlib from "node:zlib";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { cellOf, missingPackage } from "./datasetCells.ts";
import {
	checkPages,
	checkRows,
	type ParquetMetadata,
	type ReadStructure,
} from "./datasetPages.ts";
import { type Cell, Table } from "./datasetTable.ts";

export interface ColumnarOptions {
	/** The columns wanted. Default: all that are no lists or structures. */
	columns?: readonly string[];
}

/** The part of the package hyparquet that is used here. */
interface Hyparquet {
	thrift: ReadStructure;
	parquetMetadataAsync(file: AsyncBytes): Promise<ParquetMetadata>;
	parquetSchema(metadata: ParquetMetadata): {
		children: { element: SchemaElement; children: unknown[] }[];
	};
	parquetRead(options: {
		file: AsyncBytes;
		metadata: ParquetMetadata;
		columns: string[];
		compressors: Record<string, Decompress>;
		onChunk: (chunk: {
			columnName: string;
			columnData: ArrayLike<unknown>;
			rowStart: number;
		}) => void;
	}): Promise<void>;
}

interface SchemaElement {
	name: string;
	repetition_type?: string;
}

/** `length` is what the file says that comes out. */
type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

interface AsyncBytes {
	byteLength: number;
	slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/**
 * Reads a table from a Parquet file, compressed by Snappy, gzip, Brotli, or (from Node.js 22.15 on) Zstandard. It takes the package hyparquet.
 *
 * Times are milliseconds since 1970.
 *
 * ```ts
 * const table = await readParquet("flights.parquet", { columns: ["delay", "distance"] });
 * ```
 *
 * @throws TorchError `ERR_INVALID_FILE` with the file's name; `ERR_MISSING_PACKAGE` without hyparquet; node's own error, when it cannot be
 *   read
 */
export async function readParquet(
	file: string,
	options: ColumnarOptions = {},
): Promise<Table> {
	const op = "readParquet";
	check.string(op, "file", file);
	check.options(op, options, ["columns"]);
	const hyparquet = await loadHyparquet(op);
	const handle = await open(file, "r");
	const bytes = new FileBytes(handle, (await handle.stat()).size);
	try {
		const table = await read(op, hyparquet, bytes, options.columns, file);
		if (bytes.failure) throw bytes.failure;
		return table;
	} catch (error) {
		if (error instanceof TorchError) throw error;
		if (bytes.failure) throw bytes.failure;
		const message = (error as Error).message.replace(/\s+/g, " ");
		throw new TorchError(`${file}: damaged: ${message.slice(0, 250)}`, {
			code: "ERR_INVALID_FILE",
			cause: error,
		});
	} finally {
		await bytes.settled();
		await handle.close();
	}
}

/** @throws TorchError `ERR_MISSING_PACKAGE` */
async function loadHyparquet(op: string): Promise<Hyparquet> {
	try {
		const main = await import("hyparquet");
		const { deserializeTCompactProtocol: thrift } = await import(
			"hyparquet/src/thrift.js"
		);
		return { ...main, thrift } as unknown as Hyparquet;
	} catch (cause) {
		throw missingPackage(op, "hyparquet", "Parquet files", cause as Error);
	}
}

/** Parts of a file. A promise of one never fails: hyparquet asks for many at once, and a failure that it does not wait for would end the process. */
class FileBytes implements AsyncBytes {
	readonly byteLength: number;
	failure: Error | undefined;
	readonly #handle: FileHandle;
	readonly #reads: Promise<unknown>[] = [];

	constructor(handle: FileHandle, size: number) {
		this.#handle = handle;
		this.byteLength = size;
	}

	slice(start: number, end = this.byteLength): Promise<ArrayBuffer> {
		const length = Math.min(end, this.byteLength) - start;
		if (!(start >= 0 && length > 0)) return Promise.resolve(new ArrayBuffer(0));
		const buffer = new Uint8Array(length);
		const read = this.#handle.read(buffer, 0, length, start).then(
			({ bytesRead }) => buffer.buffer.slice(0, bytesRead),
			(error: Error) => {
				this.failure ??= error;
				return new ArrayBuffer(0);
			},
		);
		this.#reads.push(read);
		return read;
	}

	/** When nothing is being read any more. */
	async settled(): Promise<void> {
		await Promise.all(this.#reads);
	}
}

async function read(
	op: string,
	{ parquetMetadataAsync, parquetRead, parquetSchema, thrift }: Hyparquet,
	file: AsyncBytes,
	wanted: readonly string[] | undefined,
	name: string,
): Promise<Table> {
	const metadata = await parquetMetadataAsync(file);
	checkRows(metadata, file.byteLength);
	const flat = parquetSchema(metadata)
		.children.filter(
			({ element, children }) =>
				children.length === 0 && element.repetition_type !== "REPEATED",
		)
		.map(({ element }) => element.name);
	const columns = wanted ? [...wanted] : flat;
	for (const column of columns) {
		if (flat.includes(column)) continue;
		throw check.invalidValue(
			op,
			"columns",
			`${name} has no ${check.describe(column)} with a value in each row; it has ${flat.join(", ").slice(0, 500)}`,
		);
	}
	await checkPages(metadata, columns, (a, b) => file.slice(a, b), thrift);
	const cells = new Map(columns.map((column) => [column, [] as Cell[]]));
	await parquetRead({
		file,
		metadata,
		columns,
		compressors,
		onChunk: ({ columnName, columnData, rowStart }) => {
			const column = cells.get(columnName);
			if (!column) return;
			for (let i = 0; i < columnData.length; i++)
				column[rowStart + i] = cellOf(columnData[i]);
		},
	});
	const rows = Number(metadata.num_rows);
	for (const [column, { length }] of cells)
		if (length !== rows)
			throw new Error(`it has ${length} values in ${column}, not ${rows}`);
	return new Table(cells);
}

/** Snappy is hyparquet's own; these are Node's. */
const compressors: Record<string, Decompress> = {
	GZIP: (bytes, maxOutputLength) => zlib.gunzipSync(bytes, { maxOutputLength }),
	BROTLI: (bytes, maxOutputLength) =>
		zlib.brotliDecompressSync(bytes, { maxOutputLength }),
};
const { zstdDecompressSync } = zlib as {
	zstdDecompressSync?: (bytes: Uint8Array, options: object) => Uint8Array;
};
if (zstdDecompressSync)
	compressors.ZSTD = (bytes, maxOutputLength) =>
		zstdDecompressSync(bytes, { maxOutputLength });
