import { where } from "../../../../generated/functions.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { columnsOf, fromColumns } from "./columns.ts";
import { length, wide } from "./convert.ts";

/**
 * Rectangles instead of the parallelograms that resizing and shearing make of rotated boxes, [N, 8]: the two corners of the longer diagonal
 * stay, the others move.
 */
export function rectangles(parallelograms: Tensor): Tensor {
	const [x1, y1, x2, y2, x3, y3, x4, y4] = columnsOf(wide(parallelograms), 8);
	const cx = x1.add(x3).div(2);
	const cy = y1.add(y3).div(2);

	const wide12 = length(x2.sub(x1), y2.sub(y1));
	const wide14 = length(x4.sub(x1), y4.sub(y1));
	const angle12 = y1.sub(y2).atan2(x2.sub(x1));
	const angle14 = y1.sub(y4).atan2(x4.sub(x1));
	const between = angle12.sub(angle14);
	const sign = between
		.gt(Math.PI / 2)
		.to(between.dtype)
		.mul(-2)
		.add(1);
	const [c, s] = [between.cos(), between.sin()];

	const w = where(
		wide12.lt(wide14),
		wide12.mul(s),
		wide12.add(wide14.mul(c).mul(sign)),
	);
	const h = where(
		wide12.gt(wide14),
		wide14.mul(s),
		wide14.add(wide12.mul(c).mul(sign)),
	);
	const angle = where(wide14.gt(wide12), angle14.add(Math.PI / 2), angle12);
	const [cos, sin] = [angle.cos(), angle.sin()];

	const [wc, ws] = [w.div(2).mul(cos), w.div(2).mul(sin)];
	const [hc, hs] = [h.div(2).mul(cos), h.div(2).mul(sin)];
	return fromColumns([
		cx.sub(wc).sub(hs),
		cy.sub(hc).add(ws),
		cx.add(wc).sub(hs),
		cy.sub(hc).sub(ws),
		cx.add(wc).add(hs),
		cy.add(hc).sub(ws),
		cx.sub(wc).add(hs),
		cy.add(hc).add(ws),
	]).to(parallelograms.dtype);
}
