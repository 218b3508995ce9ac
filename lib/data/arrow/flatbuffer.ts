/** FlatBuffers, in which Arrow says what its bytes are: tables of fields that may be missing. (https://flatbuffers.dev/internals/) */

/** What is wrong with an Arrow file. */
export class ArrowProblem extends Error {}

const cutOff = () => new ArrowProblem("damaged: it points beyond its end");

export class FlatTable {
	readonly #view: DataView;
	readonly #start: number;

	/** The table at a place in a buffer. */
	constructor(view: DataView, start: number) {
		this.#view = view;
		this.#start = start;
	}

	/** The table that a buffer begins with. */
	static root(bytes: Uint8Array): FlatTable {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		return new FlatTable(view, within(view, 0, 4) && view.getUint32(0, true));
	}

	/** Where a field is; 0: it is missing. */
	#place(field: number, size: number): number {
		const view = this.#view;
		within(view, this.#start, 4);
		const names = this.#start - view.getInt32(this.#start, true);
		within(view, names, 2);
		const slot = 4 + 2 * field;
		if (slot + 2 > view.getUint16(names, true)) return 0;
		within(view, names + slot, 2);
		const offset = view.getUint16(names + slot, true);
		if (offset === 0) return 0;
		within(view, this.#start + offset, size);
		return this.#start + offset;
	}

	byte(field: number): number {
		const place = this.#place(field, 1);
		return place && this.#view.getUint8(place);
	}

	short(field: number): number {
		const place = this.#place(field, 2);
		return place && this.#view.getInt16(place, true);
	}

	int(field: number): number {
		const place = this.#place(field, 4);
		return place && this.#view.getInt32(place, true);
	}

	/** An int64 that is a length or a place. */
	long(field: number): number {
		const place = this.#place(field, 8);
		return place && toLength(this.#view.getBigInt64(place, true));
	}

	#target(field: number): number {
		const place = this.#place(field, 4);
		return place && place + this.#view.getUint32(place, true);
	}

	table(field: number): FlatTable | undefined {
		const place = this.#target(field);
		return place ? new FlatTable(this.#view, place) : undefined;
	}

	/** How many elements of `size` bytes a list has, and where they are. */
	#list(field: number, size: number): [count: number, place: number] {
		const place = this.#target(field);
		if (!place) return [0, 0];
		within(this.#view, place, 4);
		const count = this.#view.getUint32(place, true);
		within(this.#view, place + 4, count * size);
		return [count, place + 4];
	}

	tables(field: number): FlatTable[] {
		const [count, start] = this.#list(field, 4);
		return Array.from({ length: count }, (_, i) => {
			const place = start + 4 * i;
			return new FlatTable(
				this.#view,
				place + this.#view.getUint32(place, true),
			);
		});
	}

	/** A list of pairs of int64. */
	pairs(field: number): [number, number][] {
		const [count, start] = this.#list(field, 16);
		const at = (place: number) => toLength(this.#view.getBigInt64(place, true));
		return Array.from({ length: count }, (_, i) => [
			at(start + 16 * i),
			at(start + 16 * i + 8),
		]);
	}

	text(field: number): string {
		const [count, start] = this.#list(field, 1);
		const { buffer, byteOffset } = this.#view;
		return Buffer.from(buffer, byteOffset + start, count).toString();
	}
}

function within(view: DataView, place: number, size: number): true {
	if (place >= 0 && place + size <= view.byteLength) return true;
	throw cutOff();
}

function toLength(value: bigint): number {
	if (value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER))
		return Number(value);
	throw cutOff();
}
