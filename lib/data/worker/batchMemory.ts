import { fromOwnBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { PackedTensor } from "./pack.ts";
import type { Chunk, Result } from "./protocol.ts";
import { viewOf } from "./sharedMemory.ts";

interface Piece {
	readonly id: number;
	readonly buffer: SharedArrayBuffer;
	/** Storages of tensors in it. */
	users: number;
}

/**
 * The shared memory of a loader's batches. A piece goes to a worker with a task, comes back with the batch in it, belongs to the batch's tensors
 * as long as there is one (or a view of one), and then goes to a worker again: memory that was used before takes no page faults.
 */
export class BatchMemory {
	readonly #pieces = new Map<number, Piece>();
	#free: Piece[] = [];
	#nextId = 0;
	/** What the largest batch took. */
	#wanted = 0;

	/** Bytes of all pieces, and how many there are. */
	get size(): { bytes: number; pieces: number } {
		let bytes = 0;
		for (const { buffer } of this.#pieces.values()) bytes += buffer.byteLength;
		return { bytes, pieces: this.#pieces.size };
	}

	/** A piece for a batch; undefined while nobody knows how large batches are. */
	take(): Chunk | undefined {
		if (this.#wanted === 0) return undefined;
		const { id, buffer } =
			this.#free.pop() ?? this.#add(new SharedArrayBuffer(this.#wanted));
		return { id, buffer };
	}

	/** A piece comes back unused. */
	giveBack({ id }: Chunk): void {
		const piece = this.#pieces.get(id);
		if (piece) this.#release(piece);
	}

	/** How to find the tensors of a batch, which keep its pieces in use from now on. `done` is to be called when all are found. */
	receive({ chunks, bytes }: Result): {
		find: (x: PackedTensor) => Tensor;
		done: () => void;
	} {
		if (bytes > this.#wanted) {
			this.#wanted = bytes;
			const tooSmall = this.#free;
			this.#free = [];
			for (const piece of tooSmall) this.#release(piece);
		}
		const pieces = chunks.map((chunk) =>
			typeof chunk === "number"
				? (this.#pieces.get(chunk) as Piece)
				: this.#add(chunk),
		);
		const find = ({ buffer, offset, shape, dtype }: PackedTensor) => {
			const piece = pieces[buffer as number] as Piece;
			const array = viewOf(piece.buffer, offset, shape, dtype);
			piece.users++;
			return fromOwnBlob(array, shape, dtype, () => this.#letGo(piece));
		};
		const done = () => {
			for (const piece of pieces) if (piece.users === 0) this.#release(piece);
		};
		return { find, done };
	}

	#add(buffer: SharedArrayBuffer): Piece {
		const piece = { id: this.#nextId++, buffer, users: 0 };
		this.#pieces.set(piece.id, piece);
		return piece;
	}

	#letGo(piece: Piece): void {
		if (--piece.users === 0) this.#release(piece);
	}

	/** Keeps it for the next batch, if that fits in. */
	#release(piece: Piece): void {
		if (piece.buffer.byteLength >= this.#wanted) this.#free.push(piece);
		else this.#pieces.delete(piece.id);
	}
}
