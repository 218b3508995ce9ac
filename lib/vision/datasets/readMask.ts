import { readFile } from "node:fs/promises";
import { inflateSync } from "node:zlib";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { decodeNamed } from "../io/decodeImage.ts";
import { invalid } from "./problems.ts";

const SIGNATURE = "89504e470d0a1a0a";
const MAX_PIXELS = 178_956_970;

/**
 * @internal Reads a mask: uint8 [1, H, W], the numbers of the classes. In a PNG file with a palette these are the colours' numbers, which decoders of
 * images do not give.
 */
export async function readMask(file: string): Promise<Tensor> {
	const bytes = await readFile(file);
	return (
		paletteIndices(file, bytes) ??
		decodeNamed("readMask", file, bytes, { mode: "gray" })
	);
}

/** @internal The numbers of the colours of a PNG file; undefined for files without a palette. (https://www.w3.org/TR/png-3/) */
export function paletteIndices(
	file: string,
	bytes: Buffer,
): Tensor | undefined {
	const isPalette =
		bytes.toString("hex", 0, 8) === SIGNATURE &&
		bytes.length > 33 &&
		bytes[25] === 3;
	if (!isPalette) return undefined;
	const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
	const [depth, interlaced] = [bytes[24] as number, bytes[28]];
	if (![1, 2, 4, 8].includes(depth) || width * height === 0)
		throw invalid(file, "damaged: its PNG header is wrong");
	if (interlaced) throw invalid(file, "interlaced masks are not read");
	if (width * height > MAX_PIXELS)
		throw invalid(file, `has ${width} × ${height} pixels, too many`);
	const stride = Math.ceil((width * depth) / 8);
	const rows = inflated(file, bytes, height * (stride + 1));
	const indices = new Uint8Array(width * height);
	let above: Uint8Array = new Uint8Array(stride);
	for (let y = 0; y < height; y++) {
		const start = y * (stride + 1);
		const row = rows.subarray(start + 1, start + 1 + stride);
		unfilter(file, rows[start] as number, row, above);
		for (let x = 0; x < width; x++) {
			const bit = x * depth;
			const byte = row[bit >> 3] as number;
			const shift = 8 - depth - (bit & 7);
			indices[y * width + x] = (byte >> shift) & ((1 << depth) - 1);
		}
		above = row;
	}
	return fromBlob(indices, [1, height, width]);
}

/** The rows, each after the number of its filter. */
function inflated(file: string, bytes: Buffer, size: number): Uint8Array {
	const parts: Buffer[] = [];
	for (let at = 8; at + 12 <= bytes.length; ) {
		const length = bytes.readUInt32BE(at);
		const type = bytes.toString("latin1", at + 4, at + 8);
		if (type === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + length));
		at += 12 + length;
	}
	try {
		const rows = inflateSync(Buffer.concat(parts), { maxOutputLength: size });
		if (rows.length === size) return rows;
	} catch (error) {
		throw invalid(file, `damaged: ${(error as Error).message}`);
	}
	throw invalid(file, "damaged: it has too few pixels");
}

/** Bytes are stored as differences to those before and above. */
function unfilter(
	file: string,
	filter: number,
	row: Uint8Array,
	above: Uint8Array,
): void {
	for (let i = 0; i < row.length; i++) {
		const left = i > 0 ? (row[i - 1] as number) : 0;
		const up = above[i] as number;
		const corner = i > 0 ? (above[i - 1] as number) : 0;
		row[i] = (row[i] as number) + predicted(file, filter, left, up, corner);
	}
}

function predicted(
	file: string,
	filter: number,
	left: number,
	up: number,
	corner: number,
): number {
	switch (filter) {
		case 0:
			return 0;
		case 1:
			return left;
		case 2:
			return up;
		case 3:
			return (left + up) >> 1;
		case 4: {
			const [a, b, c] = [up - corner, left - corner, left + up - 2 * corner];
			if (Math.abs(a) <= Math.abs(b) && Math.abs(a) <= Math.abs(c)) return left;
			return Math.abs(b) <= Math.abs(c) ? up : corner;
		}
		default:
			throw invalid(file, `damaged: a row has the filter ${filter}`);
	}
}
