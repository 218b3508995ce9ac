/** What is wrong with a text, and at which byte. */
export class JsonProblem extends Error {}

/**
 * Reads JSON from bytes, piece by piece, as the caller expects it: what is not asked for costs no memory, and the caller sees a name
 * that occurs twice in an object, which `JSON.parse` overlooks.
 */
export class JsonReader {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** Calls `member` for each name of an object; it must read the value. */
	object(member: (name: string) => void): void {
		this.#expect(OPEN, "an object");
		if (this.#next(CLOSE)) return;
		do {
			const name = this.string();
			this.#expect(COLON, "a colon");
			member(name);
		} while (this.#next(COMMA));
		this.#expect(CLOSE, "a comma or a brace");
	}

	/** Calls `element` for each place of an array; it must read the value. */
	array(element: () => void): void {
		this.#expect(OPEN_ARRAY, "an array");
		if (this.#next(CLOSE_ARRAY)) return;
		do element();
		while (this.#next(COMMA));
		this.#expect(CLOSE_ARRAY, "a comma or a bracket");
	}

	string(): string {
		this.#expect(QUOTE, "a string");
		const start = this.#at;
		let plain = true;
		for (; ; this.#at++) {
			const byte = this.#bytes[this.#at];
			if (byte === undefined || byte < 0x20)
				throw this.problem("a string does not end");
			if (byte === QUOTE) break;
			if (byte === BACKSLASH) this.#at++;
			if (byte === BACKSLASH || byte >= 0x80) plain = false;
		}
		const text = this.#bytes.subarray(start, this.#at++);
		if (plain) return latin1.decode(text);
		try {
			return JSON.parse(`"${utf8.decode(text)}"`);
		} catch {
			throw this.problem("a string is not UTF-8, or has an unknown escape");
		}
	}

	/** A whole number from 0 on; JSON's other numbers are none. */
	length(): number {
		this.#space();
		const start = this.#at;
		let value = 0;
		for (; ; this.#at++) {
			const digit = (this.#bytes[this.#at] ?? 0) - ZERO;
			if (!(digit >= 0 && digit <= 9)) break;
			value = value * 10 + digit;
		}
		const isNumber = this.#at > start && !this.#isNumber(this.#at);
		const hasLeadingZero = this.#at > start + 1 && this.#bytes[start] === ZERO;
		if (!isNumber || hasLeadingZero || !Number.isSafeInteger(value))
			throw this.problem("expected a whole number up to 2^53");
		return value;
	}

	/** Passes over a value of any kind. */
	skip(): void {
		let depth = 0;
		do {
			this.#space();
			const byte = this.#bytes[this.#at];
			if (byte === undefined) throw this.problem("ends too early");
			if (byte === QUOTE) {
				this.string();
				continue;
			}
			if (byte === OPEN || byte === OPEN_ARRAY) depth++;
			if (byte === CLOSE || byte === CLOSE_ARRAY) depth--;
			this.#at++;
			// The rest of a number, true, false or null
			while (depth === 0 && this.#isWord(this.#at)) this.#at++;
		} while (depth > 0);
	}

	/** Checks that nothing but white space follows. */
	end(): void {
		this.#space();
		if (this.#at < this.#bytes.length)
			throw this.problem("something follows the object");
	}

	problem(text: string): JsonProblem {
		return new JsonProblem(`${text} (byte ${this.#at})`);
	}

	#space(): void {
		for (; ; this.#at++) {
			const byte = this.#bytes[this.#at];
			if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
				return;
		}
	}

	#next(byte: number): boolean {
		this.#space();
		if (this.#bytes[this.#at] !== byte) return false;
		this.#at++;
		return true;
	}

	#expect(byte: number, what: string): void {
		if (!this.#next(byte)) throw this.problem(`expected ${what}`);
	}

	#isNumber(at: number): boolean {
		return /[-+.eE0-9]/.test(String.fromCharCode(this.#bytes[at] ?? 0));
	}

	#isWord(at: number): boolean {
		return /[-+.\w]/.test(String.fromCharCode(this.#bytes[at] ?? 0));
	}
}

const [OPEN, CLOSE, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const [QUOTE, BACKSLASH, COLON, COMMA, ZERO] = [0x22, 0x5c, 0x3a, 0x2c, 0x30];
const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
