/** What moves values between places and channels. */
import * as generated from "../../generated/functions.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { as, type Optional, optional, sizes } from "../arguments.ts";
import type { Size2d } from "./pooling/sizes.ts";

export {
	channelShuffle,
	pad,
	pixelShuffle,
	pixelUnshuffle,
} from "../../generated/functions.ts";

/** `channelShuffle` by its own kernel. */
export const nativeChannelShuffle = privateOperator(
	"native_channel_shuffle",
) as (input: Tensor, groups: number) => Tensor;

/** Windows' steps, padding and spacing. */
export interface FoldOptions {
	/** Distance between a window's points. Default 1. */
	dilation?: Size2d | undefined;
	/** Zeros added on both sides. Default 0. */
	padding?: Size2d | undefined;
	/** Steps of the window. Default 1. */
	stride?: Size2d | undefined;
}

type Pair = [height: number, width: number];

type FoldArguments = Optional<
	Required<FoldOptions> & { dilation: Size2d; padding: Size2d; stride: Size2d },
	["dilation", "padding", "stride"]
>;

function read(
	op: string,
	kernelSize: Size2d,
	rest: readonly unknown[],
): [Pair, Pair, Pair, Pair] {
	const defaults = {
		dilation: 1 as Size2d,
		padding: 0 as Size2d,
		stride: 1 as Size2d,
	};
	const { dilation, padding, stride } = optional(op, defaults, rest);
	return [
		sizes(op, "kernelSize", kernelSize, 2),
		sizes(op, "dilation", dilation, 2),
		sizes(op, "padding", padding, 2),
		sizes(op, "stride", stride, 2),
	];
}

/** All windows of [N, C, H, W] or [C, H, W] as columns: [N, C · window, windows]. */
export function unfold(
	input: Tensor,
	kernelSize: Size2d,
	...rest: FoldArguments
): Tensor {
	const windows = read("unfold", kernelSize, rest);
	return as("unfold", () => generated.im2col(input, ...windows));
}

/** Adds columns, as `unfold` gives them, up to an image of `outputSize`: [N, C, H, W]. */
export function fold(
	input: Tensor,
	outputSize: Size2d,
	kernelSize: Size2d,
	...rest: FoldArguments
): Tensor {
	const size = sizes("fold", "outputSize", outputSize, 2);
	const windows = read("fold", kernelSize, rest);
	return as("fold", () => generated.col2im(input, size, ...windows));
}
