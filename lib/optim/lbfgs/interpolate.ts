import {
	type Hyper,
	hyperValue,
	minus,
	over,
	plus,
	squareRoot,
	times,
} from "../hyper.ts";

// Numbers here are the parameters' own where they come from tensors, as in Python: float32 is not computed in float64.

/** Python's min and max: the first of equals. */
export function least(a: Hyper, b: Hyper): Hyper {
	return hyperValue(b) < hyperValue(a) ? b : a;
}

export function greatest(a: Hyper, b: Hyper): Hyper {
	return hyperValue(b) > hyperValue(a) ? b : a;
}

/** A place on the line: how far, the loss there, and the derivative along the line. */
export interface Place {
	at: Hyper;
	loss: number;
	slope: Hyper;
}

/** The minimum between the bounds of the cubic that has the losses and derivatives of two places. Bounds: by default the places. */
export function cubicMinimum(
	a: Place,
	b: Place,
	bounds?: [Hyper, Hyper],
): Hyper {
	const isOrdered = hyperValue(a.at) <= hyperValue(b.at);
	const [from, to] = bounds ?? (isOrdered ? [a.at, b.at] : [b.at, a.at]);
	const d1 = minus(
		plus(a.slope, b.slope),
		over(3 * (a.loss - b.loss), minus(a.at, b.at)),
	);
	const square = minus(times(d1, d1), times(a.slope, b.slope));
	if (!(hyperValue(square) >= 0)) return over(plus(from, to), 2);
	const d2 = squareRoot(square);
	const [low, high] = isOrdered ? [a, b] : [b, a];
	// high - (high - low) (s₂ + d₂ - d₁) / (s₂ - s₁ + 2 d₂), s₂ the derivative at the further place
	const share = over(
		minus(plus(high.slope, d2), d1),
		plus(minus(high.slope, low.slope), times(2, d2)),
	);
	const minimum = minus(high.at, times(minus(high.at, low.at), share));
	return least(greatest(minimum, from), to);
}
