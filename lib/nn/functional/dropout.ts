import * as check from "../../check.ts";
import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { optional } from "../arguments.ts";

/** With which probability (0 to 1, default 0.5) elements become zero; only in training (default true); whether the input is overwritten. */
export interface DropoutOptions {
	p?: number | undefined;
	training?: boolean | undefined;
	inplace?: boolean | undefined;
}

const defaults = { p: 0.5, training: true, inplace: false };

/** In training zeroes each element with probability `p` and scales the others by 1 / (1 - p); else returns the input. */
export function dropout(
	input: Tensor,
	p?: number,
	training?: boolean,
	inplace?: boolean,
): Tensor;
export function dropout(input: Tensor, options: DropoutOptions): Tensor;
export function dropout(input: Tensor, ...rest: unknown[]): Tensor {
	const { p, training, inplace } = optional("dropout", defaults, rest);
	check.number("dropout", "p", p, { min: 0, max: 1 });
	return inplace
		? input.dropout_(p, training)
		: generated.dropout(input, p, training);
}

/** As `dropout`, but zeroes whole channels: `input` is [N, C, H, W], or [N, C, L]. */
export function dropout2d(
	input: Tensor,
	p?: number,
	training?: boolean,
	inplace?: boolean,
): Tensor;
export function dropout2d(input: Tensor, options: DropoutOptions): Tensor;
export function dropout2d(input: Tensor, ...rest: unknown[]): Tensor {
	const { p, training, inplace } = optional("dropout2d", defaults, rest);
	check.number("dropout2d", "p", p, { min: 0, max: 1 });
	return inplace
		? input.featureDropout_(p, training)
		: generated.featureDropout(input, p, training);
}
