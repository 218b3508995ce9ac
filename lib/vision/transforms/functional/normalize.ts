import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { checkNumbers, shapeOf } from "./image.ts";
import { isPlain, normalizePixels } from "./native.ts";

export interface NormalizeOptions {
	/** Changes the image itself: false. */
	inplace?: boolean;
}

/**
 * (image - mean) / std, channel by channel.
 *
 * @param image floating point, [..., C, H, W]
 * @param mean one value, or one for each channel
 * @param std likewise, none of them 0
 * @param args `inplace`
 */
export function normalize<T extends Tensor>(
	image: T,
	mean: readonly number[],
	std: readonly number[],
	...args: Optional<NormalizeOptions, ["inplace"]>
): T {
	const op = "normalize";
	const options = optional<NormalizeOptions>(op, { inplace: false }, args);
	shapeOf(op, image);
	const inplace = checkNormalize(op, mean, std, options);
	const whole = inplace ? null : normalizedFloats(image, mean, std);
	if (whole) return wrap(whole, image);
	using m = column(mean, image);
	using s = column(std, image);
	return wrap(normalizeBy(image, m, s, inplace), image);
}

/** @internal Returns `inplace`. */
export function checkNormalize(
	op: string,
	mean: readonly number[],
	std: readonly number[],
	options: NormalizeOptions,
): boolean {
	check.options(op, options, ["inplace"]);
	checkNumbers(op, "mean", mean);
	checkNumbers(op, "std", std);
	const { inplace = false } = options;
	check.boolean(op, "inplace", inplace);
	if (std.every((value) => value !== 0)) return inplace;
	throw check.invalidValue(
		op,
		"std",
		`expected numbers other than 0, got [${std.join(", ")}]`,
	);
}

/** @internal One value per channel, [C, 1, 1], in the image's dtype. */
export function column(values: readonly number[], image: Tensor): Tensor {
	if (!image.isFloatingPoint()) {
		throw check.invalidValue(
			"normalize",
			"image",
			`expected a floating point tensor, got ${image.dtype}; ToTensor makes one`,
		);
	}
	const { dtype, device } = image;
	return scope(() => tensor(values, { dtype, device }).view([-1, 1, 1]));
}

/**
 * @internal Of float32, and of bytes, which are made 0 to 1 first, in one pass over the values; null for what operators have to do.
 */
export function normalizedPixels(
	image: Tensor,
	mean: readonly number[],
	std: readonly number[],
): Tensor | null {
	if (!isPlain(image) || image.dim() < 3) return null;
	const channels = image.size(-3);
	const fit = [mean, std].every(
		({ length }) => length === 1 || length === channels,
	);
	return fit ? normalizePixels(image, mean, std) : null;
}

/** @internal Of float32 alone. */
export function normalizedFloats(
	image: Tensor,
	mean: readonly number[],
	std: readonly number[],
): Tensor | null {
	return image.dtype === "float32" ? normalizedPixels(image, mean, std) : null;
}

/** @internal By operators. */
export function normalizeBy(
	image: Tensor,
	mean: Tensor,
	std: Tensor,
	inplace: boolean,
): Tensor {
	return (inplace ? image.sub_(mean) : image.sub(mean)).div_(std);
}
