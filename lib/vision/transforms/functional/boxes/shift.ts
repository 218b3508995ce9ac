import { tensor } from "../../../../tensor/creation.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import type { BoundingBoxes } from "../../../tvTensors/boundingBoxes.ts";

/** What is to be added to boxes that move by (x, y): [K]. */
export function shiftOf(boxes: BoundingBoxes, x: number, y: number): Tensor {
	const { dtype, device } = boxes;
	const shift = {
		XYXY: [x, y, x, y],
		XYWH: [x, y, 0, 0],
		CXCYWH: [x, y, 0, 0],
		XYWHR: [x, y, 0, 0, 0],
		CXCYWHR: [x, y, 0, 0, 0],
		XYXYXYXY: [x, y, x, y, x, y, x, y],
	}[boxes.format];
	return tensor(shift, { dtype, device });
}
