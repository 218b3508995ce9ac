/** What backward and autograd.grad take: tensors, their gradients, and options; checked, as slots. */
import { native, type Slot } from "../binding.ts";
import * as check from "../check.ts";
import { isTensor, slotOf } from "../handle.ts";
import { watched } from "./anomaly.ts";
import type { Tensor } from "./tensor.ts";

/** One tensor or several. */
export type Tensors = Tensor | readonly Tensor[];
/** A gradient for each tensor; null for one that has one element and weighs 1. */
export type Gradients = Tensor | readonly (Tensor | null)[] | null;

export function slotsOf(op: string, argument: string, value: Tensors): Slot[] {
	const tensors = (Array.isArray(value) ? value : [value]) as Tensor[];
	return tensors.map((tensor) => {
		if (!isTensor(tensor))
			throw check.invalidType(op, argument, "Tensor or Tensor[]", tensor);
		return slotOf(tensor);
	});
}

/** Slots of tensors of which there must be one at least. */
export function slotsOfInputs(op: string, value: Tensors): Slot[] {
	const slots = slotsOf(op, "inputs", value);
	if (slots.length === 0)
		throw check.invalidValue(op, "inputs", "expected one tensor or more");
	return slots;
}

export function slotsOfGradients(
	op: string,
	argument: string,
	value: Gradients | undefined,
): (Slot | null)[] | null {
	if (value === null || value === undefined) return null;
	const gradients = Array.isArray(value) ? value : [value];
	return gradients.map((gradient: Tensor | null) => {
		if (gradient !== null && !isTensor(gradient))
			throw check.invalidType(op, argument, "Tensor or null", gradient);
		return gradient && slotOf(gradient);
	});
}

export interface GraphOptions {
	/** Keep the graph for another backward. Default: the value of `createGraph`. */
	retainGraph?: boolean;
	/** Record the computation of the gradients, for gradients of them. Default: false. */
	createGraph?: boolean;
}

export interface AccumulateOptions extends GraphOptions {
	/** Accumulate into these only. Default: into every leaf that the graph reaches. */
	inputs?: Tensors;
}

/** Adds the gradients of tensors to the `grad` of what they were computed from. */
export function accumulate(
	tensors: Slot[],
	gradients: (Slot | null)[] | null,
	{ createGraph = false, retainGraph = createGraph, inputs }: AccumulateOptions,
): void {
	const into = inputs === undefined ? null : slotsOfInputs("backward", inputs);
	watched(() =>
		native.backward(tensors, gradients, retainGraph, createGraph, into),
	);
}
