/** Freeing tensors before the garbage collector would: nobody has to, but it lowers the peak. */
import { native } from "../binding.ts";
import { collectMade, isTensor, slotOf, type TensorHandle } from "../handle.ts";
import type { Tensor } from "./tensor.ts";

const kept = new WeakSet<TensorHandle>();

/** Lets a tensor outlive the `scope` that it is made in. Returns it. */
export function keep<T extends Tensor>(tensor: T): T {
	kept.add(tensor);
	return tensor;
}

/** Tensors within what `fn` returned: in arrays, plain objects, maps and sets. */
function markReachable(value: unknown, seen: Set<unknown>): void {
	if (typeof value !== "object" || value === null || seen.has(value)) return;
	seen.add(value);
	if (isTensor(value) || ArrayBuffer.isView(value)) return;
	const items =
		value instanceof Map
			? [...value.keys(), ...value.values()]
			: value instanceof Set
				? [...value]
				: Object.values(value);
	for (const item of items) markReachable(item, seen);
}

function leave(
	made: TensorHandle[],
	before: TensorHandle[] | null,
	result: unknown,
): void {
	collectMade(before);
	const reachable = new Set<unknown>();
	markReachable(result, reachable);
	for (const tensor of made) {
		if (kept.has(tensor)) continue;
		if (reachable.has(tensor)) before?.push(tensor);
		else native.dispose(slotOf(tensor));
	}
}

/**
 * Runs `fn` and frees at once the tensors that it made, but those that it returns (also within arrays and objects) and those given to `keep`.
 * What autograd saved for backward lives on. Scopes may be nested.
 *
 * `fn` must not be async: tensors of other code that runs meanwhile would go, too.
 *
 * @example
 * const y = torch.scope(() => {
 *   const x = torch.randn([1000, 1000]);
 *   return x.matmul(x).sum();
 * }); // x and the product are gone
 */
export function scope<T>(fn: () => T): T {
	const made: TensorHandle[] = [];
	const before = collectMade(made);
	let result: T | undefined;
	try {
		result = fn();
		return result;
	} finally {
		leave(made, before, result);
	}
}

/** What this thread's Tensor objects hold: how many there are, and their bytes, each storage counted once. */
export function memoryUsage(): { tensors: number; bytes: number } {
	return native.memory();
}
