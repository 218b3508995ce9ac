import { pinMemory } from "../generated/functions.ts";
import { isTensor } from "../handle.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** @internal A batch with its tensors in pinned memory; other objects are asked for it, if they have `pinMemory()`. */
export function pinned(batch: unknown): unknown {
	if (typeof batch !== "object" || batch === null) return batch;
	if (isTensor(batch)) return pinMemory(batch as Tensor);
	if (Array.isArray(batch)) return batch.map(pinned);
	const own = (batch as { pinMemory?: () => unknown }).pinMemory;
	if (typeof own === "function") return own.call(batch);
	const prototype = Object.getPrototypeOf(batch) as object | null;
	if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
		return batch;
	return Object.fromEntries(
		Object.entries(batch).map(([key, value]) => [key, pinned(value)]),
	);
}
