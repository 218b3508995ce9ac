/** Autograd's graph, node by node. */
import { inspect } from "node:util";
import { type NodeSlot, native, type Slot } from "../binding.ts";
import * as check from "../check.ts";
import { isTensor, slotOf } from "../handle.ts";
import { type RemovableHandle, removable } from "../removable.ts";
import type { Tensor } from "./tensor.ts";

/** Gradients of several tensors; null where there is none. */
export type GradientList = (Tensor | null)[];

type Register<Arguments extends unknown[]> = (
	node: NodeSlot,
	call: (...args: Arguments) => (Slot | null)[] | null,
) => void;

/** The node that made a tensor, or null for a leaf. */
export function nodeOf(tensor: Tensor): GraphNode | null {
	const slot = slotOf(tensor);
	if (native.gradNodeId(slot) === null) return null;
	return (
		(native.knownNode(slot) as GraphNode | null) ??
		new GraphNode((object) => native.gradNode(object, slot))
	);
}

/**
 * A node of the graph that operators record: what `tensor.gradFn` is.
 *
 * @see https://docs.pytorch.org/docs/stable/autograd.html#autograd-graph
 * @example
 * const x = torch.ones([2], { requiresGrad: true });
 * const node = x.exp().sum().gradFn;
 * node?.name(); // "SumBackward0"
 * node?.nextFunctions[0]?.[0]?.name(); // "ExpBackward0"
 */
export class GraphNode {
	readonly #slot: NodeSlot;
	/** Yours to fill, as in Python. */
	readonly metadata: Record<string, unknown> = {};

	constructor(hold: (object: object) => NodeSlot) {
		this.#slot = hold(this);
	}

	/** "AddBackward0", "torch::autograd::AccumulateGrad", … */
	name(): string {
		return native.nodeName(this.#slot);
	}

	/** Where its gradients go: nodes, and which of their outputs each goes to; null where none is needed. */
	get nextFunctions(): [node: GraphNode | null, output: number][] {
		return native
			.nextNodes(this.#slot)
			.map(([node, output], k) => [
				node === true
					? new GraphNode((object) => native.nextNode(object, this.#slot, k))
					: (node as GraphNode | null),
				output,
			]);
	}

	/** Of a leaf's node, "torch::autograd::AccumulateGrad": the leaf whose `grad` it adds to. Else null. */
	get variable(): Tensor | null {
		return native.nodeVariable(this.#slot) as Tensor | null;
	}

	/** Calls `hook(gradInputs, gradOutputs)` after the node has run in a backward; what it returns, if anything, goes on instead of `gradInputs`. */
	registerHook(
		hook: (
			gradInputs: GradientList,
			gradOutputs: GradientList,
			// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return
		) => GradientList | Tensor | null | undefined | void,
	): RemovableHandle {
		return this.#register(
			"registerHook",
			native.registerNodeHook as Register<[GradientList, GradientList]>,
			hook,
		);
	}

	/** Calls `hook(gradOutputs)` before the node runs in a backward; what it returns, if anything, goes in instead. */
	registerPrehook(
		hook: (
			gradOutputs: GradientList,
			// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return
		) => GradientList | Tensor | null | undefined | void,
	): RemovableHandle {
		return this.#register(
			"registerPrehook",
			native.registerNodePreHook as Register<[GradientList]>,
			hook,
		);
	}

	#register<Arguments extends unknown[]>(
		op: string,
		register: Register<Arguments>,
		hook: (...args: Arguments) => unknown,
	): RemovableHandle {
		check.callable(op, "hook", hook);
		let current: ((...args: Arguments) => unknown) | null = hook;
		register(this.#slot, (...args) => slotsOf(op, current?.(...args)));
		return removable(() => {
			current = null;
		});
	}

	[inspect.custom](): string {
		return `<${this.name().split("::").at(-1)}>`;
	}
}

/** Slots of the gradients that a hook returned, null for nothing. */
function slotsOf(op: string, result: unknown): (Slot | null)[] | null {
	if (result === undefined || result === null) return null;
	const list: unknown[] = Array.isArray(result) ? result : [result];
	return list.map((item) => {
		if (item === null || item === undefined) return null;
		if (isTensor(item)) return slotOf(item);
		throw check.invalidType(op, "hook", "to return Tensors", item);
	});
}
