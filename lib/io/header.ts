// The header of a safetensors file: its length in 8 bytes, then JSON that says where each tensor lies in the rest.
// Format: https://github.com/huggingface/safetensors, whose reader refuses what is refused here.
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import type { DType } from "../types.ts";

export interface Entry {
	dtype: DType;
	shape: number[];
	/** Bytes from the header's end on. */
	begin: number;
	end: number;
}

export interface Header {
	metadata: Record<string, string>;
	tensors: Map<string, Entry>;
}

export const MAX_HEADER = 100_000_000;
const METADATA = "__metadata__";

/** Safetensors' name and bytes of each dtype, the widest first: the order in which tensors lie in a file, which keeps them aligned. */
const formats: [DType, string, number][] = [
	["uint64", "U64", 8],
	["int64", "I64", 8],
	["float64", "F64", 8],
	["complex64", "C64", 8],
	["float32", "F32", 4],
	["uint32", "U32", 4],
	["int32", "I32", 4],
	["bfloat16", "BF16", 2],
	["float16", "F16", 2],
	["uint16", "U16", 2],
	["int16", "I16", 2],
	["float8_e4m3fn", "F8_E4M3", 1],
	["float8_e5m2", "F8_E5M2", 1],
	["int8", "I8", 1],
	["uint8", "U8", 1],
	["bool", "BOOL", 1],
];

/** The file is not what it should be. */
export function damaged(file: string, problem: string): TorchError {
	return new TorchError(`${file}: ${problem}`, { code: "ERR_INVALID_FILE" });
}

/** Where tensors of these dtypes and shapes go, in the order of their bytes, and the header that says so. */
export function writeHeader(
	file: string,
	tensors: Record<string, { dtype: DType; shape: number[] }>,
	metadata: Record<string, string>,
): { bytes: Uint8Array; names: string[] } {
	const ranked = Object.entries(tensors).map(([name, { dtype, shape }]) => {
		const rank = formats.findIndex(([known]) => known === dtype);
		const problem =
			name === METADATA
				? `a tensor cannot be named "${METADATA}"`
				: `tensor "${name}": safetensors has no ${dtype}`;
		if (rank < 0 || name === METADATA)
			throw check.invalidValue("saveFile", "tensors", `${file}: ${problem}`);
		return { name, shape, rank };
	});
	ranked.sort(
		(a, b) =>
			a.rank - b.rank ||
			Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
	);
	const entries: [string, unknown][] = [];
	if (Object.keys(metadata).length > 0) entries.push([METADATA, metadata]);
	let offset = 0;
	for (const { name, shape, rank } of ranked) {
		const [, dtype, size] = formats[rank] as (typeof formats)[number];
		const end = offset + shape.reduce((n, length) => n * length, size);
		entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
		offset = end;
	}
	const members = entries.map(
		([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
	); // joined by hand, since an object would move names like "0" to the front
	const json = Buffer.from(`{${members.join()}}`);
	const length = Math.ceil(json.length / 8) * 8; // the tensors begin aligned
	if (length > MAX_HEADER)
		throw check.invalidValue(
			"saveFile",
			"metadata",
			`${file}: names and metadata take ${length} bytes, more than the ${MAX_HEADER} that a header may have`,
		);
	const bytes = Buffer.alloc(8 + length, " ");
	bytes.writeBigUInt64LE(BigInt(length));
	json.copy(bytes, 8);
	return { bytes, names: ranked.map(({ name }) => name) };
}

/** The header's length from a file's first 8 bytes. */
export function readHeaderLength(
	file: string,
	bytes: Uint8Array,
	fileSize: number,
): number {
	if (fileSize < 8)
		throw damaged(file, `not a safetensors file: only ${fileSize} bytes long`);
	const length = Buffer.from(bytes).readBigUInt64LE();
	if (length > MAX_HEADER)
		throw damaged(
			file,
			`not a safetensors file: its header would have ${length} bytes, more than ${MAX_HEADER}`,
		);
	if (Number(length) > fileSize - 8)
		throw damaged(
			file,
			`its header should have ${length} bytes, but the file ends after ${fileSize - 8}`,
		);
	return Number(length);
}

/**
 * Reads a header and checks that the tensors fill the `dataSize` bytes behind it, without holes and overlaps.
 *
 * @throws TorchError that names the file and the tensor
 */
export function readHeader(
	file: string,
	bytes: Uint8Array,
	dataSize: number,
): Header {
	const { [METADATA]: metadata = {}, ...tensors } = parse(file, bytes);
	if (!isRecord(metadata) || !Object.values(metadata).every(isString))
		throw damaged(file, "its metadata is not a record of strings");
	const entries = Object.entries(tensors).map(
		([name, value]) => [name, readEntry(file, name, value)] as [string, Entry],
	);
	checkLayout(file, entries, dataSize);
	return {
		metadata: metadata as Record<string, string>,
		tensors: new Map(entries),
	};
}

function parse(file: string, bytes: Uint8Array): Record<string, unknown> {
	let value: unknown;
	try {
		value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		// said below
	}
	if (bytes[0] !== 0x7b || !isRecord(value))
		throw damaged(file, "its header is not a JSON object");
	return value;
}

function readEntry(file: string, name: string, value: unknown): Entry {
	const fail = (problem: string) =>
		damaged(file, `tensor "${name}": ${problem}`);
	if (!isRecord(value)) throw fail("its entry is not an object");
	const { dtype, shape, data_offsets: offsets } = value;
	const format = formats.find(([, known]) => known === dtype);
	if (!format) throw fail(`unknown dtype ${JSON.stringify(dtype)}`);
	if (!isLengths(shape)) throw fail(`${JSON.stringify(shape)} is not a shape`);
	if (!isLengths(offsets) || offsets.length !== 2)
		throw fail(`${JSON.stringify(offsets)} are not its first and last byte`);
	const size = shape.reduce((n, length) => n * length, format[2]);
	const [begin, end] = offsets as [number, number];
	if (!Number.isSafeInteger(size) || end - begin !== size)
		throw fail(
			`${dtype} of shape [${shape}] takes ${size} bytes, but it has ${end - begin}`,
		);
	return { dtype: format[0], shape, begin, end };
}

function checkLayout(
	file: string,
	entries: [string, Entry][],
	dataSize: number,
): void {
	const inOrder = entries.toSorted(
		([, a], [, b]) => a.begin - b.begin || a.end - b.end,
	);
	let offset = 0;
	for (const [name, { begin, end }] of inOrder) {
		if (begin !== offset)
			throw damaged(
				file,
				`tensor "${name}" begins at byte ${begin}, where ${offset} was due: tensors overlap or leave a hole`,
			);
		if (end > dataSize)
			throw damaged(
				file,
				`cut short: tensor "${name}" ends at byte ${end} of the data, which has ${dataSize}`,
			);
		offset = end;
	}
	if (offset !== dataSize)
		throw damaged(
			file,
			`${dataSize - offset} bytes behind the last tensor belong to none`,
		);
}

const isString = (value: unknown) => typeof value === "string";

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLengths(value: unknown): value is number[] {
	return (
		Array.isArray(value) &&
		value.every((length) => Number.isSafeInteger(length) && length >= 0)
	);
}
