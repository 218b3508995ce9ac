// The header of an .npy file: eight bytes, its length, then a Python dictionary that says what the rest is.
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import type { DType } from "../../types.ts";
import { damaged, shown } from "../files.ts";
import { sizeOf } from "../pt/dtypes.ts";

export interface NpyHeader {
	dtype: DType;
	/** Numbers have their highest byte first. */
	isBigEndian: boolean;
	/** The first dimension's elements lie side by side, not the last one's. */
	isFortran: boolean;
	shape: number[];
	/** Bytes of all elements. */
	length: number;
}

/** As many bytes say where the data begins. */
export const START = 12;
const MAX_HEADER = 65_536; // plain ones have 118
const MAX_DIMENSIONS = 64;
const MAGIC = "\x93NUMPY";

/** NumPy's names of dtypes, without the sign for the order of bytes. */
const names: readonly [DType, string][] = [
	["bool", "b1"],
	["int8", "i1"],
	["int16", "i2"],
	["int32", "i4"],
	["int64", "i8"],
	["uint8", "u1"],
	["uint16", "u2"],
	["uint32", "u4"],
	["uint64", "u8"],
	["float16", "f2"],
	["float32", "f4"],
	["float64", "f8"],
	["complex64", "c8"],
	["complex128", "c16"],
];

/** NumPy's name of a dtype, or undefined where it has none. */
export function nameOf(dtype: DType): string | undefined {
	const name = names.find(([known]) => known === dtype)?.[1];
	return name && (sizeOf(dtype) === 1 ? `|${name}` : `<${name}`);
}

/** Where a file's header begins and how long it is, from its first bytes. `file` is what errors call it. */
export function headerPlace(
	file: string,
	start: Uint8Array,
): { position: number; length: number } {
	const bytes = Buffer.from(start);
	if (bytes.toString("latin1", 0, 6) !== MAGIC)
		throw damaged(file, "not an .npy file");
	const version = bytes[6];
	if (version === undefined || version < 1 || version > 3 || bytes[7] !== 0)
		throw damaged(
			file,
			`its format's version is ${version}.${bytes[7]}, not 1.0, 2.0 or 3.0`,
		);
	const position = version === 1 ? 10 : 12;
	if (bytes.length < position) throw damaged(file, "cut short");
	const length = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
	if (length > MAX_HEADER)
		throw damaged(file, `its header has ${length} bytes, beyond ${MAX_HEADER}`);
	return { position, length };
}

/** Reads a header. `file` is what errors call it. */
export function readNpyHeader(file: string, bytes: Uint8Array): NpyHeader {
	const fields = new Literal(file, Buffer.from(bytes).toString("utf8")).read();
	const { descr, fortran_order: isFortran, shape, ...others } = fields;
	if (
		Object.keys(others).length > 0 ||
		typeof isFortran !== "boolean" ||
		!Array.isArray(shape) ||
		(typeof descr !== "string" && !Array.isArray(descr))
	)
		throw damaged(
			file,
			"its header must have descr, fortran_order and shape, and nothing else",
		);
	const { dtype, isBigEndian } = readDescription(file, descr);
	const lengths = shape.map((length) => {
		if (!Number.isSafeInteger(length) || (length as number) < 0)
			throw damaged(file, "its shape is not one of whole numbers");
		return length as number;
	});
	if (lengths.length > MAX_DIMENSIONS)
		throw damaged(file, `it has more than ${MAX_DIMENSIONS} dimensions`);
	const length = lengths.includes(0)
		? 0
		: lengths.reduce((n, each) => n * each, sizeOf(dtype));
	if (!Number.isSafeInteger(length))
		throw damaged(file, `its shape [${lengths}] is larger than any memory`);
	return { dtype, isBigEndian, isFortran, shape: lengths, length };
}

