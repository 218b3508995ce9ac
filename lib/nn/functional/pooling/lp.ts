import {
	avgPool1d,
	avgPool2d,
	avgPool3d,
	maxPool1d,
	maxPool2d,
	maxPool3d,
} from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	checkTensor,
	type Optional,
	optional,
	sizes,
} from "../../arguments.ts";
import type { Size, Size1d, Size2d, Size3d } from "./sizes.ts";

/** A window's steps (default: its size), and whether windows may hang over the edge (default false). */
export interface LPPoolOptions<S = Size> {
	stride?: S | null | undefined;
	ceilMode?: boolean | undefined;
}

type MaxPool = (
	input: Tensor,
	kernelSize: Size,
	stride: Size,
	padding: number,
	dilation: number,
	ceilMode: boolean,
) => Tensor;
type AvgPool = (
	input: Tensor,
	kernelSize: Size,
	stride: Size,
	padding: number,
	ceilMode: boolean,
) => Tensor;

/** For 1, 2 and 3 dimensions. */
const maxima = [maxPool1d, maxPool2d, maxPool3d] as MaxPool[];
const averages = [avgPool1d, avgPool2d, avgPool3d] as AvgPool[];

type LPPoolArguments<S> = Optional<
	{ stride: S | null; ceilMode: boolean },
	["stride", "ceilMode"]
>;

/** The p-norm of each window, p = `normType`: (Σ xᵖ)^(1/p). */
export function lpPool1d(
	input: Tensor,
	normType: number,
	kernelSize: Size1d,
	...rest: LPPoolArguments<Size1d>
): Tensor {
	return lpPool("lpPool1d", 1, input, normType, kernelSize, rest);
}

/** The p-norm of each window of [N, C, H, W] or [C, H, W], p = `normType`. */
export function lpPool2d(
	input: Tensor,
	normType: number,
	kernelSize: Size2d,
	...rest: LPPoolArguments<Size2d>
): Tensor {
	return lpPool("lpPool2d", 2, input, normType, kernelSize, rest);
}

/** The p-norm of each window of [N, C, D, H, W] or [C, D, H, W], p = `normType`. */
export function lpPool3d(
	input: Tensor,
	normType: number,
	kernelSize: Size3d,
	...rest: LPPoolArguments<Size3d>
): Tensor {
	return lpPool("lpPool3d", 3, input, normType, kernelSize, rest);
}

function lpPool(
	op: string,
	count: 1 | 2 | 3,
	input: Tensor,
	normType: number,
	kernelSize: Size,
	rest: readonly unknown[],
): Tensor {
	const { stride, ceilMode } = optional(
		op,
		{ stride: null as Size | null, ceilMode: false },
		rest,
	);
	checkTensor(op, "input", input);
	const steps = stride ?? [];
	if (Math.abs(normType) === Number.POSITIVE_INFINITY) {
		const max = maxima[count - 1] as MaxPool;
		const sizes = input.abs();
		return normType > 0
			? max(sizes, kernelSize, steps, 0, 1, ceilMode)
			: max(sizes.neg(), kernelSize, steps, 0, 1, ceilMode).neg();
	}
	const average = averages[count - 1] as AvgPool;
	const mean = average(input.pow(normType), kernelSize, steps, 0, ceilMode);
	const window = sizes(op, "kernelSize", kernelSize, count).reduce(
		(product, size) => product * size,
	);
	return mean
		.sign()
		.mul(mean.abs().relu())
		.mul(window)
		.pow(1 / normType);
}
