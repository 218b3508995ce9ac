import * as generated from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { as, checkTensor, optional, type Sizes } from "../../arguments.ts";
import type { Size1d } from "./sizes.ts";

export { adaptiveAvgPool1d } from "../../../generated/functions.ts";

/** `size` for each of the last `count` dimensions; null is the input's own size. */
function outputSizes<Count extends number>(
	op: string,
	input: Tensor,
	size: number | readonly (number | null)[],
	count: Count,
): number | Sizes<Count> {
	checkTensor(op, "input", input);
	if (!Array.isArray(size)) return size as number;
	const own = input.shape.slice(-count);
	return size.map((each, i) => each ?? own[i]) as Sizes<Count>;
}

/** Averages over as many windows as make the output `outputSize`; null keeps the input's size in that dimension. */
export function adaptiveAvgPool2d(
	input: Tensor,
	outputSize: number | readonly [number | null, number | null],
): Tensor {
	const size = outputSizes("adaptiveAvgPool2d", input, outputSize, 2);
	return generated.adaptiveAvgPool2d(input, size);
}

/** Averages over as many windows as make the output `outputSize`; null keeps the input's size in that dimension. */
export function adaptiveAvgPool3d(
	input: Tensor,
	outputSize: number | readonly [number | null, number | null, number | null],
): Tensor {
	const size = outputSizes("adaptiveAvgPool3d", input, outputSize, 3);
	return generated.adaptiveAvgPool3d(input, size);
}

/** Maxima over as many windows as make the output `outputSize`; with `returnIndices` also where they were. */
export const adaptiveMaxPool1d = adaptiveMaxPool<Size1d>(
	"adaptiveMaxPool1d",
	generated.adaptiveMaxPool1d,
	1,
);
/** As `adaptiveMaxPool1d`, over [N, C, H, W]; null keeps the input's size in that dimension. */
export const adaptiveMaxPool2d = adaptiveMaxPool<
	number | readonly [number | null, number | null]
>("adaptiveMaxPool2d", generated.adaptiveMaxPool2d, 2);
/** As `adaptiveMaxPool2d`, over [N, C, D, H, W]. */
export const adaptiveMaxPool3d = adaptiveMaxPool<
	number | readonly [number | null, number | null, number | null]
>("adaptiveMaxPool3d", generated.adaptiveMaxPool3d, 3);

interface AdaptiveMaxPool<S> {
	(
		input: Tensor,
		outputSize: S,
		returnIndices: true | { returnIndices: true },
	): [Tensor, Tensor];
	(
		input: Tensor,
		outputSize: S,
		returnIndices?: false | { returnIndices?: false | undefined },
	): Tensor;
}

function adaptiveMaxPool<S extends number | readonly (number | null)[]>(
	op: string,
	both: (input: Tensor, size: never) => [Tensor, Tensor],
	count: number,
): AdaptiveMaxPool<S> {
	const pool = (input: Tensor, outputSize: S, ...rest: unknown[]) => {
		const { returnIndices } = optional(op, { returnIndices: false }, rest);
		const pooled = both(
			input,
			outputSizes(op, input, outputSize, count) as never,
		);
		return returnIndices ? pooled : pooled[0];
	};
	return pool as AdaptiveMaxPool<S>;
}

/** Maxima and where they were: `adaptiveMaxPool1d` with `returnIndices`. */
export function adaptiveMaxPool1dWithIndices(
	input: Tensor,
	outputSize: Size1d,
): [Tensor, Tensor] {
	const op = "adaptiveMaxPool1dWithIndices";
	return as(op, () => adaptiveMaxPool1d(input, outputSize, true));
}

/** Maxima and where they were: `adaptiveMaxPool2d` with `returnIndices`. */
export function adaptiveMaxPool2dWithIndices(
	input: Tensor,
	outputSize: number | readonly [number | null, number | null],
): [Tensor, Tensor] {
	const op = "adaptiveMaxPool2dWithIndices";
	return as(op, () => adaptiveMaxPool2d(input, outputSize, true));
}

/** Maxima and where they were: `adaptiveMaxPool3d` with `returnIndices`. */
export function adaptiveMaxPool3dWithIndices(
	input: Tensor,
	outputSize: number | readonly [number | null, number | null, number | null],
): [Tensor, Tensor] {
	const op = "adaptiveMaxPool3dWithIndices";
	return as(op, () => adaptiveMaxPool3d(input, outputSize, true));
}
