/** A function of any tensors as one of real tensors alone: complex numbers become pairs. */
import { viewAsComplex, viewAsReal } from "../../generated/functions.ts";
import { isTensor } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export type AnyFunction = (...inputs: never[]) => unknown;

export interface RealFunction {
	/** The inputs that gradients are checked of, as real tensors without a history. */
	readonly inputs: readonly Tensor[];
	/** Their places among the function's inputs. */
	readonly places: readonly number[];
	/** Its differentiable outputs for such inputs, as real tensors. */
	call(inputs: readonly Tensor[]): Tensor[];
}

export function asReal(tensor: Tensor): Tensor {
	return tensor.isComplex() ? viewAsReal(tensor.resolveConj()) : tensor;
}

/** The tensors among what a function returned whose dtype can have gradients. */
export function differentiable(result: unknown): Tensor[] {
	const list: unknown[] = Array.isArray(result) ? result : [result];
	return list.filter(
		(each) =>
			isTensor(each) &&
			((each as Tensor).isFloatingPoint() || (each as Tensor).isComplex()),
	) as Tensor[];
}

export function realFunction(
	fn: AnyFunction,
	inputs: readonly unknown[],
): RealFunction {
	const places = inputs.flatMap((input, i) =>
		isTensor(input) && (input as Tensor).requiresGrad ? [i] : [],
	);
	const originals = places.map((i) => inputs[i] as Tensor);
	return {
		places,
		inputs: originals.map((each) => asReal(each.detach()).clone()),
		call(values) {
			const given = [...inputs];
			for (const [k, i] of places.entries()) {
				const value = values[k] as Tensor;
				// a view, so that the function never changes what it was given
				given[i] = (originals[k] as Tensor).isComplex()
					? viewAsComplex(value)
					: value.viewAs(value);
			}
			return differentiable(fn(...(given as never[]))).map(asReal);
		},
	};
}
