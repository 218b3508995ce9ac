import * as check from "../../../check.ts";
import * as generated from "../../../generated/functions.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
	checkTensor,
	type Optional,
	optional,
	type Sizes,
	sizes,
} from "../../arguments.ts";
import type { Size, Size1d, Size2d, Size3d } from "./sizes.ts";

/** The pool's steps (default: `kernelSize`) and padding, and the size of its input where several fit. */
export interface MaxUnpoolOptions<S = Size> {
	stride?: S | null | undefined;
	padding?: S | undefined;
	outputSize?: readonly number[] | null | undefined;
}

type MaxUnpoolArguments<S> = Optional<
	{ stride: S | null; padding: S; outputSize: readonly number[] | null },
	["stride", "padding", "outputSize"]
>;

/** All arguments by name. */
type Named<S> = MaxUnpoolOptions<S> & { kernelSize: S };

const defaults = {
	kernelSize: undefined as Size | undefined,
	stride: null as Size | null,
	padding: 0 as Size,
	outputSize: null as readonly number[] | null,
};

/** Puts maxima back to where `maxPool1d` found them (`indices`), and zeros everywhere else. */
export function maxUnpool1d(
	input: Tensor,
	indices: Tensor,
	kernelSize: Size1d,
	...rest: MaxUnpoolArguments<Size1d>
): Tensor;
export function maxUnpool1d(
	input: Tensor,
	indices: Tensor,
	options: Named<Size1d>,
): Tensor;
export function maxUnpool1d(
	input: Tensor,
	indices: Tensor,
	...given: unknown[]
): Tensor {
	const { size } = read("maxUnpool1d", 1, input, indices, given);
	return generated
		.maxUnpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1])
		.squeeze(-1);
}

/** Puts maxima back to where `maxPool2d` found them (`indices`), and zeros everywhere else. */
export function maxUnpool2d(
	input: Tensor,
	indices: Tensor,
	kernelSize: Size2d,
	...rest: MaxUnpoolArguments<Size2d>
): Tensor;
export function maxUnpool2d(
	input: Tensor,
	indices: Tensor,
	options: Named<Size2d>,
): Tensor;
export function maxUnpool2d(
	input: Tensor,
	indices: Tensor,
	...given: unknown[]
): Tensor {
	const { size } = read("maxUnpool2d", 2, input, indices, given);
	return generated.maxUnpool2d(input, indices, size);
}

/** Puts maxima back to where `maxPool3d` found them (`indices`), and zeros everywhere else. */
export function maxUnpool3d(
	input: Tensor,
	indices: Tensor,
	kernelSize: Size3d,
	...rest: MaxUnpoolArguments<Size3d>
): Tensor;
export function maxUnpool3d(
	input: Tensor,
	indices: Tensor,
	options: Named<Size3d>,
): Tensor;
export function maxUnpool3d(
	input: Tensor,
	indices: Tensor,
	...given: unknown[]
): Tensor {
	const read3d = read("maxUnpool3d", 3, input, indices, given);
	const { size, stride, padding } = read3d;
	return generated.maxUnpool3d(input, indices, size, stride, padding);
}

/** The arguments for each of `count` dimensions, and the size of the output. */
function read<Count extends 1 | 2 | 3>(
	op: string,
	count: Count,
	input: Tensor,
	indices: Tensor,
	all: readonly unknown[],
): { size: Sizes<Count>; stride: Sizes<Count>; padding: Sizes<Count> } {
	checkTensor(op, "input", input);
	checkTensor(op, "indices", indices);
	const given = optional(op, defaults, all);
	const window = sizes(op, "kernelSize", given.kernelSize, count);
	const stride = sizes(op, "stride", given.stride ?? window, count);
	const padding = sizes(op, "padding", given.padding, count);
	const places = input.shape.slice(-count);
	const usual: number[] = places.map(
		(place, i) =>
			(place - 1) * (stride[i] as number) +
			(window[i] as number) -
			2 * (padding[i] as number),
	);
	if (given.outputSize === null)
		return { size: usual as Sizes<Count>, stride, padding };
	const size = given.outputSize.slice(-count);
	const extra = given.outputSize.length - count;
	const fits = size.every(
		(each, i) => Math.abs(each - (usual[i] as number)) < (stride[i] as number),
	);
	if ((extra !== 0 && extra !== 2) || !fits)
		throw check.invalidValue(
			op,
			"outputSize",
			`expected ${count} or ${count + 2} sizes, the last ones within a stride of [${usual.join(", ")}], got [${given.outputSize.join(", ")}]`,
		);
	return { size: size as Sizes<Count>, stride, padding };
}
