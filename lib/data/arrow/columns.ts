import { cellOf } from "../datasetCells.ts";
import { MAX_ROWS } from "../datasetPages.ts";
import type { Cell } from "../datasetTable.ts";
import {
	ArrowProblem,
	type ArrowType,
	type Batch,
	type Field,
} from "./messages.ts";

export { ArrowProblem };

/** Adds the values that a column has in a batch to `cells`. */
export function columnOf(
	field: Field,
	fields: readonly Field[],
	batch: Batch,
	dictionaries: ReadonlyMap<number, readonly Batch[]>,
	cells: Cell[],
): void {
	let node = 0;
	let buffer = 0;
	for (const before of fields) {
		if (before === field) break;
		node += before.nodes;
		buffer += before.buffers;
	}
	const { dictionary, type } = field;
	if (type === "nested") throw new ArrowProblem("damaged: a column is nested");
	if (!dictionary) {
		values(type, batch, node, buffer, cells);
		return;
	}
	const words: Cell[] = [];
	for (const part of dictionaries.get(dictionary.id) ?? [])
		values(type, part, 0, 0, words);
	const places: Cell[] = [];
	values(dictionary.index, batch, node, buffer, places);
	for (const place of places) {
		const word = place === null ? null : words[Number(place)];
		if (word === undefined)
			throw new ArrowProblem("damaged: a value is not in its dictionary");
		cells.push(word);
	}
}

function values(
	type: ArrowType,
	{ nodes, buffers, body, rows }: Batch,
	node: number,
	first: number,
	cells: Cell[],
): void {
	const [length, missing] = nodes[node] ?? [-1, 0];
	if (cells.length + length > MAX_ROWS)
		throw new ArrowProblem(`has more than ${MAX_ROWS} rows`);
	if (length !== rows)
		throw new ArrowProblem("damaged: a column has too few rows");
	if (type.kind === "null") {
		// takes no bytes, so nothing else bounds it
		if (length > 8 * body.length + 1024)
			throw new ArrowProblem("damaged: a column has too many rows");
		for (let i = 0; i < length; i++) cells.push(null);
		return;
	}
	const part = (place: number): Uint8Array => {
		const [start, size] = buffers[place] ?? [0, -1];
		if (size >= 0 && start + size <= body.length)
			return body.subarray(start, start + size);
		throw new ArrowProblem("damaged: it points beyond its end");
	};
	const marks = part(first);
	const get = reader(type, part(first + 1), length, () => part(first + 2));
	if (missing > 0) need(marks, Math.ceil(length / 8));
	for (let i = 0; i < length; i++) {
		const isThere = missing === 0 || bit(marks, i);
		cells.push(isThere ? get(i) : null);
	}
}

const bit = (bytes: Uint8Array, i: number): boolean =>
	((bytes[i >> 3] as number) & (1 << (i & 7))) !== 0;

function need(bytes: Uint8Array, size: number): void {
	if (bytes.length < size)
		throw new ArrowProblem("damaged: a column has too few values");
}

/** Reads the value of a row. */
function reader(
	type: Exclude<ArrowType, { kind: "null" }>,
	bytes: Uint8Array,
	length: number,
	text: () => Uint8Array,
): (row: number) => Cell {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	switch (type.kind) {
		case "bool":
			need(bytes, Math.ceil(length / 8));
			return (row) => bit(bytes, row);
		case "int":
			return integers(view, type.bits, type.signed, length);
		case "time": {
			const get = integers(view, type.bits, true, length);
			return (row) => Number(get(row)) * type.unit;
		}
		case "float":
			need(bytes, (length * type.bits) / 8);
			if (type.bits === 64) return (row) => view.getFloat64(8 * row, true);
			if (type.bits === 32) return (row) => view.getFloat32(4 * row, true);
			return (row) => half(view.getUint16(2 * row, true));
		default: {
			const width = type.large ? 64 : 32;
			const at = integers(view, width, true, length > 0 ? length + 1 : 0);
			const letters = text();
			const all = Buffer.from(
				letters.buffer,
				letters.byteOffset,
				letters.byteLength,
			);
			return (row) => {
				const [start, end] = [Number(at(row)), Number(at(row + 1))];
				if (start >= 0 && start <= end && end <= all.length)
					return all.toString("utf8", start, end);
				throw new ArrowProblem("damaged: it points beyond its end");
			};
		}
	}
}

function integers(
	view: DataView,
	bits: number,
	signed: boolean,
	length: number,
): (row: number) => Cell {
	if (view.byteLength < (length * bits) / 8)
		throw new ArrowProblem("damaged: a column has too few values");
	switch (bits) {
		case 8:
			return (row) => (signed ? view.getInt8(row) : view.getUint8(row));
		case 16:
			return (row) =>
				signed ? view.getInt16(2 * row, true) : view.getUint16(2 * row, true);
		case 32:
			return (row) =>
				signed ? view.getInt32(4 * row, true) : view.getUint32(4 * row, true);
		default:
			return (row) =>
				cellOf(
					signed
						? view.getBigInt64(8 * row, true)
						: view.getBigUint64(8 * row, true),
				);
	}
}

/** The value of a float16's bits. */
function half(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 31;
	const fraction = bits & 1023;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
	return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
