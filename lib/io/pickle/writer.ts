// Pickles of protocol 2, which every PyTorch reads.

const BATCH = 1000; // values on the reader's stack, as Python has it

/** Writes instructions for a pickle's reader: see reader.ts. */
export class PickleWriter {
	#bytes = Buffer.alloc(1 << 12);
	#length = 0;
	readonly #memo = new Map<unknown, number>();
	readonly #globals = new Map<string, symbol>();

	constructor() {
		this.#raw(0x80, 2);
	}

	/** The whole pickle. */
	end(): Uint8Array {
		this.#code(".");
		return this.#bytes.subarray(0, this.#length);
	}

	/** Writes a reference to what was remembered as `value`, if it was. */
	recall(value: unknown): boolean {
		const place = this.#memo.get(value);
		if (place === undefined) return false;
		if (place < 256) this.#raw(code("h"), place);
		else {
			this.#code("j");
			this.#uint32(place);
		}
		return true;
	}

	/** Remembers what was written last. */
	remember(value: unknown): void {
		const place = this.#memo.size;
		this.#memo.set(value, place);
		if (place < 256) this.#raw(code("q"), place);
		else {
			this.#code("r");
			this.#uint32(place);
		}
	}

	none(): void {
		this.#code("N");
	}

	boolean(value: boolean): void {
		this.#raw(value ? 0x88 : 0x89);
	}

	/** A whole number as an int, any other as a float. */
	number(value: number): void {
		if (Number.isSafeInteger(value) && !Object.is(value, -0))
			this.integer(BigInt(value));
		else this.float(value);
	}

	float(value: number): void {
		this.#code("G");
		this.#length = this.#room(8).writeDoubleBE(value, this.#length);
	}

	integer(value: bigint): void {
		if (value >= 0n && value < 1n << 8n) this.#raw(code("K"), Number(value));
		else if (BigInt.asIntN(32, value) === value) {
			this.#code("J");
			this.#length = this.#room(4).writeInt32LE(Number(value), this.#length);
		} else {
			const bytes = twosComplement(value);
			if (bytes.length < 256) this.#raw(0x8a, bytes.length);
			else {
				this.#raw(0x8b);
				this.#uint32(bytes.length);
			}
			this.#append(bytes);
		}
	}

	string(value: string): void {
		if (this.recall(value)) return;
		const bytes = Buffer.from(value);
		this.#code("X");
		this.#uint32(bytes.length);
		this.#append(bytes);
		this.remember(value);
	}

	/** A name of Python's: its module and itself. */
	global(module: string, name: string): void {
		const line = `${module}\n${name}\n`;
		const known = this.#globals.get(line) ?? Symbol(line); // a string may read the same
		if (this.recall(known)) return;
		this.#globals.set(line, known);
		this.#code("c");
		this.#append(Buffer.from(line));
		this.remember(known);
	}

	tuple(items: readonly (() => void)[]): void {
		if (items.length > 3) this.#code("(");
		for (const item of items) item();
		this.#raw([code(")"), 0x85, 0x86, 0x87][items.length] ?? code("t"));
	}

	/** Remembers the list as `value` before its items, as Python does. */
	list(value: unknown, items: readonly (() => void)[]): void {
		this.#code("]");
		this.remember(value);
		for (let i = 0; i < items.length; i += BATCH) {
			this.#code("(");
			for (const item of items.slice(i, i + BATCH)) item();
			this.#code("e");
		}
	}

	/** `items` write a key and its value each. */
	dict(value: unknown, items: readonly (() => void)[]): void {
		this.#code("}");
		this.remember(value);
		for (let i = 0; i < items.length; i += BATCH) {
			this.#code("(");
			for (const item of items.slice(i, i + BATCH)) item();
			this.#code("u");
		}
	}

	/** A call of a name of Python's. */
	call(module: string, name: string, args: readonly (() => void)[]): void {
		this.global(module, name);
		this.tuple(args);
		this.#code("R");
	}

	/** Something outside of the pickle, by what `id` writes. */
	persistent(id: () => void): void {
		id();
		this.#code("Q");
	}

	#code(letter: string): void {
		this.#raw(code(letter));
	}

	#raw(...bytes: number[]): void {
		this.#append(Uint8Array.from(bytes));
	}

	#uint32(value: number): void {
		this.#length = this.#room(4).writeUInt32LE(value, this.#length);
	}

	#append(bytes: Uint8Array): void {
		this.#room(bytes.length).set(bytes, this.#length);
		this.#length += bytes.length;
	}

	#room(length: number): Buffer {
		if (this.#length + length > this.#bytes.length) {
			const grown = Buffer.alloc(2 * (this.#length + length));
			grown.set(this.#bytes);
			this.#bytes = grown;
		}
		return this.#bytes;
	}
}

const code = (letter: string) => letter.charCodeAt(0);

/** Little endian, in as few bytes as keep the sign. */
function twosComplement(value: bigint): Uint8Array {
	const bytes: number[] = [];
	for (let rest = value; ; rest >>= 8n) {
		bytes.push(Number(rest & 0xffn));
		if (BigInt.asIntN(8, rest) === rest) return Uint8Array.from(bytes);
	}
}
