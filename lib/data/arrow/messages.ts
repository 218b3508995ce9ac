/** The messages of an Arrow stream: the columns' types, then batches of rows, each a description and bytes. */
import { ArrowProblem, FlatTable } from "./flatbuffer.ts";

export { ArrowProblem };

/** What the values of a column are. */
export type ArrowType =
	| { readonly kind: "int"; readonly bits: number; readonly signed: boolean }
	| { readonly kind: "float"; readonly bits: number }
	| { readonly kind: "text"; readonly large: boolean }
	| { readonly kind: "bool" }
	| { readonly kind: "null" }
	/** Numbers of a unit that is so many milliseconds. */
	| { readonly kind: "time"; readonly bits: number; readonly unit: number };

export interface Field {
	readonly name: string;
	/** "nested": lists, structures and what is not read. */
	readonly type: ArrowType | "nested";
	/** How many nodes and buffers it has in a batch. */
	readonly nodes: number;
	readonly buffers: number;
	/** The dictionary that its values are places in, and their type. */
	readonly dictionary:
		| { readonly id: number; readonly index: ArrowType }
		| undefined;
}

export interface Batch {
	readonly rows: number;
	/** Rows, and how many of them are nothing. */
	readonly nodes: readonly (readonly [number, number])[];
	/** Where the bytes are, and how many. */
	readonly buffers: readonly (readonly [number, number])[];
	readonly body: Uint8Array;
}

export interface Messages {
	fields: Field[];
	batches: Batch[];
	dictionaries: Map<number, Batch[]>;
}

const MAGIC = "ARROW1";
const CONTINUES = 0xffffffff;
const SCHEMA = 1;
const DICTIONARY = 2;
const BATCH = 3;

export function messagesOf(bytes: Uint8Array): Messages {
	const text = Buffer.from(bytes.subarray(0, 6)).toString("latin1");
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const found: Messages = {
		fields: [],
		batches: [],
		dictionaries: new Map(),
	};
	let at = text === MAGIC ? 8 : 0; // a file is a stream between two magic words, with a table of contents
	let hasSchema = false;
	while (at + 4 <= bytes.length) {
		const isNew = view.getUint32(at, true) === CONTINUES;
		at += isNew ? 4 : 0;
		if (at + 4 > bytes.length) break;
		const length = view.getUint32(at, true);
		at += 4;
		if (length === 0) break; // the end
		if (at + length > bytes.length)
			throw new ArrowProblem("no Arrow file, or cut off");
		const message = FlatTable.root(bytes.subarray(at, at + length));
		at += length;
		const size = message.long(3);
		if (at + size > bytes.length)
			throw new ArrowProblem("no Arrow file, or cut off");
		const body = bytes.subarray(at, at + size);
		at += size;
		hasSchema = take(message, body, found, hasSchema) || hasSchema;
	}
	if (!hasSchema) throw new ArrowProblem("no Arrow file: it has no columns");
	return found;
}

/** Whether the message was the columns' types. */
function take(
	message: FlatTable,
	body: Uint8Array,
	found: Messages,
	hasSchema: boolean,
): boolean {
	const kind = message.byte(1);
	const header = message.table(2);
	if (!header) throw new ArrowProblem("damaged: a message of it is empty");
	if (kind === SCHEMA) {
		if (header.short(0) !== 0)
			throw new ArrowProblem("is big endian, which is not read");
		found.fields = header.tables(1).map((field) => fieldOf(field, 0));
		return true;
	}
	if (!hasSchema)
		throw new ArrowProblem("damaged: rows come before its columns");
	if (kind === BATCH) found.batches.push(batchOf(header, body));
	if (kind === DICTIONARY) {
		const id = header.long(0);
		const rows = header.table(1);
		if (!rows) throw new ArrowProblem("damaged: a dictionary of it is empty");
		const isMore = header.byte(2) !== 0;
		const before = isMore ? (found.dictionaries.get(id) ?? []) : [];
		found.dictionaries.set(id, [...before, batchOf(rows, body)]);
	}
	return false;
}

function batchOf(header: FlatTable, body: Uint8Array): Batch {
	if (header.table(3))
		throw new ArrowProblem("is compressed, which is not read");
	return {
		rows: header.long(0),
		nodes: header.pairs(1),
		buffers: header.pairs(2),
		body,
	};
}

const MAX_DEPTH = 32;

function fieldOf(field: FlatTable, depth: number): Field {
	if (depth > MAX_DEPTH)
		throw new ArrowProblem("damaged: its columns have no end");
	const children = field.tables(5).map((child) => fieldOf(child, depth + 1));
	const kind = field.byte(2);
	const values = typeOf(kind, field.table(3));
	const dictionary = field.table(4);
	const index = dictionary?.table(1);
	const own = dictionary ? 2 : buffersOf(kind);
	const isFlat = children.length === 0 && values !== undefined;
	return {
		name: field.text(0),
		type: isFlat ? values : "nested",
		nodes: 1 + (dictionary ? 0 : sum(children.map(({ nodes }) => nodes))),
		buffers: own + (dictionary ? 0 : sum(children.map((each) => each.buffers))),
		dictionary: dictionary && {
			id: dictionary.long(0),
			index: (index && typeOf(2, index)) ?? {
				kind: "int",
				bits: 32,
				signed: true,
			},
		},
	};
}

const sum = (counts: readonly number[]): number =>
	counts.reduce((total, count) => total + count, 0);

const timeUnits = [1000, 1, 1e-3, 1e-6]; // in milliseconds: seconds, milli-, micro-, nanoseconds

/** A type by its number; undefined: not read. */
function typeOf(
	kind: number,
	details: FlatTable | undefined,
): ArrowType | undefined {
	switch (kind) {
		case 1:
			return { kind: "null" };
		case 2: {
			const bits = details?.int(0) ?? 0;
			if (![8, 16, 32, 64].includes(bits)) return undefined;
			return { kind: "int", bits, signed: details?.byte(1) !== 0 };
		}
		case 3: {
			const bits = [16, 32, 64][details?.short(0) ?? 0];
			return bits === undefined ? undefined : { kind: "float", bits };
		}
		case 5:
			return { kind: "text", large: false };
		case 20:
			return { kind: "text", large: true };
		case 6:
			return { kind: "bool" };
		case 8: {
			const isDay = details?.short(0) === 0;
			return isDay
				? { kind: "time", bits: 32, unit: 86_400_000 }
				: { kind: "time", bits: 64, unit: 1 };
		}
		case 10: {
			const unit = timeUnits[details?.short(0) ?? 0];
			return unit === undefined ? undefined : { kind: "time", bits: 64, unit };
		}
		default:
			return undefined;
	}
}

/** How many buffers a type has of its own: marks of what is something, places, values. */
function buffersOf(kind: number): number {
	switch (kind) {
		case 1:
			return 0;
		case 4:
		case 5:
		case 19:
		case 20:
			return 3;
		case 13:
		case 16:
			return 1;
		case 14:
		case 22:
		case 23:
		case 24:
		case 25:
		case 26:
			throw new ArrowProblem(
				"has unions, views or run lengths, which are not read",
			);
		default:
			return 2;
	}
}
