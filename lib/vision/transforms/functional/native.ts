/**
 * What native loops do with the pixels of whole batches. They stand for operators, and give the same values, where `isPlain` says so: everything
 * else (a GPU, other dtypes, gradients, vmap) is the operators'.
 */
import { native, type Slot } from "../../../binding.ts";
import { emptyTensor, fill, slotOf } from "../../../handle.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Part } from "./crop.ts";

/** @internal Whether images are uint8 or float32 values in the CPU's memory, some at least, and nothing records what is done with them. */
export function isPlain(images: Tensor): boolean {
	return native.isPlainTensor(slotOf(images)) && images.numel() > 0;
}

/** @internal Images [..., 3, H, W] by as many steps each: numbers of `adjustments` and their factors. */
export function adjustColours(
	images: Tensor,
	kinds: readonly number[],
	factors: readonly number[],
): Tensor {
	return made((out) =>
		native.adjustColours(out, slotOf(images), kinds, factors),
	);
}

/** @internal A part of each image [N, C, H, W], resized with antialiasing. */
export function resizeParts(
	images: Tensor,
	parts: readonly Part[],
	size: readonly [height: number, width: number],
	mode: "bilinear" | "bicubic",
): Tensor {
	const numbers = parts.flatMap(({ top, left, height, width }) => [
		top,
		left,
		height,
		width,
	]);
	return made((out) =>
		native.resizeParts(out, slotOf(images), numbers, size, mode),
	);
}

/** @internal Of images [N, C, H, W] some mirrored, left to right or else upside down. */
export function mirrorSome(
	images: Tensor,
	which: readonly boolean[],
	upDown: boolean,
): Tensor {
	return made((out) => native.mirrorSome(out, slotOf(images), which, upDown));
}

/** @internal Images [..., C, H, W] as float32, bytes as 0 to 1; then (value - mean) / std, by channel or one for all. */
export function normalizePixels(
	images: Tensor,
	mean: readonly number[],
	std: readonly number[],
): Tensor {
	return made((out) => native.normalizePixels(out, slotOf(images), mean, std));
}

function made(run: (out: object) => Slot): Tensor {
	const out = emptyTensor();
	return fill(out, run(out)) as Tensor;
}
