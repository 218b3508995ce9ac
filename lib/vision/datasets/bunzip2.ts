/**
 * bzip2, which Node.js cannot unpack: Huffman codes, runs of zeros, move-to-front, the Burrows-Wheeler transform backwards, runs of bytes.
 * (https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf)
 */
import { invalid } from "./problems.ts";

/**
 * @internal Unpacks a bzip2 file.
 *
 * @param maxBytes the most that is unpacked
 * @throws TorchError `ERR_INVALID_FILE` with `file`'s name
 */
export function bunzip2(
	file: string,
	bytes: Uint8Array,
	maxBytes: number,
): Buffer {
	try {
		return unpack(new Bits(bytes), maxBytes);
	} catch (error) {
		if (error instanceof Damage) throw invalid(file, error.message);
		throw error;
	}
}

class Damage extends Error {}

class Bits {
	readonly #bytes: Uint8Array;
	#at = 0;
	#value = 0;
	#count = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** The next `count` bits, at most 24. */
	read(count: number): number {
		while (this.#count < count) {
			if (this.#at >= this.#bytes.length)
				throw new Damage("its bzip2 is cut off");
			this.#value = ((this.#value & 0xffffff) << 8) | (this.#next() & 0xff);
			this.#count += 8;
		}
		this.#count -= count;
		return (this.#value >>> this.#count) & ((1 << count) - 1);
	}

	#next(): number {
		return this.#bytes[this.#at++] as number;
	}

	read48(): number {
		return this.read(24) * 2 ** 24 + this.read(24);
	}

	read32(): number {
		return this.read(16) * 2 ** 16 + this.read(16);
	}

	alignToByte(): void {
		this.#count -= this.#count % 8;
	}

	get isAtEnd(): boolean {
		return this.#at >= this.#bytes.length && this.#count < 8;
	}
}

const BLOCK = 0x314159265359; // π
const END = 0x177245385090; // its root

function unpack(bits: Bits, maxBytes: number): Buffer {
	const parts: Buffer[] = [];
	let left = maxBytes;
	do {
		if (bits.read(24) !== 0x425a68) throw new Damage("no bzip2 file");
		const level = bits.read(8) - 0x30;
		if (level < 1 || level > 9) throw new Damage("no bzip2 file");
		let combined = 0;
		for (;;) {
			const magic = bits.read48();
			const sum = bits.read32();
			if (magic === END) {
				if (sum !== combined >>> 0)
					throw new Damage("the checksum of its bzip2 is wrong");
				break;
			}
			if (magic !== BLOCK) throw new Damage("its bzip2 is damaged");
			const block = expandRuns(readBlock(bits, level * 100_000), left);
			if (crc32(block) !== sum)
				throw new Damage("the checksum of its bzip2 is wrong");
			combined = ((combined << 1) | (combined >>> 31)) ^ sum;
			left -= block.length;
			parts.push(block);
		}
		bits.alignToByte();
	} while (!bits.isAtEnd); // streams may follow each other
	return Buffer.concat(parts);
}

/** The bytes of a block before its last step, the runs. */
function readBlock(bits: Bits, most: number): Uint8Array {
	if (bits.read(1)) throw new Damage("its bzip2 is of a kind long given up");
	const origin = bits.read(24);
	const symbols = readAlphabet(bits);
	const tables = readSelectorsAndTables(bits, symbols.length + 2);
	const last = readSymbols(bits, tables, symbols, most);
	if (origin >= last.length) throw new Damage("its bzip2 is damaged");
	return invert(last, origin);
}

/** The bytes that the block has, in order: a bit for each sixteen of them, then a bit for each. */
function readAlphabet(bits: Bits): number[] {
	const rows = bits.read(16);
	const symbols: number[] = [];
	for (let row = 0; row < 16; row++) {
		if (!(rows & (0x8000 >> row))) continue;
		const columns = bits.read(16);
		for (let column = 0; column < 16; column++)
			if (columns & (0x8000 >> column)) symbols.push(row * 16 + column);
	}
	if (symbols.length === 0) throw new Damage("its bzip2 is damaged");
	return symbols;
}

/** A Huffman code: for each length, the first code beyond it, and where its symbols begin. */
interface Table {
	readonly limits: Int32Array;
	readonly offsets: Int32Array;
	readonly symbols: Uint16Array;
	readonly shortest: number;
}

interface Tables {
	/** Which table is used for each fifty symbols. */
	readonly selectors: Uint8Array;
	readonly tables: readonly Table[];
}

function readSelectorsAndTables(bits: Bits, size: number): Tables {
	const count = bits.read(3);
	const selectors = new Uint8Array(bits.read(15));
	if (count < 2 || count > 6 || selectors.length === 0)
		throw new Damage("its bzip2 is damaged");
	const front = Array.from({ length: count }, (_, i) => i);
	for (let i = 0; i < selectors.length; i++) {
		let place = 0;
		while (bits.read(1))
			if (++place >= count) throw new Damage("its bzip2 is damaged");
		const [table] = front.splice(place, 1) as [number];
		front.unshift(table);
		selectors[i] = table;
	}
	const tables = Array.from({ length: count }, () => readTable(bits, size));
	return { selectors, tables };
}

function readTable(bits: Bits, size: number): Table {
	let length = bits.read(5);
	const lengths = Array.from({ length: size }, () => {
		for (;;) {
			if (length < 1 || length > 20) throw new Damage("its bzip2 is damaged");
			if (!bits.read(1)) return length;
			length += bits.read(1) ? -1 : 1;
		}
	});
	const limits = new Int32Array(22);
	const offsets = new Int32Array(22);
	const symbols: number[] = [];
	let code = 0;
	for (let n = 1; n <= 20; n++) {
		offsets[n] = symbols.length - code;
		lengths.forEach((each, symbol) => {
			if (each !== n) return;
			symbols.push(symbol);
			code++;
		});
		limits[n] = code;
		code *= 2;
	}
	return {
		limits,
		offsets,
		symbols: Uint16Array.from(symbols),
		shortest: Math.min(...lengths),
	};
}

function readSymbol(bits: Bits, table: Table): number {
	let code = bits.read(table.shortest);
	for (let n = table.shortest; n <= 20; n++) {
		if (code < (table.limits[n] as number))
			return table.symbols[code + (table.offsets[n] as number)] as number;
		code = (code << 1) | bits.read(1);
	}
	throw new Damage("its bzip2 is damaged");
}

/** Huffman codes of places in a list whose last used entry moves to the front; the two smallest are the digits of a run of its first. */
function readSymbols(
	bits: Bits,
	{ selectors, tables }: Tables,
	alphabet: readonly number[],
	most: number,
): Uint8Array {
	const front = [...alphabet];
	const end = alphabet.length + 1;
	const bytes = new Uint8Array(most);
	let length = 0;
	let run = 0;
	let digit = 1;
	for (let i = 0; ; i++) {
		const selector = selectors[Math.floor(i / 50)];
		if (selector === undefined) throw new Damage("its bzip2 is damaged");
		const symbol = readSymbol(bits, tables[selector] as Table);
		if (symbol <= 1) {
			run += digit * (symbol + 1);
			digit *= 2;
			if (run > most) throw new Damage("its bzip2 is damaged");
			continue;
		}
		if (length + run + 1 > most && symbol !== end)
			throw new Damage("its bzip2 is damaged");
		if (length + run > most) throw new Damage("its bzip2 is damaged");
		bytes.fill(front[0] as number, length, length + run);
		length += run;
		[run, digit] = [0, 1];
		if (symbol === end) return bytes.subarray(0, length);
		const [byte] = front.splice(symbol - 1, 1) as [number];
		front.unshift(byte);
		bytes[length++] = byte;
	}
}

/** The Burrows-Wheeler transform backwards. */
function invert(last: Uint8Array, origin: number): Uint8Array {
	const starts = new Uint32Array(257);
	for (const byte of last) starts[byte + 1] = (starts[byte + 1] as number) + 1;
	for (let i = 0; i < 256; i++)
		starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
	const next = new Uint32Array(last.length);
	last.forEach((byte, i) => {
		const place = starts[byte] as number;
		starts[byte] = place + 1;
		next[place] = i;
	});
	const bytes = new Uint8Array(last.length);
	let at = next[origin] as number;
	for (let i = 0; i < bytes.length; i++) {
		bytes[i] = last[at] as number;
		at = next[at] as number;
	}
	return bytes;
}

/** After four equal bytes, one says how many more follow. */
function expandRuns(bytes: Uint8Array, most: number): Buffer {
	let length = 0;
	const each = (put: (byte: number, count: number) => void) => {
		let same = 0;
		let before = -1;
		for (const byte of bytes) {
			if (same === 4) {
				put(before, byte);
				same = 0;
				before = -1;
				continue;
			}
			same = byte === before ? same + 1 : 1;
			before = byte;
			put(byte, 1);
		}
	};
	each((_, count) => {
		length += count;
	});
	if (length > most) throw new Damage("it unpacks to more than is expected");
	const expanded = Buffer.alloc(length);
	let at = 0;
	each((byte, count) => {
		expanded.fill(byte, at, at + count);
		at += count;
	});
	return expanded;
}

const sums = Uint32Array.from({ length: 256 }, (_, i) => {
	let sum = i << 24;
	for (let bit = 0; bit < 8; bit++)
		sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
	return sum >>> 0;
});

/** CRC-32 with the highest bit first. */
function crc32(bytes: Uint8Array): number {
	let sum = 0xffffffff;
	for (const byte of bytes)
		sum = (sum << 8) ^ (sums[(sum >>> 24) ^ byte] as number);
	return ~sum >>> 0;
}
