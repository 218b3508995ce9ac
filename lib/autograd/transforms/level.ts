/** Levels of functorch: one for each transform that is at work. */
import { native } from "../../binding.ts";
import { slotOf } from "../../handle.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Runs `fn` within a level, and leaves it whatever happens. */
export function inLevel<T>(enter: () => number, fn: (level: number) => T): T {
	const level = enter();
	try {
		return fn(level);
	} finally {
		native.popTransform(level);
	}
}

/** The tensor as the grad of a level sees it. */
export function wrap(tensor: Tensor, level: number): Tensor {
	return native.wrapForGrad(slotOf(tensor), level) as Tensor;
}

/** The tensor as those outside of a level see it. */
export function unwrap(tensor: Tensor, level: number): Tensor {
	return native.unwrapForGrad(slotOf(tensor), level) as Tensor;
}
