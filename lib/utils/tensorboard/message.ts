/**
 * A message of Protocol Buffers, written field by field; what was never given is left out.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class Message {
	readonly #parts: Uint8Array[] = [];

	#tag(field: number, wireType: number): void {
		this.#parts.push(varint((field << 3) | wireType));
	}

	integer(field: number, value: number | undefined): this {
		if (value === undefined) return this;
		this.#tag(field, 0);
		this.#parts.push(varint(value));
		return this;
	}

	double(field: number, value: number): this {
		this.#tag(field, 1);
		this.#parts.push(doubles([value]));
		return this;
	}

	float(field: number, value: number): this {
		this.#tag(field, 5);
		const bytes = Buffer.alloc(4);
		bytes.writeFloatLE(value);
		this.#parts.push(bytes);
		return this;
	}

	floats(field: number, values: readonly number[]): this {
		return this.bytes(field, new Uint8Array(Float32Array.from(values).buffer));
	}

	doubles(field: number, values: readonly number[]): this {
		return this.bytes(field, doubles(values));
	}

	/** Bytes, text in UTF-8, or a message. */
	bytes(field: number, value: Uint8Array | string | Message): this {
		const bytes =
			value instanceof Message
				? value.encoded()
				: typeof value === "string"
					? Buffer.from(value)
					: value;
		this.#tag(field, 2);
		this.#parts.push(varint(bytes.length), bytes);
		return this;
	}

	encoded(): Uint8Array {
		return Buffer.concat(this.#parts);
	}
}

/** Seven bits a byte, the lowest first; of negative numbers the two's complement of 64 bits. */
function varint(value: number): Uint8Array {
	if (value >= 0 && value < 128) return Uint8Array.of(value);
	const bytes: number[] = [];
	let rest = BigInt.asUintN(64, BigInt(value));
	while (rest > 127n) {
		bytes.push(Number(rest & 127n) | 128);
		rest >>= 7n;
	}
	bytes.push(Number(rest));
	return Uint8Array.from(bytes);
}

function doubles(values: readonly number[]): Uint8Array {
	const bytes = Buffer.alloc(8 * values.length);
	for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, 8 * i);
	return bytes;
}
