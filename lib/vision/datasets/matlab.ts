/**
 * MATLAB's files of version 5: a header, then elements, each a type, a length and bytes; an array is an element of elements, perhaps deflated.
 * (https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf)
 */
import { inflateSync } from "node:zlib";
import { invalid } from "./problems.ts";

/** @internal An array of numbers. */
export interface MatlabArray {
	shape: number[];
	/** Column after column, as MATLAB has them. */
	data: MatlabData;
}

export type MatlabData =
	| Uint8Array
	| Int8Array
	| Int16Array
	| Uint16Array
	| Int32Array
	| Uint32Array
	| Float32Array
	| Float64Array;

type Class = {
	new (buffer: ArrayBuffer): MatlabData;
	readonly BYTES_PER_ELEMENT: number;
};

const types = new Map<number, Class>([
	[1, Int8Array],
	[2, Uint8Array],
	[3, Int16Array],
	[4, Uint16Array],
	[5, Int32Array],
	[6, Uint32Array],
	[7, Float32Array],
	[9, Float64Array],
]);
const MATRIX = 14;
const COMPRESSED = 15;
const HEADER = 128;
const MAX_ARRAYS = 1000;

interface Element {
	type: number;
	content: Uint8Array;
}

/**
 * @internal Reads the arrays of numbers in a file; others (text, structures, complex numbers) are passed over.
 *
 * @param maxBytes the most that a deflated array may have
 * @throws TorchError `ERR_INVALID_FILE` with `file`'s name
 */
export function parseMatlab(
	file: string,
	bytes: Uint8Array,
	maxBytes: number,
): Map<string, MatlabArray> {
	const view = viewOf(bytes);
	const isRight =
		bytes.length >= HEADER &&
		view.getUint16(124, true) === 0x0100 &&
		view.getUint16(126, true) === 0x4d49;
	if (!isRight)
		throw invalid(file, "not a MATLAB file of version 5, little endian");
	const arrays = new Map<string, MatlabArray>();
	for (const { type, content } of elements(file, bytes.subarray(HEADER))) {
		const whole =
			type === COMPRESSED ? inflated(file, content, maxBytes) : content;
		const inner = type === COMPRESSED ? first(file, whole) : { type, content };
		if (inner.type !== MATRIX) continue;
		const named = parseArray(file, inner.content);
		if (named) arrays.set(...named);
		if (arrays.size > MAX_ARRAYS) throw invalid(file, "has too many arrays");
	}
	return arrays;
}

const viewOf = (bytes: Uint8Array): DataView =>
	new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function inflated(file: string, content: Uint8Array, maxBytes: number) {
	try {
		return inflateSync(content, { maxOutputLength: maxBytes });
	} catch (error) {
		throw invalid(
			file,
			`an array of it is damaged: ${(error as Error).message}`,
		);
	}
}

function first(file: string, bytes: Uint8Array): Element {
	for (const element of elements(file, bytes)) return element;
	throw invalid(file, "an array of it is empty");
}

function* elements(file: string, bytes: Uint8Array): Generator<Element> {
	const view = viewOf(bytes);
	for (let at = 0; at < bytes.length; ) {
		if (at + 8 > bytes.length) throw invalid(file, "is cut off");
		const type = view.getUint32(at, true);
		const small = type >>> 16; // the length of up to four bytes, which then follow at once
		const length = small || view.getUint32(at + 4, true);
		const start = at + (small ? 4 : 8);
		if (start + length > bytes.length || (small && small > 4))
			throw invalid(file, "is cut off");
		yield {
			type: type & 0xffff,
			content: bytes.subarray(start, start + length),
		};
		at = small ? at + 8 : start + length;
		// all but deflated ones end at a multiple of eight
		if (!small && type !== COMPRESSED) at += (8 - (length % 8)) % 8;
	}
}

/** Flags, shape, name and values. */
function parseArray(
	file: string,
	content: Uint8Array,
): [string, MatlabArray] | undefined {
	const parts = elements(file, content);
	const [flags, sizes, name] = [0, 0, 0].map(
		() => parts.next().value as Element | undefined,
	);
	const kind = flags?.content[0] ?? 0;
	const isComplex = ((flags?.content[1] ?? 0) & 0x08) !== 0;
	if (!sizes || !name || kind < 6 || kind > 13 || isComplex) return undefined;
	const values = parts.next().value as Element | undefined;
	const shape = [...numbersOf(file, sizes)];
	const data = values ? numbersOf(file, values) : new Uint8Array(0);
	const count = shape.reduce((product, size) => product * size, 1);
	const isRight = shape.length >= 2 && shape.every((size) => size >= 0);
	if (!isRight || count !== data.length) {
		throw invalid(
			file,
			`an array of shape [${shape.slice(0, 8)}] has ${data.length} values`,
		);
	}
	return [Buffer.from(name.content).toString("latin1"), { shape, data }];
}

function numbersOf(file: string, { type, content }: Element): MatlabData {
	const Type = types.get(type);
	if (!Type || content.length % Type.BYTES_PER_ELEMENT !== 0)
		throw invalid(
			file,
			`an array of it has numbers of an unknown type, ${type}`,
		);
	return new Type(new Uint8Array(content).buffer); // aligned, which a part of a file need not be
}
