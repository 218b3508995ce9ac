import * as check from "../../../check.ts";
import { constantPadNd } from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { sizeOf } from "./image.ts";

/**
 * The part of an image [..., C, H, W] that begins at (top, left). Where it reaches beyond the image it is 0.
 *
 * @param top pixels; negative: above the image
 * @param left pixels
 * @param height of the result
 * @param width of the result
 */
export function crop(
	image: Tensor,
	top: number,
	left: number,
	height: number,
	width: number,
): Tensor {
	const op = "crop";
	check.integer(op, "top", top);
	check.integer(op, "left", left);
	check.integer(op, "height", height, { min: 0 });
	check.integer(op, "width", width, { min: 0 });
	const size = sizeOf(op, image);
	const rows = range(top, height, size.height);
	const columns = range(left, width, size.width);
	using band = image.slice(-2, rows.start, rows.end);
	const part = band.slice(-1, columns.start, columns.end);
	const missing = [columns.before, columns.after, rows.before, rows.after];
	if (missing.every((n) => n === 0)) return part;
	using inner = part;
	return constantPadNd(inner, missing, 0);
}

/** What of `start` … `start + length` lies in 0 … `size`, and how much before and after it does not. */
function range(start: number, length: number, size: number) {
	const clamp = (n: number): number => Math.min(Math.max(n, 0), size);
	const inside = { start: clamp(start), end: clamp(start + length) };
	const before = Math.min(Math.max(-start, 0), length);
	return {
		...inside,
		before,
		after: length - before - (inside.end - inside.start),
	};
}
