import {
	arange,
	stack,
	where,
	zerosLike,
} from "../../../../generated/functions.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import type { CanvasSize } from "../../../tvTensors/tvTensor.ts";
import { columnsOf, fromColumns } from "./columns.ts";

/**
 * Rotated boxes [N, 8], kept within the image with their angles: the left edge is clamped, the whole turned by 90°, and so on around. "soft" gives the
 * smallest box around what lies inside, "hard" the largest one within it.
 */
export function clampRotated(
	boxes: Tensor,
	canvas: CanvasSize,
	mode: "soft" | "hard",
): Tensor {
	let current = boxes;
	let original = boxes;
	let [height, width] = canvas;
	for (let side = 0; side < 4; side++) {
		const order = leftmostFirst(current);
		const reorder = (x: Tensor): Tensor => x.gather(1, order);
		const before = reorder(original);
		const clamped = clampLeft(reorder(current), before, [height, width], mode);
		current = quarterTurn(reorder(clamped), width);
		original = quarterTurn(reorder(before), width);
		[height, width] = [width, height];
	}
	return current;
}

/** Columns in an order that begins with the corner farthest to the left, of those the uppermost: [N, 8]. */
function leftmostFirst(boxes: Tensor): Tensor {
	const [x, y] = coordinates(boxes);
	const highest = y.abs().amax([1], true);
	const widest = x.abs().amax([1], true);
	const place = y.div(highest).add(x.div(widest).mul(100));
	const [, first] = place.min(1) as [Tensor, Tensor];
	const { device } = boxes;
	const columns = arange(0, 8, { dtype: "int64", device });
	return first.mul(2).unsqueeze(1).add(columns).remainder(8);
}

function coordinates(boxes: Tensor): [x: Tensor, y: Tensor] {
	return [boxes.slice(1, 0, null, 2), boxes.slice(1, 1, null, 2)];
}

/** [N, 8] of x and y, each [N, 4]. */
function corners(x: Tensor, y: Tensor): Tensor {
	return stack([x, y], -1).flatten(1);
}

/** Counter-clockwise. */
function quarterTurn(boxes: Tensor, width: number): Tensor {
	const [x, y] = coordinates(boxes);
	return corners(y, x.neg().add(width));
}

/** The lines y = a · x + b from each corner to the next, [N, 4]. */
function lines(boxes: Tensor): { a: Tensor; b: Tensor } {
	const [x, y] = coordinates(boxes);
	const rise = (t: Tensor): Tensor => t.roll([-1], [1]).sub(t);
	const a = rise(y).div(rise(x));
	return { a, b: y.sub(a.mul(x)) };
}

/** Where each line meets the one before it. */
function intersections(a: Tensor, b: Tensor): Tensor {
	const step = (t: Tensor): Tensor => t.sub(t.roll([1], [1]));
	const x = step(b).neg().div(step(a));
	return corners(x, a.mul(x).add(b));
}

function clampLeft(
	boxes: Tensor,
	original: Tensor,
	canvas: CanvasSize,
	mode: "soft" | "hard",
): Tensor {
	const { a } = lines(boxes);
	const moved = intersections(a, clampLines(boxes, original, canvas, mode));
	const [x1, y1, x2, y2, x3, y3, x4, y4] = columnsOf(boxes, 8);
	const cut = fromColumns([
		x1.clampMin(0),
		y1,
		x2,
		y2,
		x3,
		y3,
		x4.clampMin(0),
		y4,
	]);
	const outside = (x: Tensor): Tensor => x.le(0);
	const upright = y1.isclose(y2).logicalOr(y3.isclose(y4));
	const gone = outside(x1)
		.logicalAnd(outside(x2))
		.logicalAnd(outside(x3))
		.logicalAnd(outside(x4))
		.logicalOr(y1.isclose(y4))
		.logicalOr(y2.isclose(y3))
		.logicalOr(upright.logicalAnd(x1.isclose(x2)));
	const slanted = x1.lt(0).logicalAnd(moved.isnan().any(-1).logicalNot());
	const choose = (when: Tensor, then: Tensor, other: Tensor): Tensor =>
		where(when.unsqueeze(1), then, other);
	return choose(
		gone,
		zerosLike(boxes),
		choose(upright, cut, choose(slanted, moved, boxes)),
	);
}

/** b of the four lines, such that they meet within the image's left edge. */
function clampLines(
	boxes: Tensor,
	original: Tensor,
	[height, width]: CanvasSize,
	mode: "soft" | "hard",
): Tensor {
	const { a, b } = lines(boxes);
	const [a1, a2, a3, a4] = columnsOf(a, 4);
	let [b1, b2, b3, b4] = columnsOf(b, 4);
	const [m1, m2, m3, m4] = columnsOf(lines(original).b, 4);
	const within = (x: Tensor, low: Tensor, high: Tensor): Tensor =>
		x.maximum(low).minimum(high);

	[b1, b4] = [
		within(b2, b1, b3).clamp(0, height),
		within(b3, b2, b4).clamp(0, height),
	];
	if (mode === "soft") {
		return fromColumns([
			within(b1, m1, m3),
			within(b2, m2, m4),
			within(b3, m1, m3),
			within(b4, m2, m4),
		]);
	}
	b1 = b1.add(b4).div(2);
	const upper = fromColumns([
		b1.mul(a2).div(a1), // at y = 0
		b3.mul(a2).div(a3),
		a1.sub(a2).mul(width).add(b1), // at x = width
		a3.sub(a2).mul(width).add(b3),
	]);
	b2 = upper.amax([1]).minimum(b2);
	const lower = fromColumns([
		below(a3, a4, b1, height),
		below(a3, a2, b2, height),
		a2.sub(a3).mul(width).add(b2), // at x = width
		a4.sub(a3).mul(width).add(b1),
	]);
	b3 = lower.amin([1]).maximum(b3);
	const both = within(within(b1, m1, m3), m2, m4); // torchvision's b1 and b4 are one tensor
	return fromColumns([both, within(b2, m2, m4), within(b3, m1, m3), both]);
}

/** At y = height. */
function below(a: Tensor, by: Tensor, b: Tensor, height: number): Tensor {
	const ratio = a.div(by);
	return ratio.neg().add(1).mul(height).add(b.mul(a).div(by));
}
