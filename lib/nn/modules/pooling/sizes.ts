import type { Tensor } from "../../../tensor/tensor.ts";
import { sizes } from "../../arguments.ts";

export type { Size1d, Size2d, Size3d } from "../../functional/pooling/sizes.ts";

/** One number for all dimensions, or one for each. */
export type Size = number | readonly number[];

/** A tensor, or with `Indices` the places too. */
export type Pooled<Indices extends boolean> = Indices extends true
	? [Tensor, Tensor]
	: Tensor;

/** `size` as it was given, which is how Python prints it, if it is one for each of `count` dimensions. */
export function checked<S extends Size>(
	op: string,
	name: string,
	size: S,
	count: number,
	min: number,
): S {
	sizes(op, name, size, count, { min });
	return size;
}
