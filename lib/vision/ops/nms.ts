import { checkTensor } from "../../arguments.ts";
import * as check from "../../check.ts";
import { empty, where, zerosLike } from "../../generated/functions.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";
import { checkBoxes } from "./boxes.ts";

/**
 * Non-maximum suppression: the indices, int64, of the boxes [N, 4] (xyxy) that are left when every box goes that overlaps one of a higher
 * score by more than `iouThreshold`; by falling score.
 *
 * Boxes on other devices are brought to the CPU, where one pass over sorted boxes is fastest.
 *
 * ```ts
 * const boxes = torch.tensor([[0, 0, 10, 10], [1, 1, 10, 10], [20, 20, 30, 30.5]]);
 * vision.ops.nms(boxes, torch.tensor([0.5, 0.9, 0.3]), 0.5).tolist(); // [1, 2]
 * ```
 */
export function nms(
	boxes: Tensor,
	scores: Tensor,
	iouThreshold: number,
): Tensor {
	const op = "nms";
	checkScored(op, boxes, scores, iouThreshold);
	const device = boxes.device as Device;
	if (boxes.size(0) === 0) return empty([0], { dtype: "int64", device });
	const order = scores
		.detach()
		.sort({ stable: true, dim: 0, descending: true })[1];
	const isDouble = boxes.dtype === "float64";
	const sorted = boxes
		.detach()
		.indexSelect(0, order)
		.to({ dtype: isDouble ? "float64" : "float32", device: "cpu" });
	const kept = suppressed(
		sorted.t().contiguous().toTypedArray() as Float32Array | Float64Array,
		iouThreshold,
		isDouble ? (x) => x : Math.fround,
	);
	return order.indexSelect(0, tensor(kept, { dtype: "int64", device }));
}

/** Which of the boxes stay; `sides` are all lefts, all tops, all rights, all bottoms, by falling score. `round` is the dtype's. */
function suppressed(
	sides: Float32Array | Float64Array,
	threshold: number,
	round: (x: number) => number,
): number[] {
	const count = sides.length / 4;
	const [left, top, right, bottom] = [0, 1, 2, 3].map((i) =>
		sides.subarray(i * count, (i + 1) * count),
	) as [Float32Array, Float32Array, Float32Array, Float32Array];
	const area = sides.slice(0, count);
	for (let i = 0; i < count; i++)
		area[i] =
			round((right[i] as number) - (left[i] as number)) *
			round((bottom[i] as number) - (top[i] as number));
	const isGone = new Uint8Array(count);
	const low = Math.min(threshold, 1) * (1 - 1e-5); // below it no rounding matters
	const kept: number[] = [];
	for (let i = 0; i < count; i++) {
		if (isGone[i]) continue;
		kept.push(i);
		const l = left[i] as number;
		const t = top[i] as number;
		const r = right[i] as number;
		const b = bottom[i] as number;
		const own = area[i] as number;
		for (let j = i + 1; j < count; j++) {
			if (isGone[j]) continue;
			const w =
				Math.min(r, right[j] as number) - Math.max(l, left[j] as number);
			if (!(w > 0)) continue;
			const h =
				Math.min(b, bottom[j] as number) - Math.max(t, top[j] as number);
			if (!(h > 0)) continue;
			const about = w * h;
			if (about < low * (own + (area[j] as number) - about)) continue;
			// Rounded step by step, as LibTorch's kernel computes: a pair at the threshold falls the same way.
			const both = round(round(w) * round(h));
			const all = round(round(own + (area[j] as number)) - both);
			if (round(both / all) > threshold) isGone[j] = 1;
		}
	}
	return kept;
}

/** `nms` within each category: boxes of different `idxs`, integers [N], never suppress each other. */
export function batchedNms(
	boxes: Tensor,
	scores: Tensor,
	idxs: Tensor,
	iouThreshold: number,
): Tensor {
	const op = "batchedNms";
	checkScored(op, boxes, scores, iouThreshold);
	checkTensor(op, "idxs", idxs);
	if (idxs.shape.join() !== scores.shape.join())
		throw check.invalidValue(
			op,
			"idxs",
			`expected the scores' shape [${scores.shape.join(", ")}], got [${idxs.shape.join(", ")}]`,
		);
	const isKept = zerosLike(scores, { dtype: "bool" });
	for (const category of new Set(idxs.toArray())) {
		const own = where(idxs.eq(Number(category)))[0] as Tensor;
		const left = nms(
			boxes.indexSelect(0, own),
			scores.indexSelect(0, own),
			iouThreshold,
		);
		isKept.indexFill_(0, own.indexSelect(0, left), 1);
	}
	const kept = where(isKept)[0] as Tensor;
	const order = scores
		.indexSelect(0, kept)
		.sort({ stable: true, dim: 0, descending: true })[1];
	return kept.indexSelect(0, order);
}

function checkScored(
	op: string,
	boxes: Tensor,
	scores: Tensor,
	iouThreshold: number,
): void {
	checkBoxes(op, "boxes", boxes);
	checkTensor(op, "scores", scores);
	check.number(op, "iouThreshold", iouThreshold);
	if (boxes.dim() !== 2 || !boxes.isFloatingPoint())
		throw check.invalidValue(
			op,
			"boxes",
			`expected floating point boxes [N, 4], got ${boxes.dtype} [${boxes.shape.join(", ")}]`,
		);
	if (scores.dim() !== 1 || scores.size(0) !== boxes.size(0))
		throw check.invalidValue(
			op,
			"scores",
			`expected [${boxes.size(0)}], a score for each box, got [${scores.shape.join(", ")}]`,
		);
}
