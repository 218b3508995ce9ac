/** Hooks on tensors: functions that see, and may replace, their gradients. */
import { native, type Slot } from "../binding.ts";
import * as check from "../check.ts";
import { isTensor, slotOf } from "../handle.ts";
import { type RemovableHandle, removable } from "../removable.ts";
import type { Tensor } from "./tensor.ts";

/** Returns nothing, or the gradient to go on with. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return
export type TensorHook = (gradient: Tensor) => Tensor | null | undefined | void;

/** Functions that one native hook calls in turn: LibTorch's own list can neither shrink nor change while it is walked. */
class HookList<Hook> {
	hooks: readonly { readonly hook: Hook }[] = [];

	add(hook: Hook): RemovableHandle {
		const entry = { hook };
		this.hooks = [...this.hooks, entry];
		return removable(() => {
			this.hooks = this.hooks.filter((each) => each !== entry);
		});
	}
}

/** Of each tensor, and of which of its nodes: an operator in place gives it another. */
const lists = new WeakMap<
	Tensor,
	{ node: number | null; list: HookList<TensorHook> }
>();
const listsAfter = new WeakMap<Tensor, HookList<(leaf: Tensor) => void>>();

/** The slot of what a hook returned, null for nothing. */
function replacement(op: string, result: unknown): Slot | null {
	if (result === undefined || result === null) return null;
	if (isTensor(result)) return slotOf(result);
	throw check.invalidType(op, "hook", "to return Tensor or undefined", result);
}

function passOn(list: HookList<TensorHook>, first: Tensor): Slot | null {
	let gradient = first;
	let slot: Slot | null = null;
	for (const { hook } of list.hooks) {
		const result = hook(gradient);
		const replaced = replacement("registerHook", result);
		if (replaced === null) continue;
		slot = replaced;
		gradient = result as Tensor;
	}
	return slot;
}

/** A function of its own, so that it does not hold the tensor that holds it. */
function callAll(
	list: HookList<(leaf: Tensor) => void>,
): (leaf: object) => void {
	return (leaf) => {
		for (const { hook } of list.hooks) hook(leaf as Tensor);
	};
}

function passAll(
	list: HookList<TensorHook>,
): (gradient: object) => Slot | null {
	return (gradient) => passOn(list, gradient as Tensor);
}

export function registerHook(
	tensor: Tensor,
	hook: TensorHook,
): RemovableHandle {
	check.callable("registerHook", "hook", hook);
	const node = native.gradNodeId(slotOf(tensor));
	const known = lists.get(tensor);
	if (known !== undefined && known.node === node) return known.list.add(hook);
	const list = new HookList<TensorHook>();
	native.registerHook(slotOf(tensor), passAll(list));
	lists.set(tensor, { node, list });
	return list.add(hook);
}

export function registerPostAccumulateGradHook(
	tensor: Tensor,
	hook: (leaf: Tensor) => void,
): RemovableHandle {
	check.callable("registerPostAccumulateGradHook", "hook", hook);
	let list = listsAfter.get(tensor);
	if (list === undefined) {
		const own = new HookList<(leaf: Tensor) => void>();
		native.registerPostAccumulateGradHook(slotOf(tensor), callAll(own), tensor);
		list = own;
		listsAfter.set(tensor, list);
	}
	return list.add(hook);
}
