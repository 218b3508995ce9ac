import type { Tensor } from "../../../tensor/tensor.ts";
import type { BoundingBoxes } from "../../tvTensors/boundingBoxes.ts";
import type { KeyPoints } from "../../tvTensors/keyPoints.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { columnsOf, fromColumns, turns } from "./boxes/columns.ts";
import { byKind } from "./kinds.ts";

/** Mirrors an image [..., C, H, W] left to right; or a mask, boxes or key points. */
export function horizontalFlip<T extends Tensor>(input: T): T {
	return byKind("horizontalFlip", input, {
		image: (image) => image.flip([-1]),
		boxes: flipBoxesHorizontally,
		keyPoints: (points) => flipPoints(points, 0),
	});
}

/** Mirrors an image [..., C, H, W] top to bottom; or a mask, boxes or key points. */
export function verticalFlip<T extends Tensor>(input: T): T {
	return byKind("verticalFlip", input, {
		image: (image) => image.flip([-2]),
		boxes: flipBoxesVertically,
		keyPoints: (points) => flipPoints(points, 1),
	});
}

/** Points are pixels: the last one has the number size - 1. Boxes are edges: the last one has the number size. */
function flipPoints(points: KeyPoints, axis: 0 | 1): KeyPoints {
	const size = points.canvasSize[1 - axis] as number;
	const columns = points.unbind(-1);
	columns[axis] = (columns[axis] as Tensor).sub(size - 1).neg();
	return wrap(fromColumns(columns), points);
}

/** size - x, in the order in which torchvision rounds. */
function mirrored(x: Tensor, size: number): Tensor {
	return x.sub(size).neg();
}

function flipBoxesHorizontally(boxes: BoundingBoxes): BoundingBoxes {
	const [, width] = boxes.canvasSize;
	return wrap(flippedHorizontally(boxes, width), boxes);
}

function flippedHorizontally(boxes: BoundingBoxes, width: number): Tensor {
	switch (boxes.format) {
		case "XYXY": {
			const [x1, y1, x2, y2] = columnsOf(boxes, 4);
			return fromColumns([mirrored(x2, width), y1, mirrored(x1, width), y2]);
		}
		case "XYWH": {
			const [x, y, w, h] = columnsOf(boxes, 4);
			return fromColumns([mirrored(x.add(w), width), y, w, h]);
		}
		case "CXCYWH": {
			const [x, y, w, h] = columnsOf(boxes, 4);
			return fromColumns([mirrored(x, width), y, w, h]);
		}
		case "XYXYXYXY": {
			const [x1, y1, x2, y2, x3, y3, x4, y4] = columnsOf(boxes, 8);
			const [m1, m2] = [mirrored(x1, width), mirrored(x2, width)];
			const [m3, m4] = [mirrored(x3, width), mirrored(x4, width)];
			return fromColumns([m2, y2, m1, y1, m4, y4, m3, y3]);
		}
		case "XYWHR": {
			const [x, y, w, h, r] = columnsOf(boxes, 5);
			const { cos, sin } = turns(r);
			const corner = mirrored(x.add(w.mul(cos)), width);
			return fromColumns([corner, y.sub(w.mul(sin)), w, h, r.neg()]);
		}
		case "CXCYWHR": {
			const [x, y, w, h, r] = columnsOf(boxes, 5);
			return fromColumns([mirrored(x, width), y, w, h, r.neg()]);
		}
	}
}

function flipBoxesVertically(boxes: BoundingBoxes): BoundingBoxes {
	const [height] = boxes.canvasSize;
	return wrap(flippedVertically(boxes, height), boxes);
}

function flippedVertically(boxes: BoundingBoxes, height: number): Tensor {
	switch (boxes.format) {
		case "XYXY": {
			const [x1, y1, x2, y2] = columnsOf(boxes, 4);
			return fromColumns([x1, mirrored(y2, height), x2, mirrored(y1, height)]);
		}
		case "XYWH": {
			const [x, y, w, h] = columnsOf(boxes, 4);
			return fromColumns([x, mirrored(y.add(h), height), w, h]);
		}
		case "CXCYWH": {
			const [x, y, w, h] = columnsOf(boxes, 4);
			return fromColumns([x, mirrored(y, height), w, h]);
		}
		case "XYXYXYXY": {
			const [x1, y1, x2, y2, x3, y3, x4, y4] = columnsOf(boxes, 8);
			const [m1, m2] = [mirrored(y1, height), mirrored(y2, height)];
			const [m3, m4] = [mirrored(y3, height), mirrored(y4, height)];
			return fromColumns([x2, m2, x1, m1, x4, m4, x3, m3]);
		}
		case "XYWHR": {
			const [x, y, w, h, r] = columnsOf(boxes, 5);
			const { cos, sin } = turns(r);
			const corner = mirrored(y.sub(w.mul(sin)), height);
			return fromColumns([x.add(w.mul(cos)), corner, w, h, r.neg().add(180)]);
		}
		case "CXCYWHR": {
			const [x, y, w, h, r] = columnsOf(boxes, 5);
			return fromColumns([x, mirrored(y, height), w, h, r.neg().add(180)]);
		}
	}
}
