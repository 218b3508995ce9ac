/** Freeing tensors before the garbage collector would: nobody has to, but it lowers the peak. */
import { isPromise } from "node:util/types";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { collectMade, isTensor, slotOf, type TensorHandle } from "../handle.ts";
import type { Tensor } from "./tensor.ts";

const kept = new WeakSet<TensorHandle>();

/**
 * Lets a tensor outlive every `scope` that it is made in. Returns it.
 *
 * @example
 * let total = torch.keep(torch.zeros([]));
 */
export function keep<T extends Tensor>(tensor: T): T {
	if (!isTensor(tensor))
		throw check.invalidType("keep", "tensor", "Tensor", tensor);
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

/** What an async function does after its first `await` is outside of whatever it was called in. */
export function refusePromise(op: string, result: unknown): void {
	if (isPromise(result))
		throw check.invalidValue(op, "fn", "expected a function that is not async");
}

/**
 * Runs `fn` and frees at once the tensors that it made, but those that it returns (also within arrays and objects) and those given to `keep`.
 * What autograd saved for backward lives on. Scopes may be nested.
 *
 * `fn` must not be async: tensors of other code that runs meanwhile would go, too.
 *
 * @returns what `fn` returned
 * @throws what `fn` throws, after its tensors are gone; TorchError `ERR_INVALID_ARG_VALUE` where `fn` is async
 * @example
 * const y = torch.scope(() => {
 *   const x = torch.randn([1000, 1000]);
 *   return x.matmul(x).sum();
 * }); // x and the product are gone
 */
export function scope<T>(fn: () => T): T {
	check.callable("scope", "fn", fn);
	const made: TensorHandle[] = [];
	const before = collectMade(made);
	let result: T | undefined;
	try {
		result = fn();
		refusePromise("scope", result);
		return result;
	} finally {
		leave(made, before, result);
	}
}

/**
 * @internal A scope that ends in two steps, for loops that wait in between: what `fn` returned lives until `release`.
 */
export function heldScope<T>(fn: () => T): { result: T; release: () => void } {
	const held: TensorHandle[] = [];
	const before = collectMade(held);
	try {
		const result = scope(fn);
		const release = () => {
			for (const tensor of held)
				if (!kept.has(tensor)) native.dispose(slotOf(tensor));
		};
		return { result, release };
	} finally {
		collectMade(before);
	}
}

/**
 * What this thread's Tensor objects hold: how many objects there are (one that is disposed of counts until it is collected), and their
 * bytes on all devices. Each storage counts once, those under 4 KB by a flat 512 bytes for each tensor.
 *
 * @example
 * const { tensors, bytes } = torch.memoryUsage();
 */
export function memoryUsage(): { tensors: number; bytes: number } {
	return native.memory();
}
