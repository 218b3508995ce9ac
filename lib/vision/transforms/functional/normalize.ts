import { type Optional, optional } from "../../../arguments.ts";
import * as check from "../../../check.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { checkNumbers, shapeOf } from "./image.ts";

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

/** @internal */
export function normalizeBy(
	image: Tensor,
	mean: Tensor,
	std: Tensor,
	inplace: boolean,
): Tensor {
	return (inplace ? image.sub_(mean) : image.sub(mean)).div_(std);
}
