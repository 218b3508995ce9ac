/** Tensors in memory that all threads see: how data gets to workers and batches get back, without passing through messages. */
import { native } from "../../binding.ts";
import * as check from "../../check.ts";
import { isTensor, slotOf } from "../../handle.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { storageOf, type TypedArray } from "../../tensor/typedArray.ts";
import type { DType } from "../../types.ts";
import type { PackedTensor } from "./pack.ts";

type ViewClass = {
	new (buffer: SharedArrayBuffer, offset: number, length: number): TypedArray;
	readonly BYTES_PER_ELEMENT: number;
};

/** Bytes of a tensor. */
export function bytesOf(shape: readonly number[], dtype: DType): number {
	const { array, width } = storageOf("DataLoader", dtype);
	const size = (array as unknown as ViewClass).BYTES_PER_ELEMENT * width;
	return shape.reduce((n, side) => n * side, size);
}

/** The array over shared memory that a tensor of this shape and dtype lies in. */
export function viewOf(
	buffer: SharedArrayBuffer,
	offset: number,
	shape: readonly number[],
	dtype: DType,
): TypedArray {
	const { array, width } = storageOf("DataLoader", dtype);
	const count = shape.reduce((n, side) => n * side, width);
	return new (array as unknown as ViewClass)(buffer, offset, count);
}

interface Region {
	begin: number;
	end: number;
	buffer: WeakRef<SharedArrayBuffer>;
}

/** Memory that `shareMemory` made, by address: views of such tensors are found, too. */
let regions: Region[] = [];

/** Where a contiguous tensor lies, if that is shared memory. */
export function sharedPlaceOf(
	x: Tensor,
): { buffer: SharedArrayBuffer; offset: number } | undefined {
	const at = Number(native.dataPointer(slotOf(x)));
	for (const { begin, end, buffer } of regions) {
		if (at < begin || at >= end) continue;
		const alive = buffer.deref(); // if not, others may have the address by now
		if (alive) return { buffer: alive, offset: at - begin };
	}
	return undefined;
}

/**
 * A copy of a tensor in memory that worker threads share: a DataLoader's workers use it as it is, and what one thread writes the others see.
 * Tensors that lie elsewhere are copied once when the workers start, so this is worth it for data that is as large as the memory.
 *
 * @param x any dense tensor on the CPU
 * @throws TorchError for what is no such tensor
 *
 * ```ts
 * const dataset = new TensorDataset(shareMemory(images), labels);
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.share_memory_.html
 */
export function shareMemory(x: Tensor): Tensor {
	if (!isTensor(x)) throw check.invalidType("shareMemory", "x", "Tensor", x);
	if (x.device !== "cpu" || x.layout !== "strided") {
		throw check.invalidValue(
			"shareMemory",
			"x",
			`expected a dense tensor on the CPU, got ${x.layout} on ${x.device}`,
		);
	}
	const { shape, dtype } = x;
	const buffer = new SharedArrayBuffer(bytesOf(shape, dtype));
	const shared = fromBlob(viewOf(buffer, 0, shape, dtype), shape, { dtype });
	shared.copy_(x.detach());
	const begin = Number(native.dataPointer(slotOf(shared)));
	regions = regions.filter((region) => region.buffer.deref());
	regions.push({
		begin,
		end: begin + buffer.byteLength,
		buffer: new WeakRef(buffer),
	});
	return shared;
}

const copies = new WeakMap<Tensor, { version: number; shared: Tensor }>();

/** Where workers find a tensor: its own memory if that is shared, else a copy, which is made anew only when the tensor has changed. */
export function placeForWorkers(x: Tensor): PackedTensor {
	const { shape, dtype, requiresGrad } = x;
	if (x.isContiguous() && !x.isConj() && !x.isNeg()) {
		const place = sharedPlaceOf(x);
		if (place) return { ...place, shape, dtype, requiresGrad };
	}
	const version = x.isInference() ? 0 : native.version(slotOf(x));
	let copy = copies.get(x);
	if (copy?.version !== version) {
		copy = { version, shared: shareMemory(x) };
		copies.set(x, copy);
	}
	const place = sharedPlaceOf(copy.shared) ?? emptyPlace();
	return { ...place, shape, dtype, requiresGrad };
}

/** Tensors without elements have no address. */
const emptyPlace = () => ({ buffer: new SharedArrayBuffer(0), offset: 0 });