function readDescription(file: string, descr: string | Value[]) {
	const refused = (what: string) =>
		damaged(file, `holds ${what}, which tensors cannot`);
	if (typeof descr !== "string")
		throw refused("records with fields of their own");
	const [, order = "", name = ""] = /^([<>=|]?)(.*)$/s.exec(descr) ?? [];
	const dtype = names.find(([, known]) => known === name)?.[0];
	if (dtype) return { dtype, isBigEndian: order === ">" };
	if (/^O/.test(name)) throw refused("Python objects");
	if (/^[SUa]/.test(name)) throw refused("texts");
	if (/^[Mm]/.test(name)) throw refused("dates");
	throw refused(`numbers of type ${shown(descr)}`);
}

/** The bytes before a tensor's own, as NumPy writes them. */
export function writeNpyHeader(
	name: string,
	shape: readonly number[],
	isFortran: boolean,
): Buffer {
	const lengths =
		shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
	const order = isFortran ? "True" : "False";
	let text = `{'descr': '${name}', 'fortran_order': ${order}, 'shape': ${lengths}, }`;
	// Room for the dimension along which the file may be made longer
	const growing = isFortran ? shape.at(-1) : shape[0];
	if (growing !== undefined) text += " ".repeat(21 - String(growing).length);
	const length = Math.ceil((10 + text.length + 1) / 64) * 64; // tensors begin aligned
	text = `${text.padEnd(length - 11)}\n`;
	const start = Buffer.from(`${MAGIC}\x01\0\0\0`, "latin1");
	start.writeUInt16LE(text.length, 8);
	return Buffer.concat([start, Buffer.from(text, "latin1")]);
}

type Value = string | boolean | number | Value[];

/** The part of Python's literals that headers are made of: a dictionary, strings, True and False, whole numbers, tuples and lists. */
class Literal {
	readonly #file: string;
	readonly #text: string;
	#at = 0;

	constructor(file: string, text: string) {
		this.#file = file;
		this.#text = text;
	}

	read(): Record<string, Value> {
		const fields: Record<string, Value> = Object.create(null);
		this.#expect("{");
		while (!this.#take("}")) {
			const key = this.#string();
			if (key in fields) throw this.#problem(`${shown(key)} occurs twice`);
			this.#expect(":");
			fields[key] = this.#value(0);
			if (this.#take("}")) break;
			this.#expect(",");
		}
		if (this.#rest().trim() !== "")
			throw this.#problem("there is more behind it");
		return fields;
	}

	#value(depth: number): Value {
		const rest = this.#rest();
		if (/^['"]/.test(rest)) return this.#string();
		const word = /^(True|False)\b/.exec(rest)?.[0];
		if (word) {
			this.#at += word.length;
			return word === "True";
		}
		const digits = /^(\d{1,19})L?(?![\w.])/.exec(rest); // Python 2 wrote 3L
		if (digits) {
			this.#at += digits[0].length;
			return Number(digits[1]);
		}
		for (const [open, close] of ["()", "[]"] as const)
			if (depth < 8 && this.#take(open as string))
				return this.#list(close as string, depth);
		throw this.#problem("expected a value");
	}

	#list(close: string, depth: number): Value[] {
		const items: Value[] = [];
		while (!this.#take(close)) {
			items.push(this.#value(depth + 1));
			if (this.#take(close)) break;
			this.#expect(",");
		}
		return items;
	}

	#string(): string {
		const found = /^'([^'\\\n]*)'|^"([^"\\\n]*)"/.exec(this.#rest());
		if (!found) throw this.#problem("expected a string");
		this.#at += found[0].length;
		return found[1] ?? found[2] ?? "";
	}

	/** What comes behind spaces. */
	#rest(): string {
		while (/[ \n]/.test(this.#text[this.#at] ?? "")) this.#at++;
		return this.#text.slice(this.#at);
	}

	#take(sign: string): boolean {
		if (!this.#rest().startsWith(sign)) return false;
		this.#at += sign.length;
		return true;
	}

	#expect(sign: string): void {
		if (!this.#take(sign)) throw this.#problem(`expected "${sign}"`);
	}

	#problem(what: string): Error {
		const place = `${what} at character ${this.#at}`;
		return damaged(this.#file, `its header is not what it should be: ${place}`);
	}
}
