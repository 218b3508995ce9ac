/** Boxes as rows of four numbers: "xyxy" (left, top, right, bottom), "xywh" (left, top, width, height) or "cxcywh" (centre and size). */

import { checkTensor } from "../../arguments.ts";
import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { stack, where, zeros } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";

/** How a box's four numbers are meant. */
export type BoxFormat = "xyxy" | "xywh" | "cxcywh";
const FORMATS: readonly BoxFormat[] = ["xyxy", "xywh", "cxcywh"];

/** Boxes [..., 4]; errors are `op`'s. */
export function checkBoxes(op: string, name: string, boxes: Tensor): void {
	checkTensor(op, name, boxes);
	if (boxes.dim() === 0 || boxes.size(-1) !== 4)
		throw check.invalidValue(
			op,
			name,
			`expected boxes [..., 4], got [${boxes.shape.join(", ")}]`,
		);
}

/** Integers and half precision would overflow or lose digits. */
function upcast(x: Tensor): Tensor {
	if (x.isFloatingPoint())
		return ["float32", "float64"].includes(x.dtype) ? x : x.to("float32");
	return ["int32", "int64"].includes(x.dtype) ? x : x.to("int32");
}

const columns = (boxes: Tensor) =>
	boxes.unbind(-1) as [Tensor, Tensor, Tensor, Tensor];

/** Boxes [..., 4] in another format. */
export function boxConvert(
	boxes: Tensor,
	inFmt: BoxFormat,
	outFmt: BoxFormat,
): Tensor {
	const op = "boxConvert";
	checkBoxes(op, "boxes", boxes);
	check.oneOf(op, "inFmt", inFmt, FORMATS);
	check.oneOf(op, "outFmt", outFmt, FORMATS);
	if (inFmt === outFmt) return boxes.clone();
	const corners = toCorners(boxes, inFmt);
	if (outFmt === "xyxy") return corners;
	const [x1, y1, x2, y2] = columns(corners);
	const [w, h] = [x2.sub(x1), y2.sub(y1)];
	return outFmt === "xywh"
		? stack([x1, y1, w, h], -1)
		: stack([x1.add(x2).div(2), y1.add(y2).div(2), w, h], -1);
}

function toCorners(boxes: Tensor, format: BoxFormat): Tensor {
	if (format === "xyxy") return boxes;
	const [x, y, w, h] = columns(boxes);
	if (format === "xywh") return stack([x, y, x.add(w), y.add(h)], -1);
	const [halfW, halfH] = [w.mul(0.5), h.mul(0.5)];
	return stack([x.sub(halfW), y.sub(halfH), x.add(halfW), y.add(halfH)], -1);
}

/** The areas of boxes [..., 4]: [...]. */
export function boxArea(boxes: Tensor, fmt: BoxFormat = "xyxy"): Tensor {
	checkBoxes("boxArea", "boxes", boxes);
	check.oneOf("boxArea", "fmt", fmt, FORMATS);
	const [a, b, c, d] = columns(upcast(boxes));
	return fmt === "xyxy" ? c.sub(a).mul(d.sub(b)) : c.mul(d);
}

/** Of every pair of boxes [..., N, 4] and [..., M, 4]: what they share and what they cover together, [..., N, M]. */
function shared(first: Tensor, second: Tensor): [Tensor, Tensor] {
	const a = first.unsqueeze(-2);
	const b = second.unsqueeze(-3);
	const topLeft = a.slice(-1, 0, 2).maximum(b.slice(-1, 0, 2));
	const bottomRight = a.slice(-1, 2, 4).minimum(b.slice(-1, 2, 4));
	const size = upcast(bottomRight.sub(topLeft)).clamp({ min: 0 });
	const intersection = size.select(-1, 0).mul(size.select(-1, 1));
	const union = boxArea(first)
		.unsqueeze(-1)
		.add(boxArea(second).unsqueeze(-2))
		.sub(intersection);
	return [intersection, union];
}

/** Width and height of the smallest box around every pair: [..., N, M, 2]. */
function hull(first: Tensor, second: Tensor): Tensor {
	const a = first.unsqueeze(-2);
	const b = second.unsqueeze(-3);
	const topLeft = a.slice(-1, 0, 2).minimum(b.slice(-1, 0, 2));
	const bottomRight = a.slice(-1, 2, 4).maximum(b.slice(-1, 2, 4));
	return upcast(bottomRight.sub(topLeft)).clamp({ min: 0 });
}

function checkPair(op: string, boxes1: Tensor, boxes2: Tensor): void {
	for (const [name, boxes] of [
		["boxes1", boxes1],
		["boxes2", boxes2],
	] as const) {
		checkBoxes(op, name, boxes);
		if (boxes.dim() < 2)
			throw check.invalidValue(
				op,
				name,
				`expected boxes [..., N, 4], got [${boxes.shape.join(", ")}]`,
			);
	}
}

/**
 * Intersection over union of every pair of boxes: [N, 4] and [M, 4] to [N, M], from 0 (apart) to 1 (the same).
 *
 * ```ts
 * const boxes = torch.tensor([[0, 0, 10, 10], [5, 0, 15, 10]]);
 * vision.ops.boxIou(boxes, boxes); // 1 on the diagonal, else 1 / 3
 * ```
 */
