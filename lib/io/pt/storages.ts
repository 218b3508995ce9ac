import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../types.ts";
import { layOut } from "../files.ts";
import { bytesOf } from "../tensorBytes.ts";
import { storageClasses } from "./dtypes.ts";

/** The part of a storage that the tensors to be saved cover: it is written once, however many they are. */
export class SharedStorage {
	readonly key: string;
	readonly #dtypes = new Set<DType>();
	/** The tensor that reaches furthest. */
	#widest: Tensor | null = null;
	/** In bytes of the whole storage. */
	#begin = Number.POSITIVE_INFINITY;
	#end = 0;

	constructor(key: string) {
		this.key = key;
	}

	add(tensor: Tensor): void {
		const size = tensor.elementSize();
		this.#dtypes.add(tensor.dtype);
		const strides = tensor.stride();
		let last = tensor.storageOffset();
		if (tensor.numel() === 0) return;
		// Offsets stay whole in elements of any size.
		this.#begin = Math.min(this.#begin, Math.floor((last * size) / 16) * 16);
		for (const [i, length] of tensor.shape.entries())
			last += (length - 1) * (strides[i] as number);
		const end = (last + 1) * size;
		if (end <= this.#end) return;
		this.#end = end;
		this.#widest = tensor;
	}

	/** The class that Python has for it; null where it must be untyped. */
	get className(): string | null {
		const [dtype, other] = this.#dtypes;
		if (other !== undefined) return null;
		return storageClasses.find(([, known]) => known === dtype)?.[0] ?? null;
	}

	get length(): number {
		return this.#widest === null ? 0 : this.#end - this.#begin;
	}

	/** Where a tensor's elements begin within the part that is written, in elements. */
	offsetOf(tensor: Tensor): number {
		if (tensor.numel() === 0) return 0;
		return tensor.storageOffset() - this.#begin / tensor.elementSize();
	}

	*bytes(): Generator<Uint8Array> {
		if (this.#widest === null) return;
		const shape = [this.length];
		using flat = layOut(this.#widest, "uint8", shape, [1], this.#begin);
		yield* bytesOf(flat);
	}
}

/** Finds which tensors share a storage. */
export class Storages {
	readonly #byTensor = new Map<Tensor, SharedStorage>();
	readonly #byMemory = new Map<string, SharedStorage>();
	readonly all: SharedStorage[] = [];

	/** @param tensor strided, and neither conjugated nor negated */
	add(tensor: Tensor): void {
		const start =
			Number(tensor.dataPtr()) - tensor.storageOffset() * tensor.elementSize();
		const memory = `${tensor.device} ${start}`;
		const isEmpty = tensor.numel() === 0;
		let storage = isEmpty ? undefined : this.#byMemory.get(memory);
		if (!storage) {
			storage = new SharedStorage(`${this.all.length}`);
			this.all.push(storage);
			if (!isEmpty) this.#byMemory.set(memory, storage);
		}
		storage.add(tensor);
		this.#byTensor.set(tensor, storage);
	}

	of(tensor: Tensor): SharedStorage {
		return this.#byTensor.get(tensor) as SharedStorage;
	}
}

/** A tensor that a file can hold as it is, for one that it cannot. */
export function plain(op: string, place: string, tensor: Tensor): Tensor {
	if (/^q/.test(tensor.dtype) || tensor.layout === "jagged")
		throw check.invalidValue(
			op,
			place,
			`a tensor of ${tensor.dtype}, ${tensor.layout}, which cannot be saved`,
		);
	return tensor.detach().resolveConj().resolveNeg();
}
