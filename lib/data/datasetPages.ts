/** What a Parquet file says of its own size, looked at before anything is unpacked: a few bytes may announce billions of values. */

/** The part of a file's description that is used here. */
export interface ParquetMetadata {
	num_rows: bigint;
	row_groups: {
		num_rows: bigint;
		columns: {
			meta_data?: {
				path_in_schema: string[];
				num_values: bigint;
				data_page_offset: bigint;
				dictionary_page_offset?: bigint;
				total_compressed_size: bigint;
			};
		}[];
	}[];
}

/** Reads a structure in Thrift's compact form. */
export type ReadStructure = (reader: {
	view: DataView;
	offset: number;
}) => Record<string, unknown>;

/** Rows in all: JavaScript's arrays end soon after. */
export const MAX_ROWS = 2 ** 26;
/** Rows for each byte of a file: equal values are told once, and how many there are. More is taken for damage. */
const MAX_PACKING = 1000;

/** @throws Error where the groups' rows are not the file's, or more than a file of this size may have */
export function checkRows(metadata: ParquetMetadata, size: number): void {
	const rows = Number(metadata.num_rows);
	if (!(rows >= 0 && rows <= MAX_PACKING * size))
		throw new Error(`it has no room for ${rows} rows`);
	if (rows > MAX_ROWS)
		throw new Error(`it has ${rows} rows, more than ${MAX_ROWS}`);
	const counts = metadata.row_groups.map((group) => Number(group.num_rows));
	const sum = counts.reduce((total, count) => total + count, 0);
	if (sum !== rows || !counts.every((count) => count >= 0))
		throw new Error(`its groups have ${sum} rows, not ${rows}`);
}

/** @throws Error where a page of a wanted column announces more values than its group has rows */
export async function checkPages(
	metadata: ParquetMetadata,
	columns: readonly string[],
	slice: (start: number, end: number) => Promise<ArrayBuffer>,
	read: ReadStructure,
): Promise<void> {
	for (const group of metadata.row_groups) {
		const rows = Number(group.num_rows);
		for (const { meta_data: meta } of group.columns) {
			if (!meta || !columns.includes(meta.path_in_schema[0] ?? "")) continue;
			if (Number(meta.num_values) !== rows)
				throw new Error("a column has not as many values as rows");
			const start = Number(
				meta.dictionary_page_offset || meta.data_page_offset,
			);
			const end = start + Number(meta.total_compressed_size);
			const bytes = await slice(start, end);
			checkColumn(new DataView(bytes), rows, read);
		}
	}
}

function checkColumn(view: DataView, rows: number, read: ReadStructure): void {
	const reader = { view, offset: 0 };
	while (reader.offset < view.byteLength - 1) {
		const page = read(reader);
		const unpacked = Number(page.field_2);
		const packed = Number(page.field_3);
		if (!(packed >= 0 && unpacked >= 0)) throw new Error("a page has no size");
		for (const part of ["field_5", "field_7", "field_8"]) {
			const header = page[part] as Record<string, unknown> | undefined;
			const values = Number(header?.field_1 ?? 0);
			// a dictionary is written where it has fewer values than there are rows
			if (!(values >= 0 && values <= rows))
				throw new Error(`a page has ${values} values for ${rows} rows`);
		}
		reader.offset += packed;
	}
}
