import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkTensor, type Optional, optional } from "../arguments.ts";

/** With which probability (0 to 1, default 0.5) elements become zero; only in training; whether the input is overwritten. */
export interface DropoutOptions {
	p?: number | undefined;
	training?: boolean | undefined;
	inplace?: boolean | undefined;
}

type DropoutArguments = Optional<
	{ p: number; training: boolean; inplace: boolean },
	["p", "training", "inplace"]
>;

function read(
	op: string,
	input: Tensor,
	rest: DropoutArguments,
	training: boolean,
): { p: number; training: boolean; inplace: boolean } {
	checkTensor(op, "input", input);
	const read = optional(op, { p: 0.5, training, inplace: false }, rest);
	check.number(op, "p", read.p, { min: 0, max: 1 });
	return read;
}

/** In training (the default) zeroes each element with probability `p` and scales the others by 1 / (1 - p); else returns the input. */
export function dropout(input: Tensor, ...rest: DropoutArguments): Tensor {
	const { p, training, inplace } = read("dropout", input, rest, true);
	return inplace
		? input.dropout_(p, training)
		: generated.dropout(input, p, training);
}

/** As `dropout`, but zeroes whole channels of [N, C, L] or [C, L]. */
export function dropout1d(input: Tensor, ...rest: DropoutArguments): Tensor {
	checkTensor("dropout1d", "input", input);
	checkDims("dropout1d", input, [2, 3]);
	return batched("dropout1d", input, rest, 3);
}

/** As `dropout`, but zeroes whole channels of [N, C, H, W], or [N, C, L]. */
export function dropout2d(input: Tensor, ...rest: DropoutArguments): Tensor {
	return channels(input, read("dropout2d", input, rest, true));
}

/** As `dropout`, but zeroes whole channels of [N, C, D, H, W] or [C, D, H, W]. */
export function dropout3d(input: Tensor, ...rest: DropoutArguments): Tensor {
	return batched("dropout3d", input, rest, 5);
}

/** Feature dropout of inputs with `dims` dimensions, or one less: then they are a batch of one. */
function batched(
	op: string,
	input: Tensor,
	rest: DropoutArguments,
	dims: number,
): Tensor {
	const options = read(op, input, rest, true);
	if (input.dim() === dims) return channels(input, options);
	return options.inplace
		? channels(input.unsqueeze_(0), options).squeeze_(0)
		: channels(input.unsqueeze(0), options).squeeze(0);
}

function channels(
	input: Tensor,
	{ p, training, inplace }: { p: number; training: boolean; inplace: boolean },
): Tensor {
	return inplace
		? input.featureDropout_(p, training)
		: generated.featureDropout(input, p, training);
}

/** Dropout that keeps mean and variance of what `selu` gives. Not in training unless `training` is true. */
export function alphaDropout(input: Tensor, ...rest: DropoutArguments): Tensor {
	const { p, training, inplace } = read("alphaDropout", input, rest, false);
	return inplace
		? input.alphaDropout_(p, training)
		: generated.alphaDropout(input, p, training);
}

/** As `alphaDropout`, but masks whole channels. */
export function featureAlphaDropout(
	input: Tensor,
	...rest: DropoutArguments
): Tensor {
	const { p, training, inplace } = read(
		"featureAlphaDropout",
		input,
		rest,
		false,
	);
	return inplace
		? input.featureAlphaDropout_(p, training)
		: generated.featureAlphaDropout(input, p, training);
}

function checkDims(op: string, input: Tensor, dims: readonly number[]): void {
	if (dims.includes(input.dim())) return;
	throw check.invalidValue(
		op,
		"input",
		`expected ${dims.join(" or ")} dimensions, got ${input.dim()}`,
	);
}
