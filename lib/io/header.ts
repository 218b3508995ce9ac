// The header of a safetensors file: its length in 8 bytes, then JSON that says where each tensor lies in the rest.
// Format: https://github.com/huggingface/safetensors, whose reader refuses what is refused here.
import * as check from "../check.ts";
import type { DType } from "../types.ts";
import { damaged, shown } from "./files.ts";
import { JsonProblem, JsonReader } from "./json.ts";

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
const MAX_TENSORS = 2 ** 18; // each takes far more memory than its entry
const MAX_DIMENSIONS = 64; // as many as an operator takes

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
	["float8_e5m2fnuz", "F8_E5M2FNUZ", 1],
	["float8_e4m3fnuz", "F8_E4M3FNUZ", 1],
	["float8_e8m0fnu", "F8_E8M0", 1],
	["float8_e4m3fn", "F8_E4M3", 1],
	["float8_e5m2", "F8_E5M2", 1],
	["int8", "I8", 1],
	["uint8", "U8", 1],
	["bool", "BOOL", 1],
];

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
	let metadata: Map<string, string> | undefined;
	const tensors = new Map<string, Entry>();
	const json = new JsonReader(bytes);
	try {
		if (bytes[0] !== 0x7b) throw json.problem("expected an object");
		json.object((name) => {
			if (tensors.has(name) || (name === METADATA && metadata))
				throw json.problem(`${shown(name)} occurs twice`);
			if (tensors.size === MAX_TENSORS)
				throw damaged(file, `has more than ${MAX_TENSORS} tensors`);
			if (name === METADATA) metadata = readMetadata(json);
			else tensors.set(name, readEntry(file, name, json));
		});
		json.end();
	} catch (error) {
		if (!(error instanceof JsonProblem)) throw error;
		throw damaged(
			file,
			`its header is not what it should be: ${error.message}`,
		);
	}
	checkLayout(file, [...tensors], dataSize);
	return { metadata: Object.fromEntries(metadata ?? []), tensors };
}

function readMetadata(json: JsonReader): Map<string, string> {
	const metadata = new Map<string, string>();
	json.object((key) => {
		if (metadata.has(key)) throw json.problem(`${shown(key)} occurs twice`);
		metadata.set(key, json.string());
	});
	return metadata;
}

function readEntry(file: string, name: string, json: JsonReader): Entry {
	const fail = (problem: string) =>
		damaged(file, `tensor ${shown(name)}: ${problem}`);
	const lengths = () => {
		const list: number[] = [];
		json.array(() => {
			if (list.push(json.length()) > MAX_DIMENSIONS)
				throw json.problem(`more than ${MAX_DIMENSIONS} lengths`);
		});
		return list;
	};
	let dtype: string | undefined;
	let shape: number[] | undefined;
	let offsets: number[] | undefined;
	try {
		json.object((key) => {
			if (key === "dtype" && dtype === undefined) dtype = json.string();
			else if (key === "shape" && !shape) shape = lengths();
			else if (key === "data_offsets" && !offsets) offsets = lengths();
			else if (key === "dtype" || key === "shape" || key === "data_offsets")
				throw json.problem(`"${key}" occurs twice`);
			else json.skip();
		});
	} catch (error) {
		throw error instanceof JsonProblem ? fail(error.message) : error;
	}
	if (dtype === undefined || !shape || !offsets)
		throw fail("must have dtype, shape and data_offsets");
	const format = formats.find(([, known]) => known === dtype);
	if (!format) throw fail(`unknown dtype ${shown(dtype)}`);
	const [begin, end] = offsets;
	if (begin === undefined || end === undefined || offsets.length !== 2)
		throw fail(`[${offsets}] are not its first and last byte`);
	const size = shape.reduce((n, length) => n * length, format[2]);
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
				`tensor ${shown(name)} begins at byte ${begin}, where ${offset} was due: tensors overlap or leave a hole`,
			);
		if (end > dataSize)
			throw damaged(
				file,
				`cut short: tensor ${shown(name)} ends at byte ${end} of the data, which has ${dataSize}`,
			);
		offset = end;
	}
	if (offset !== dataSize)
		throw damaged(
			file,
			`${dataSize - offset} bytes behind the last tensor belong to none`,
		);
}