export function boxIou(
	boxes1: Tensor,
	boxes2: Tensor,
	fmt: BoxFormat = "xyxy",
): Tensor {
	checkPair("boxIou", boxes1, boxes2);
	check.oneOf("boxIou", "fmt", fmt, FORMATS);
	const [intersection, union] = shared(
		toCorners(boxes1, fmt),
		toCorners(boxes2, fmt),
	);
	return intersection.div(union);
}

/** `boxIou` minus the share of the smallest box around both that neither covers, -1 to 1: https://arxiv.org/abs/1902.09630 */
export function generalizedBoxIou(boxes1: Tensor, boxes2: Tensor): Tensor {
	checkPair("generalizedBoxIou", boxes1, boxes2);
	const [intersection, union] = shared(boxes1, boxes2);
	const size = hull(boxes1, boxes2);
	const area = size.select(-1, 0).mul(size.select(-1, 1));
	return intersection.div(union).sub(area.sub(union).div(area));
}

/** `boxIou` minus the centres' squared distance, by the squared diagonal of the smallest box around both: https://arxiv.org/abs/1911.08287 */
export function distanceBoxIou(
	boxes1: Tensor,
	boxes2: Tensor,
	eps = 1e-7,
): Tensor {
	checkPair("distanceBoxIou", boxes1, boxes2);
	return distanceIou(upcast(boxes1), upcast(boxes2), eps)[0];
}

function distanceIou(
	boxes1: Tensor,
	boxes2: Tensor,
	eps: number,
): [distanceIou: Tensor, iou: Tensor] {
	const iou = boxIou(boxes1, boxes2);
	const size = hull(boxes1, boxes2);
	const diagonal = size.pow(2).sum(-1).add(eps);
	const centres = (boxes: Tensor) =>
		boxes
			.slice(-1, 0, 2)
			.add(boxes.slice(-1, 2, 4))
			.div(2);
	const apart = centres(boxes1)
		.unsqueeze(-2)
		.sub(centres(boxes2).unsqueeze(-3));
	const distance = upcast(apart).pow(2).sum(-1);
	return [iou.sub(distance.div(diagonal)), iou];
}

/** `distanceBoxIou` minus a term for different proportions: https://arxiv.org/abs/1911.08287 */
export function completeBoxIou(
	boxes1: Tensor,
	boxes2: Tensor,
	eps = 1e-7,
): Tensor {
	checkPair("completeBoxIou", boxes1, boxes2);
	const [a, b] = [upcast(boxes1), upcast(boxes2)];
	const [distance, iou] = distanceIou(a, b, eps);
	const angle = (boxes: Tensor) => {
		const [x1, y1, x2, y2] = columns(boxes);
		return x2.sub(x1).div(y2.sub(y1)).atan();
	};
	const v = angle(a)
		.unsqueeze(-1)
		.sub(angle(b).unsqueeze(-2))
		.pow(2)
		.mul(4 / Math.PI ** 2);
	const alpha = noGrad(() => v.div(v.sub(iou).add(1 + eps)));
	return distance.sub(alpha.mul(v));
}

/** Boxes [..., 4] cut to an image of the size [height, width]. */
export function clipBoxesToImage(
	boxes: Tensor,
	size: readonly [height: number, width: number],
): Tensor {
	const op = "clipBoxesToImage";
	checkBoxes(op, "boxes", boxes);
	const [height, width] = size;
	check.number(op, "size[0]", height, { min: 0 });
	check.number(op, "size[1]", width, { min: 0 });
	const [x1, y1, x2, y2] = columns(boxes);
	const [across, down] = [
		{ min: 0, max: width },
		{ min: 0, max: height },
	];
	return stack(
		[x1.clamp(across), y1.clamp(down), x2.clamp(across), y2.clamp(down)],
		-1,
	);
}

/** The indices, int64, of those of the boxes [N, 4] whose sides are both at least `minSize`. */
export function removeSmallBoxes(boxes: Tensor, minSize: number): Tensor {
	const op = "removeSmallBoxes";
	checkBoxes(op, "boxes", boxes);
	check.number(op, "minSize", minSize);
	const [x1, y1, x2, y2] = columns(boxes);
	const isKept = x2.sub(x1).ge(minSize).logicalAnd(y2.sub(y1).ge(minSize));
	return where(isKept)[0] as Tensor;
}

/** The boxes around masks [N, H, W], float32 [N, 4]: first and last column and row that are not 0; zeros for an empty mask. */
export function masksToBoxes(masks: Tensor): Tensor {
	const op = "masksToBoxes";
	checkTensor(op, "masks", masks);
	if (masks.numel() === 0)
		return zeros([0, 4], { device: masks.device as Device });
	if (masks.dim() !== 3)
		throw check.invalidValue(
			op,
			"masks",
			`expected masks [N, H, W], got [${masks.shape.join(", ")}]`,
		);
	const [, height, width] = masks.shape as [number, number, number];
	const isThere = masks.ne(0);
	const rows = isThere.any(2).to("float32"); // [N, H]
	const columnsThere = isThere.any(1).to("float32"); // [N, W]
	const first = (x: Tensor) => x.argmax(1);
	const last = (x: Tensor, length: number) =>
		first(x.flip([1]))
			.neg()
			.add(length - 1);
	const boxes = stack(
		[
			first(columnsThere),
			first(rows),
			last(columnsThere, width),
			last(rows, height),
		],
		1,
	).to("float32");
	return boxes.mul(rows.any(1).to("float32").unsqueeze(1));
}
