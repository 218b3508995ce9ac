import { checkTensor } from "../../arguments.ts";
import { noGrad } from "../../autograd/index.ts";
import * as check from "../../check.ts";
import { where, zerosLike } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkBoxes } from "./boxes.ts";

/** What becomes of the losses of single elements. */
export type Reduction = "none" | "mean" | "sum";

export interface BoxLossOptions {
	/** Default "none". */
	reduction?: Reduction | undefined;
	/** Against division by 0. Default 1e-7. */
	eps?: number | undefined;
}

export interface FocalLossOptions {
	/** Weight of positives, 0 to 1; negatives have 1 - alpha. -1: no weights. Default 0.25. */
	alpha?: number | undefined;
	/** How much less well classified examples count. Default 2. */
	gamma?: number | undefined;
	/** Default "none". */
	reduction?: Reduction | undefined;
}

function reduced(op: string, loss: Tensor, reduction: Reduction): Tensor {
	check.oneOf(op, "reduction", reduction, ["none", "mean", "sum"]);
	if (reduction === "none") return loss;
	// The mean of nothing is 0, so that a batch without boxes does no harm.
	return reduction === "sum" || loss.numel() === 0 ? loss.sum() : loss.mean();
}

/**
 * Focal loss of logits against targets of 0 and 1, of one shape: examples that are classified well count less.
 *
 * @see https://arxiv.org/abs/1708.02002
 */
export function sigmoidFocalLoss(
	inputs: Tensor,
	targets: Tensor,
	options: FocalLossOptions = {},
): Tensor {
	const op = "sigmoidFocalLoss";
	checkTensor(op, "inputs", inputs);
	checkTensor(op, "targets", targets);
	check.options(op, options, ["alpha", "gamma", "reduction"]);
	const { alpha = 0.25, gamma = 2, reduction = "none" } = options;
	check.number(op, "gamma", gamma);
	if (alpha !== -1) check.number(op, "alpha", alpha, { min: 0, max: 1 });
	const wrong = targets.neg().add(1); // 1 - targets
	const p = inputs.sigmoid();
	const right = p.mul(targets).add(p.neg().add(1).mul(wrong));
	let loss = F.binaryCrossEntropyWithLogits(inputs, targets, {
		reduction: "none",
	}).mul(right.neg().add(1).pow(gamma));
	if (alpha >= 0)
		loss = targets
			.mul(alpha)
			.add(wrong.mul(1 - alpha))
			.mul(loss);
	check.oneOf(op, "reduction", reduction, ["none", "mean", "sum"]);
	return reduction === "none"
		? loss
		: reduction === "mean"
			? loss.mean()
			: loss.sum();
}

type Sides = [Tensor, Tensor, Tensor, Tensor];

interface Pair {
	a: Sides;
	b: Sides;
	iou: Tensor;
	union: Tensor;
	/** Of the smallest box around both. */
	width: Tensor;
	height: Tensor;
	eps: number;
	reduction: Reduction;
}

/** What losses of boxes [..., 4], one by one, are made of. */
function pair(
	op: string,
	boxes1: Tensor,
	boxes2: Tensor,
	options: BoxLossOptions,
): Pair {
	checkBoxes(op, "boxes1", boxes1);
	checkBoxes(op, "boxes2", boxes2);
	check.options(op, options, ["reduction", "eps"]);
	const { reduction = "none", eps = 1e-7 } = options;
	const floating = (x: Tensor) => (x.dtype === "float64" ? x : x.to("float32"));
	const a = floating(boxes1).unbind(-1) as Sides;
	const b = floating(boxes2).unbind(-1) as Sides;
	const left = a[0].maximum(b[0]);
	const top = a[1].maximum(b[1]);
	const right = a[2].minimum(b[2]);
	const bottom = a[3].minimum(b[3]);
	const meet = bottom.gt(top).logicalAnd(right.gt(left));
	const overlap = right.sub(left).mul(bottom.sub(top));
	const intersection = where(meet, overlap, zerosLike(overlap));
	const area = ([x1, y1, x2, y2]: Sides) => x2.sub(x1).mul(y2.sub(y1));
	const union = area(a).add(area(b)).sub(intersection);
	return {
		a,
		b,
		iou: intersection.div(union.add(eps)),
		union,
		width: a[2].maximum(b[2]).sub(a[0].minimum(b[0])),
		height: a[3].maximum(b[3]).sub(a[1].minimum(b[1])),
		eps,
		reduction,
	};
}

/** 1 - `generalizedBoxIou` of boxes [..., 4] (xyxy) and their partners, one by one: https://arxiv.org/abs/1902.09630 */
export function generalizedBoxIouLoss(
	boxes1: Tensor,
	boxes2: Tensor,
	options: BoxLossOptions = {},
): Tensor {
	const op = "generalizedBoxIouLoss";
	const given = pair(op, boxes1, boxes2, options);
	const { iou, union, width, height, eps } = given;
	const area = width.mul(height);
	const free = area.sub(union).div(area.add(eps));
	return reduced(op, iou.sub(free).neg().add(1), given.reduction);
}

function distanceLoss({ a, b, iou, width, height, eps }: Pair): Tensor {
	const diagonal = width.pow(2).add(height.pow(2)).add(eps);
	const between = (low: 0 | 1, high: 2 | 3) =>
		a[low].add(a[high]).div(2).sub(b[low].add(b[high]).div(2)).pow(2);
	const distance = between(0, 2).add(between(1, 3));
	return iou.neg().add(1).add(distance.div(diagonal));
}

/** 1 - `distanceBoxIou` of boxes [..., 4] (xyxy) and their partners, one by one: https://arxiv.org/abs/1911.08287 */
export function distanceBoxIouLoss(
	boxes1: Tensor,
	boxes2: Tensor,
	options: BoxLossOptions = {},
): Tensor {
	const op = "distanceBoxIouLoss";
	const given = pair(op, boxes1, boxes2, options);
	return reduced(op, distanceLoss(given), given.reduction);
}

/** 1 - `completeBoxIou` of boxes [..., 4] (xyxy) and their partners, one by one: https://arxiv.org/abs/1911.08287 */
export function completeBoxIouLoss(
	boxes1: Tensor,
	boxes2: Tensor,
	options: BoxLossOptions = {},
): Tensor {
	const op = "completeBoxIouLoss";
	const given = pair(op, boxes1, boxes2, options);
	const { a, b, eps } = given;
	// torchvision's eps is that of the proportions' weight alone.
	const apart = pair(op, boxes1, boxes2, {});
	const { iou } = apart;
	const angle = ([x1, y1, x2, y2]: Sides) => x2.sub(x1).div(y2.sub(y1)).atan();
	const v = angle(b)
		.sub(angle(a))
		.pow(2)
		.mul(4 / Math.PI ** 2);
	const alpha = noGrad(() => v.div(v.sub(iou).add(1 + eps)));
	return reduced(op, distanceLoss(apart).add(alpha.mul(v)), given.reduction);
}
