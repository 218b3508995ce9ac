import { type Optional, optional } from "../../../../arguments.ts";
import * as check from "../../../../check.ts";
import { isTensor } from "../../../../handle.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { ofImage } from "./images.ts";
import { imageShape } from "./pixels.ts";

export interface EraseOptions {
	/** Whether the image itself is changed. Default false. */
	inplace: boolean;
}

/**
 * Puts `v` in place of a rectangle of the image.
 *
 * ```ts
 * erase(image, 2, 3, 5, 6, torch.zeros([3, 1, 1]));
 * ```
 *
 * @param image [..., C, H, W]
 * @param i top of the rectangle
 * @param j left of the rectangle
 * @param h its height; what reaches beyond the image does not count
 * @param w its width
 * @param v what `[C, h, w]` can be made of by repeating: `[C, 1, 1]`, `[1, 1, 1]`, `[C, h, w]`
 * @param args `inplace`
 */
export function erase<T extends Tensor>(
	image: T,
	i: number,
	j: number,
	h: number,
	w: number,
	v: Tensor,
	...args: Optional<EraseOptions, ["inplace"]>
): T {
	const op = "erase";
	for (const [name, value] of Object.entries({ i, j, h, w })) {
		check.integer(op, name, value, { min: 0 });
	}
	if (!isTensor(v)) throw check.invalidType(op, "v", "Tensor", v);
	const { inplace } = optional(op, { inplace: false }, args);
	check.boolean(op, "inplace", inplace);
	return ofImage(op, image, (plain) => {
		imageShape(op, plain);
		const result = inplace ? plain : plain.clone();
		put(op, result, [i, j, h, w], v);
		return result;
	});
}

function put(
	op: string,
	result: Tensor,
	[i, j, h, w]: [number, number, number, number],
	v: Tensor,
): void {
	using rows = result.slice(-2, i, i + h);
	using part = rows.slice(-1, j, j + w);
	const shape = part.shape;
	const fits =
		v.dim() <= shape.length &&
		v.shape.every((size, d) => {
			const whole = shape[shape.length - v.dim() + d];
			return size === whole || size === 1;
		});
	if (!fits) {
		throw check.invalidValue(
			op,
			"v",
			`expected a shape that repeats to [${shape}], got [${v.shape}]`,
		);
	}
	part.copy_(v);
}
