import * as check from "../../../check.ts";
import * as generated from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { type Optional, optional } from "../../arguments.ts";
import type { Size, Size1d, Size2d, Size3d } from "./sizes.ts";

export {
	maxPool1dWithIndices,
	maxPool2dWithIndices,
	maxPool3dWithIndices,
} from "../../../generated/functions.ts";

/** A window's steps (default: its size), padding, spacing, and whether windows may hang over the edge (default false). */
export interface MaxPoolOptions<S = Size> {
	stride?: S | null | undefined;
	padding?: S | undefined;
	dilation?: S | undefined;
	ceilMode?: boolean | undefined;
	/** Also returns where in the input's flattened places each maximum was. Default false. */
	returnIndices?: boolean | undefined;
}

type MaxPoolArguments<S> = Optional<
	{
		stride: S | null;
		padding: S;
		dilation: S;
		ceilMode: boolean;
		returnIndices: false;
	},
	["stride", "padding", "dilation", "ceilMode", "returnIndices"]
>;
type WithIndices<S> = MaxPoolOptions<S> & { returnIndices: true };
/** All arguments by name. */
type Named<S> = MaxPoolOptions<S> & { kernelSize: S };

const maxPoolDefaults = {
	kernelSize: undefined as Size | undefined,
	stride: null as Size | null,
	padding: 0 as Size,
	dilation: 1 as Size,
	ceilMode: false,
	returnIndices: false,
};

type Pool<Result> = (
	input: Tensor,
	kernelSize: Size,
	stride: Size,
	padding: Size,
	dilation: Size,
	ceilMode: boolean,
) => Result;

/** A max pool of any number of dimensions, from its operators without and with indices. */
function maxPool(
	op: string,
	plain: Pool<Tensor>,
	withIndices: Pool<[Tensor, Tensor]>,
	input: Tensor,
	given: readonly unknown[],
): Tensor | [Tensor, Tensor] {
	const { kernelSize, stride, padding, dilation, ceilMode, returnIndices } =
		optional(op, maxPoolDefaults, given);
	if (kernelSize === undefined)
		throw check.invalidType(op, "kernelSize", "number or numbers", kernelSize);
	const pool = returnIndices ? withIndices : plain;
	return pool(input, kernelSize, stride ?? [], padding, dilation, ceilMode);
}

/** The maximum of each `kernelSize` window of [N, C, L] or [C, L]; with `returnIndices` also where it was. */
export function maxPool1d(
	input: Tensor,
	kernelSize: Size1d,
	options: WithIndices<Size1d>,
): [Tensor, Tensor];
export function maxPool1d(
	input: Tensor,
	kernelSize: Size1d,
	...rest: MaxPoolArguments<Size1d>
): Tensor;
export function maxPool1d(
	input: Tensor,
	options: Named<Size1d> & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool1d(input: Tensor, options: Named<Size1d>): Tensor;
export function maxPool1d(
	input: Tensor,
	...given: unknown[]
): Tensor | [Tensor, Tensor] {
	const plain = generated.maxPool1d as Pool<Tensor>;
	const withIndices = generated.maxPool1dWithIndices as Pool<[Tensor, Tensor]>;
	return maxPool("maxPool1d", plain, withIndices, input, given);
}

/** The maximum of each `kernelSize` window of [N, C, H, W] or [C, H, W]; with `returnIndices` also where it was. */
export function maxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	options: WithIndices<Size2d>,
): [Tensor, Tensor];
export function maxPool2d(
	input: Tensor,
	kernelSize: Size2d,
	...rest: MaxPoolArguments<Size2d>
): Tensor;
export function maxPool2d(
	input: Tensor,
	options: Named<Size2d> & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool2d(input: Tensor, options: Named<Size2d>): Tensor;
export function maxPool2d(
	input: Tensor,
	...given: unknown[]
): Tensor | [Tensor, Tensor] {
	const plain = generated.maxPool2d as Pool<Tensor>;
	const withIndices = generated.maxPool2dWithIndices as Pool<[Tensor, Tensor]>;
	return maxPool("maxPool2d", plain, withIndices, input, given);
}

/** The maximum of each `kernelSize` window of [N, C, D, H, W] or [C, D, H, W]; with `returnIndices` also where it was. */
export function maxPool3d(
	input: Tensor,
	kernelSize: Size3d,
	options: WithIndices<Size3d>,
): [Tensor, Tensor];
export function maxPool3d(
	input: Tensor,
	kernelSize: Size3d,
	...rest: MaxPoolArguments<Size3d>
): Tensor;
export function maxPool3d(
	input: Tensor,
	options: Named<Size3d> & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool3d(input: Tensor, options: Named<Size3d>): Tensor;
export function maxPool3d(
	input: Tensor,
	...given: unknown[]
): Tensor | [Tensor, Tensor] {
	const plain = generated.maxPool3d as Pool<Tensor>;
	const withIndices = generated.maxPool3dWithIndices as Pool<[Tensor, Tensor]>;
	return maxPool("maxPool3d", plain, withIndices, input, given);
}
