import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";

/** One number for both dimensions, or [height, width]. */
export type Size2d = number | readonly [number, number];

/** A window's steps (default: its size), zero padding, spacing, and whether windows may hang over the edge (default false). */
export interface MaxPool2dOptions {
	stride?: Size2d | null | undefined;
	padding?: Size2d | undefined;
	dilation?: Size2d | undefined;
	ceilMode?: boolean | undefined;
	/** Also returns where in the input's flattened H × W each maximum was. Default false. */
	returnIndices?: boolean | undefined;
}

/** The maximum of each `kernelSize` window of [N, C, H, W] or [C, H, W]; with `returnIndices` also where it was. */
export function maxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	stride?: Size2d | null,
	padding?: Size2d,
	dilation?: Size2d,
	ceilMode?: boolean,
	returnIndices?: false,
): Tensor;
export function maxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	options: MaxPool2dOptions & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	options: MaxPool2dOptions & { returnIndices?: false | undefined },
): Tensor;
export function maxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	...rest: unknown[]
): Tensor | [Tensor, Tensor] {
	const { stride, padding, dilation, ceilMode, returnIndices } = optional(
		"maxPool2d",
		maxPoolDefaults,
		rest,
	);
	const pool = returnIndices
		? generated.maxPool2dWithIndices
		: generated.maxPool2d;
	return pool(input, kernelSize, stride ?? [], padding, dilation, ceilMode);
}

const maxPoolDefaults = {
	stride: null as Size2d | null,
	padding: 0 as Size2d,
	dilation: 1 as Size2d,
	ceilMode: false,
	returnIndices: false,
};

/** Averages over as many windows as make the output `outputSize`; null keeps the input's size in that dimension. */
export function adaptiveAvgPool2d(
	input: Tensor,
	outputSize: number | readonly [number | null, number | null],
): Tensor {
	if (typeof outputSize === "number")
		return generated.adaptiveAvgPool2d(input, outputSize);
	const own = input.shape.slice(-2);
	return generated.adaptiveAvgPool2d(
		input,
		outputSize.map((size, i) => size ?? (own[i] as number)),
	);
}
