import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { float, python } from "../../nn/names.ts";
import { flag, real, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface DropBlockOptions {
	/** Whether the input is overwritten. Default false. */
	inplace?: boolean | undefined;
	/** Against division by 0. Default 1e-6. */
	eps?: number | undefined;
}

/** Zeroes blocks of [N, C, …sizes] with `dims` spatial dimensions, and scales what stays. */
function dropBlock(
	op: string,
	dims: 2 | 3,
	input: Tensor,
	p: number,
	blockSize: number,
	{ inplace = false, eps = 1e-6 }: DropBlockOptions,
	training: boolean,
): Tensor {
	check.number(op, "p", p, { min: 0, max: 1 });
	check.integer(op, "blockSize", blockSize, { min: 1 });
	if (input.dim() !== dims + 2)
		throw check.invalidValue(
			op,
			"input",
			`expected ${dims + 2} dimensions, got ${input.dim()}`,
		);
	if (!training || p === 0) return input;
	const [n, c, ...sizes] = input.shape as [number, number, ...number[]];
	const block = Math.min(blockSize, ...sizes);
	if (block % 2 === 0)
		throw check.invalidValue(
			op,
			"blockSize",
			`expected an odd number, got ${block}${block < blockSize ? ", the input's size" : ""}`,
		);
	const product = (values: number[]) => values.reduce((a, b) => a * b, 1);
	const starts = sizes.map((size) => size - block + 1);
	const gamma = (p * product(sizes)) / (block ** dims * product(starts));
	const { dtype, device } = input;
	const half = Math.floor(block / 2);
	let noise = empty([n, c, ...starts], { dtype, device }).bernoulli_(gamma);
	noise = F.pad(noise, new Array<number>(2 * dims).fill(half));
	noise =
		dims === 2
			? F.maxPool2d(noise, block, 1, half)
			: F.maxPool3d(noise, block, 1, half);
	const kept = noise.neg().add(1);
	const scale = kept.sum().add(eps).reciprocal().mul(kept.numel());
	return inplace ? input.mul_(kept).mul_(scale) : input.mul(kept).mul(scale);
}

/** In training zeroes squares of `blockSize` (odd) in each channel of [N, C, H, W], a share `p` of all: https://arxiv.org/abs/1810.12890 */
export function dropBlock2d(
	input: Tensor,
	p: number,
	blockSize: number,
	options: DropBlockOptions & { training?: boolean | undefined } = {},
): Tensor {
	const op = "dropBlock2d";
	check.options(op, options, ["inplace", "eps", "training"]);
	const { training = true, ...rest } = options;
	return dropBlock(op, 2, input, p, blockSize, rest, training);
}

/** As `dropBlock2d`, cubes of [N, C, D, H, W]. */
export function dropBlock3d(
	input: Tensor,
	p: number,
	blockSize: number,
	options: DropBlockOptions & { training?: boolean | undefined } = {},
): Tensor {
	const op = "dropBlock3d";
	check.options(op, options, ["inplace", "eps", "training"]);
	const { training = true, ...rest } = options;
	return dropBlock(op, 3, input, p, blockSize, rest, training);
}

abstract class DropBlock extends nn.Module<[input: Tensor], Tensor> {
	readonly p: number;
	readonly blockSize: number;
	readonly inplace: boolean;
	readonly eps: number;

	constructor(p: number, blockSize: number, options: DropBlockOptions = {}) {
		super();
		const op = new.target.name;
		const { inplace, eps } = settings(op, options, {
			inplace: flag(false),
			eps: real(1e-6),
		});
		this.p = check.number(op, "p", p, { min: 0, max: 1 });
		this.blockSize = check.integer(op, "blockSize", blockSize, { min: 1 });
		this.inplace = inplace;
		this.eps = eps;
	}

	override extraRepr(): string {
		const { p, blockSize, inplace } = this;
		return `p=${float(p)}, block_size=${blockSize}, inplace=${python(inplace)}`;
	}
}

/** `dropBlock2d` as a module: does nothing in evaluation. */
export class DropBlock2d extends DropBlock {
	override forward(input: Tensor): Tensor {
		const { p, blockSize, training } = this;
		return dropBlock("DropBlock2d", 2, input, p, blockSize, this, training);
	}
}

/** `dropBlock3d` as a module: does nothing in evaluation. */
export class DropBlock3d extends DropBlock {
	override forward(input: Tensor): Tensor {
		const { p, blockSize, training } = this;
		return dropBlock("DropBlock3d", 3, input, p, blockSize, this, training);
	}
}
