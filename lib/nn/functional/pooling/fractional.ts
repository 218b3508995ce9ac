import * as check from "../../../check.ts";
import * as generated from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { as, checkTensor, type Optional, optional } from "../../arguments.ts";
import type { Size, Size2d, Size3d } from "./sizes.ts";

/** How large the output is: `outputSize`, or `outputRatio` (between 0 and 1) of the input. */
export interface FractionalMaxPoolOptions<S = Size> {
	outputSize?: S | null | undefined;
	outputRatio?: S | null | undefined;
	/** Also returns where in the input's flattened places each maximum was. Default false. */
	returnIndices?: boolean | undefined;
	/** Where the windows lie, [N, C, dimensions], between 0 and 1. Default: drawn. */
	randomSamples?: Tensor | null | undefined;
}

type FractionalArguments<S> = Optional<
	{
		outputSize: S | null;
		outputRatio: S | null;
		returnIndices: false;
		randomSamples: Tensor | null;
	},
	["outputSize", "outputRatio", "returnIndices", "randomSamples"]
>;
type FractionalIndices<S> = FractionalMaxPoolOptions<S> & {
	returnIndices: true;
};

/** Maxima of windows at random places of [N, C, H, W] or [C, H, W]: https://arxiv.org/abs/1412.6071 */
export function fractionalMaxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	options: FractionalIndices<Size2d>,
): [Tensor, Tensor];
export function fractionalMaxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	...rest: FractionalArguments<Size2d>
): Tensor;
export function fractionalMaxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	...rest: unknown[]
): Tensor | [Tensor, Tensor] {
	return fractionalMaxPool("fractionalMaxPool2d", 2, input, kernelSize, rest);
}

/** Maxima of windows at random places of [N, C, D, H, W] or [C, D, H, W]. */
export function fractionalMaxPool3d(
	input: Tensor,
	kernelSize: Size3d,
	options: FractionalIndices<Size3d>,
): [Tensor, Tensor];
export function fractionalMaxPool3d(
	input: Tensor,
	kernelSize: Size3d,
	...rest: FractionalArguments<Size3d>
): Tensor;
export function fractionalMaxPool3d(
	input: Tensor,
	kernelSize: Size3d,
	...rest: unknown[]
): Tensor | [Tensor, Tensor] {
	return fractionalMaxPool("fractionalMaxPool3d", 3, input, kernelSize, rest);
}

/** Maxima and where they were: `fractionalMaxPool2d` with `returnIndices`. */
export function fractionalMaxPool2dWithIndices(
	input: Tensor,
	kernelSize: Size2d,
	options: Omit<FractionalMaxPoolOptions<Size2d>, "returnIndices">,
): [Tensor, Tensor] {
	const all = { ...options, returnIndices: true as const };
	return as("fractionalMaxPool2dWithIndices", () =>
		fractionalMaxPool2d(input, kernelSize, all),
	);
}

/** Maxima and where they were: `fractionalMaxPool3d` with `returnIndices`. */
export function fractionalMaxPool3dWithIndices(
	input: Tensor,
	kernelSize: Size3d,
	options: Omit<FractionalMaxPoolOptions<Size3d>, "returnIndices">,
): [Tensor, Tensor] {
	const all = { ...options, returnIndices: true as const };
	return as("fractionalMaxPool3dWithIndices", () =>
		fractionalMaxPool3d(input, kernelSize, all),
	);
}

type FractionalMaxPool = (
	input: Tensor,
	kernelSize: Size,
	outputSize: Size,
	randomSamples: Tensor,
) => [Tensor, Tensor];

const fractionalDefaults = {
	outputSize: null as Size | null,
	outputRatio: null as Size | null,
	returnIndices: false,
	randomSamples: null as Tensor | null,
};

function fractionalMaxPool(
	op: string,
	count: 2 | 3,
	input: Tensor,
	kernelSize: Size,
	rest: readonly unknown[],
): Tensor | [Tensor, Tensor] {
	const { outputSize, outputRatio, returnIndices, randomSamples } = optional(
		op,
		fractionalDefaults,
		rest,
	);
	checkTensor(op, "input", input);
	const shape = input.shape;
	const places = shape.slice(-count);
	let size = outputSize;
	if (size === null) {
		if (outputRatio === null)
			throw check.invalidValue(
				op,
				"outputSize",
				"expected either an outputSize or an outputRatio",
			);
		const ratio = (i: number) =>
			typeof outputRatio === "number" ? outputRatio : (outputRatio[i] ?? 1);
		size = places.map((place, i) => Math.trunc(place * ratio(i)));
	}
	const samples =
		randomSamples ??
		generated.rand(
			[
				shape.length === count + 1 ? 1 : (shape[0] ?? 1),
				shape.at(-count - 1) ?? 1,
				count,
			],
			{ dtype: input.dtype, device: input.device },
		);
	const pool = (
		count === 2 ? generated.fractionalMaxPool2d : generated.fractionalMaxPool3d
	) as FractionalMaxPool;
	const both = pool(input, kernelSize, size, samples);
	return returnIndices ? both : both[0];
}
