import { privateOperator } from "../../operator.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { PackedTensor } from "./pack.ts";
import type { Chunk, Result } from "./protocol.ts";
import { bytesOf, viewOf } from "./sharedMemory.ts";

const stackInto = privateOperator("stack", "out");
const plainStack = privateOperator("stack");
/** Places begin at multiples of it: what vector instructions like, and more than any dtype needs. */
const alignment = 64;

interface Piece {
	id: number | undefined;
	buffer: SharedArrayBuffer;
	used: number;
}

/** The shared memory of one batch: a chunk that was given, and what it takes beyond that. */
export class Arena {
	readonly #pieces: Piece[];
	/** Tensors that lie in it already. */
	readonly #places = new Map<Tensor, PackedTensor>();
	bytes = 0;

	constructor(given: Chunk | undefined) {
		this.#pieces = given ? [{ ...given, used: 0 }] : [];
	}

	/** Stacks tensors right where the batch is to lie. */
	readonly stack = (tensors: readonly Tensor[]): Tensor => {
		const [first] = tensors as [Tensor];
		const { shape, dtype } = first;
		const plain = tensors.every(
			(x) =>
				x.dtype === dtype &&
				x.device === "cpu" &&
				x.layout === "strided" &&
				!x.requiresGrad &&
				isSame(x.shape, shape),
		);
		if (!plain) return plainStack(tensors, 0) as Tensor;
		const [out, place] = this.#room([tensors.length, ...shape], first);
		stackInto(tensors, 0, out);
		this.#places.set(out, place);
		return out;
	};

	/** Where a tensor lies in it; copied there if it is not. */
	readonly place = (x: Tensor): PackedTensor => {
		const known = this.#places.get(x);
		if (known) return known;
		const [out, place] = this.#room(x.shape, x);
		out.copy_(x.detach());
		out.dispose();
		return { ...place, requiresGrad: x.requiresGrad };
	};

	get chunks(): Result["chunks"] {
		return this.#pieces.map(({ id, buffer }) => id ?? buffer);
	}

	/** Nothing in this thread uses it any longer. */
	close(): void {
		for (const x of this.#places.keys()) x.dispose();
	}

	#room(shape: number[], { dtype }: Tensor): [Tensor, PackedTensor] {
		const bytes = bytesOf(shape, dtype);
		const room = Math.ceil(bytes / alignment) * alignment;
		let number = this.#pieces.findIndex(
			({ buffer, used }) => used + bytes <= buffer.byteLength,
		);
		if (number < 0) {
			const buffer = new SharedArrayBuffer(Math.max(room, 4096));
			number = this.#pieces.push({ id: undefined, buffer, used: 0 }) - 1;
		}
		const piece = this.#pieces[number] as Piece;
		const offset = piece.used;
		piece.used += room;
		this.bytes += room;
		const view = viewOf(piece.buffer, offset, shape, dtype);
		return [
			fromBlob(view, shape, { dtype }),
			{ buffer: number, offset, shape, dtype, requiresGrad: false },
		];
	}
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
	return a.length === b.length && a.every((side, i) => side === b[i]);
}
