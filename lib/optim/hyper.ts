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
	if (typeof exponent !== "number") return pow(base, exponent);
	return Number.isInteger(exponent) && exponent >= 0
		? integerPower(base, exponent)
		: base ** exponent;
}

/**
 * base^n as it rounds, which C's pow gives and JavaScript's `**` does not always: the last bit of 0.999^n is the tenth digit of a double's
 * 1 - 0.999^n. Numbers are pairs here, a double and what it lacks (Dekker, 1971).
 */
function integerPower(base: number, n: number): number {
	let [result, resultRest] = [1, 0];
	let [factor, factorRest] = [base, 0];
	for (let left = n; left > 0; left = Math.floor(left / 2)) {
		if (left % 2 === 1)
			[result, resultRest] = product(result, resultRest, factor, factorRest);
		[factor, factorRest] = product(factor, factorRest, factor, factorRest);
	}
	return result + resultRest;
}

function product(
	a: number,
	aRest: number,
	b: number,
	bRest: number,
): [number, number] {
	const [aHigh, aLow] = split(a);
	const [bHigh, bLow] = split(b);
	const whole = a * b;
	const error =
		aHigh * bHigh - whole + aHigh * bLow + aLow * bHigh + aLow * bLow;
	const rest = error + a * bRest + aRest * b;
	const sum = whole + rest;
	return [sum, rest - (sum - whole)];
}

/** Two halves of a double, of 26 bits each. */
function split(x: number): [number, number] {
	const scaled = x * (2 ** 27 + 1);
	const high = scaled - (scaled - x);
	return [high, x - high];
}

export function squareRoot(x: Hyper): Hyper {
	return typeof x === "number" ? Math.sqrt(x) : x.sqrt();
}

/**
 * A number as what half precision is to be multiplied by. On the CPU LibTorch rounds a plain number to the tensor's dtype before it multiplies (not so
 * when it divides or adds), where Python does not; a tensor without dimensions keeps it.
 */
export function multiplier(x: Tensor, factor: Hyper): Hyper {
	const isHalf = /^(bfloat|float)16$/.test(x.dtype) && x.device === "cpu";
	return typeof factor === "number" && isHalf
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
