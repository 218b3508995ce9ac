import { full, pow } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A hyperparameter: a number, or a tensor of one element, to learn it or to change it inside a captured graph. */
export type Hyper = number | Tensor;

export function hyperValue(x: Hyper): number {
	return typeof x === "number" ? x : Number(x.item());
}

/** For operators that take tensors or numbers at the same place, but are typed as two overloads. */
export function operand(x: Hyper): Tensor {
	return x as Tensor;
}

// The arithmetic that formulas need, in Python's order of operations where a side is a tensor.

export function oneMinus(x: Hyper): Hyper {
	return typeof x === "number" ? 1 - x : x.rsub(1);
}

export function negative(x: Hyper): Hyper {
	return typeof x === "number" ? -x : x.neg();
}

export function plus(a: Hyper, b: Hyper): Hyper {
	if (typeof a !== "number") return a.add(operand(b));
	return typeof b === "number" ? a + b : b.add(a);
}

export function minus(a: Hyper, b: Hyper): Hyper {
	if (typeof a !== "number") return a.sub(operand(b));
	return typeof b === "number" ? a - b : b.rsub(a);
}

export function times(a: Hyper, b: Hyper): Hyper {
	if (typeof a !== "number") return a.mul(operand(b));
	return typeof b === "number" ? a * b : b.mul(a);
}

export function over(a: Hyper, b: Hyper): Hyper {
	if (typeof a !== "number") return a.div(operand(b));
	return typeof b === "number" ? a / b : b.reciprocal().mul(a);
}

export function power(base: Hyper, exponent: Hyper): Hyper {
	if (typeof base !== "number") return base.pow(operand(exponent));
	return typeof exponent === "number" ? base ** exponent : pow(base, exponent);
}

export function squareRoot(x: Hyper): Hyper {
	return typeof x === "number" ? Math.sqrt(x) : x.sqrt();
}

/**
 * A number as what half precision is to be multiplied by. LibTorch rounds a plain number to the tensor's dtype before it multiplies (not so
 * when it divides or adds), where Python does not; a tensor without dimensions keeps it.
 */
export function multiplier(x: Tensor, factor: Hyper): Hyper {
	return typeof factor === "number" && /^(bfloat|float)16$/.test(x.dtype)
		? full([], factor, { dtype: "float64" })
		: factor;
}

/** x + factor · y, recorded for `factor` too if that wants a gradient */
export function plusScaled(x: Tensor, y: Tensor, factor: Hyper): Tensor {
	return typeof factor !== "number" && factor.requiresGrad
		? x.addcmul(y.clone(), factor)
		: x.add(y, { alpha: hyperValue(factor) });
}

/** x ← (1 - lr · weightDecay) x */
export function shrink_(x: Tensor, lr: Hyper, weightDecay: Hyper): void {
	x.mul_(operand(multiplier(x, oneMinus(times(lr, weightDecay)))));
}

/** x ← x - factor · y, recorded for `factor` too if that wants a gradient */
export function minusScaled_(x: Tensor, y: Tensor, factor: Hyper): void {
	if (typeof factor !== "number" && factor.requiresGrad)
		x.addcmul_(y, factor, { value: -1 });
	else x.add_(y, { alpha: -hyperValue(factor) });
}
