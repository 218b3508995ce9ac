import * as check from "../../../../check.ts";
import { cat } from "../../../../generated/functions.ts";
import { scope } from "../../../../tensor/scope.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import {
	BoundingBoxes,
	type BoundingBoxFormat,
	boundingBoxFormats,
	isRotatedBoundingFormat,
} from "../../../tvTensors/boundingBoxes.ts";
import { wrap } from "../../../tvTensors/wrap.ts";
import { columnsOf, fromColumns, turns } from "./columns.ts";

/**
 * Boxes in another format; rotated boxes stay rotated, others not.
 *
 * ```ts
 * const boxes = new BoundingBoxes([[10, 20, 50, 60]], { format: "XYXY", canvasSize: [100, 80] });
 * convertBoundingBoxFormat(boxes, "CXCYWH").tolist(); // [[30, 40, 40, 40]]
 * ```
 */
export function convertBoundingBoxFormat(
	boxes: BoundingBoxes,
	format: BoundingBoxFormat,
): BoundingBoxes {
	const op = "convertBoundingBoxFormat";
	checkBoxes(op, boxes);
	check.oneOf(op, "format", format, boundingBoxFormats);
	if (
		isRotatedBoundingFormat(format) !== isRotatedBoundingFormat(boxes.format)
	) {
		throw check.invalidValue(
			op,
			"format",
			`expected a format of ${isRotatedBoundingFormat(boxes.format) ? "rotated boxes" : "boxes that are not rotated"}, as "${boxes.format}" is, got "${format}"`,
		);
	}
	if (format === boxes.format) return boxes;
	return scope(() =>
		wrap(convert(boxes, boxes.format, format), boxes, { format }),
	);
}

/** @internal */
export function checkBoxes(op: string, boxes: unknown): void {
	if (boxes instanceof BoundingBoxes) return;
	throw check.invalidType(op, "boxes", "BoundingBoxes", boxes);
}

/** @internal Boxes [N, K] from one format to another of the same family; the boxes themselves where nothing changes. */
export function convert(
	boxes: Tensor,
	from: BoundingBoxFormat,
	to: BoundingBoxFormat,
): Tensor {
	if (from === to) return boxes;
	const direct = steps[`${from} ${to}`];
	if (direct) return direct(boxes);
	const middle = isRotatedBoundingFormat(from) ? "XYWHR" : "XYXY";
	return convert(convert(boxes, from, middle), middle, to);
}

/** What torchvision does without a step between; the order of operations is its own, for the same last bit. */
const steps: { readonly [fromTo: string]: (boxes: Tensor) => Tensor } = {
	"XYWH XYXY": (boxes) => {
		const [xy, wh] = halves(boxes);
		return cat([xy, wh.add(xy)], -1);
	},
	"XYXY XYWH": (boxes) => {
		const [xy, end] = halves(boxes);
		return cat([xy, end.sub(xy)], -1);
	},
	"XYWH CXCYWH": (boxes) => {
		const [xy, wh] = halves(boxes);
		return cat([xy.add(half(wh)), wh], -1);
	},
	"XYXY CXCYWH": (boxes) => {
		const [xy, end] = halves(boxes);
		const wh = end.sub(xy);
		return cat([half(xy.mul(2).add(wh)), wh], -1);
	},
	"CXCYWH XYXY": (boxes) => {
		const [center, wh] = halves(
			boxes.isFloatingPoint() ? boxes : boxes.float(),
		);
		const xy = center.sub(wh.div(2));
		return cat([xy, wh.add(xy)], -1).to(boxes.dtype);
	},
	"CXCYWH XYWH": (boxes) => {
		const [center, wh] = halves(
			boxes.isFloatingPoint() ? boxes : boxes.float(),
		);
		const xy = center.sub(wh.div(2));
		if (boxes.isFloatingPoint()) return cat([xy, wh], -1);
		const whole = xy.to(boxes.dtype);
		return cat([whole, xy.add(wh).to(boxes.dtype).sub(whole)], -1);
	},
	"CXCYWHR XYWHR": (boxes) => {
		const [cx, cy, w, h, r] = columnsOf(boxes, 5);
		const { cos, sin } = turns(r);
		const [hw, hh] = [w.div(-2).abs(), h.div(-2).abs()];
		const x = cx.sub(hw.mul(cos)).sub(hh.mul(sin));
		const y = cy.add(hw.mul(sin)).sub(hh.mul(cos));
		return fromColumns([x, y, w, h, r]);
	},
	"XYWHR CXCYWHR": (boxes) => {
		const [x, y, w, h, r] = columnsOf(boxes, 5);
		const { cos, sin } = turns(r);
		const [hw, hh] = [w.div(-2).abs(), h.div(-2).abs()];
		const cx = x.add(hw.mul(cos)).add(hh.mul(sin));
		const cy = y.sub(hw.mul(sin)).add(hh.mul(cos));
		return fromColumns([cx, cy, w, h, r]);
	},
	"XYWHR XYXYXYXY": (boxes) => {
		const [x, y, w, h, r] = columnsOf(boxes, 5);
		const { cos, sin } = turns(r);
		const [wc, ws, hc, hs] = [w.mul(cos), w.mul(sin), h.mul(cos), h.mul(sin)];
		return fromColumns([
			x,
			y,
			x.add(wc),
			y.sub(ws),
			x.add(wc.add(hs)),
			y.sub(ws.sub(hc)),
			x.add(hs),
			y.add(hc),
		]);
	},
	"XYXYXYXY XYWHR": (boxes) => {
		const [x1, y1, x2, y2, x3, y3] = columnsOf(wide(boxes), 8);
		const r = y1.sub(y2).atan2(x2.sub(x1)).div(Math.PI).mul(180);
		const w = length(x2.sub(x1), y2.sub(y1));
		const h = length(x3.sub(x2), y3.sub(y2));
		return fromColumns([x1, y1, w, h, r]).to(boxes.dtype);
	},
};

/** The first two columns, and the others. */
function halves(boxes: Tensor): [Tensor, Tensor] {
	return [boxes.slice(-1, 0, 2), boxes.slice(-1, 2)];
}

/** Whole numbers stay whole. */
function half(x: Tensor): Tensor {
	return x.isFloatingPoint() ? x.div(2) : x.div(2, { roundingMode: "floor" });
}

/** @internal In a dtype that holds squares. */
export function wide(boxes: Tensor): Tensor {
	return boxes.dtype === "float64" ? boxes : boxes.float();
}

/** @internal */
export function length(x: Tensor, y: Tensor): Tensor {
	return x.pow(2).add(y.pow(2)).sqrt();
}
