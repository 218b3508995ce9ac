import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import * as nn from "../../nn/index.ts";
import { float } from "../../nn/names.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What is dropped together: the whole batch, or each sample ("row") by itself. */
export type StochasticDepthMode = "batch" | "row";

/**
 * In training drops the input, the branch of a residual block, with probability `p` and scales what stays by 1 / (1 - p):
 * https://arxiv.org/abs/1603.09382
 */
export function stochasticDepth(
	input: Tensor,
	p: number,
	mode: StochasticDepthMode,
	training = true,
): Tensor {
	check.number("stochasticDepth", "p", p, { min: 0, max: 1 });
	check.oneOf("stochasticDepth", "mode", mode, ["batch", "row"]);
	if (!training || p === 0) return input;
	const kept = 1 - p;
	const size = input.shape.map((length, i) =>
		i === 0 && mode === "row" ? length : 1,
	);
	const { dtype, device } = input;
	const noise = empty(size, { dtype, device }).bernoulli_(kept);
	if (kept > 0) noise.div_(kept);
	return input.mul(noise);
}

/** `stochasticDepth` as a module: does nothing in evaluation. */
export class StochasticDepth extends nn.Module<[input: Tensor], Tensor> {
	readonly p: number;
	readonly mode: StochasticDepthMode;

	constructor(p: number, mode: StochasticDepthMode) {
		super();
		const op = new.target.name;
		this.p = check.number(op, "p", p, { min: 0, max: 1 });
		this.mode = check.oneOf(op, "mode", mode, ["batch", "row"]);
	}

	override forward(input: Tensor): Tensor {
		return stochasticDepth(input, this.p, this.mode, this.training);
	}

	override extraRepr(): string {
		return `p=${float(this.p)}, mode=${this.mode}`;
	}
}
