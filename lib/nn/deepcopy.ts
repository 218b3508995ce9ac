import * as check from "../check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Buffer, isUninitialized, Parameter } from "./parameter.ts";

export const deepcopied: unique symbol = Symbol("deepcopied");

/** What knows how to copy itself: it tells `remember` an empty copy, and fills that with copies. */
export interface DeepCopyable {
	[deepcopied](
		copy: <T>(value: T) => T,
		remember: (empty: unknown) => void,
	): unknown;
}

/**
 * `value` with all that it holds copied: modules, tensors, arrays, maps, sets and plain objects, at any depth. What is there twice, such
 * as a weight that two layers share, is twice the same copy. Functions and other objects are shared.
 *
 * @throws TorchError for a tensor that autograd has computed, as in PyTorch: detach it first
 */
export function deepcopy<T>(value: T): T {
	const copies = new Map<unknown, unknown>();
	const copy = <V>(original: V): V => {
		const known = copies.get(original);
		if (known !== undefined) return known as V;
		const isHeld =
			(typeof original === "object" && original !== null) ||
			typeof original === "function";
		if (!isHeld) return original;
		const made = copyOf(original, copy, (empty) => copies.set(original, empty));
		copies.set(original, made);
		return made as V;
	};
	return copy(value);
}

/** A copy of one object. `remember` is told an empty one first where it may hold itself. */
function copyOf(
	original: unknown,
	copy: <T>(value: T) => T,
	remember: (empty: unknown) => void,
): unknown {
	if (original instanceof Tensor) return copyOfTensor(original, copy);
	if (deepcopied in (original as object))
		return (original as DeepCopyable)[deepcopied](copy, remember);
	if (Array.isArray(original)) {
		const made: unknown[] = [];
		remember(made);
		for (const each of original) made.push(copy(each));
		return made;
	}
	if (original instanceof Map) {
		const made = new Map<unknown, unknown>();
		remember(made);
		for (const [key, each] of original) made.set(key, copy(each));
		return made;
	}
	if (original instanceof Set) {
		const made = new Set<unknown>();
		remember(made);
		for (const each of original) made.add(copy(each));
		return made;
	}
	if (typeof original !== "object") return original;
	const prototype: unknown = Object.getPrototypeOf(original);
	if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
		return original;
	const made: Record<string, unknown> = {};
	remember(made);
	for (const [key, each] of Object.entries(original as object))
		made[key] = copy(each);
	return made;
}

function copyOfTensor(original: Tensor, copy: <T>(value: T) => T): Tensor {
	if (!original.isLeaf)
		throw check.invalidValue(
			"deepcopy",
			"value",
			"a tensor that autograd has computed cannot be copied deeply; detach it first",
		);
	const data = original.data.clone();
	const { requiresGrad } = original;
	let made: Tensor;
	if (original instanceof Parameter)
		made = new Parameter(data, { requiresGrad });
	else if (original instanceof Buffer)
		made = new Buffer(data, { persistent: original.persistent });
	else made = data.requiresGrad_(requiresGrad);
	if (isUninitialized(original))
		Object.setPrototypeOf(made, Object.getPrototypeOf(original));
	if (original.grad !== null) made.grad = copy(original.grad);
	return made;
}
