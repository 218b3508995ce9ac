import * as check from "../../check.ts";
import { ones, zeros } from "../../generated/functions.ts";
import * as nn from "../../nn/index.ts";
import { FACTORY, real, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Batch normalisation whose statistics, scale and shift stay as they are: buffers, for fine-tuning with small batches. */
export class FrozenBatchNorm2d extends nn.Module<[input: Tensor], Tensor> {
	readonly numFeatures: number;
	readonly eps: number;
	weight: nn.Buffer; // [numFeatures]
	bias: nn.Buffer; // [numFeatures]
	runningMean: nn.Buffer; // [numFeatures]
	runningVar: nn.Buffer; // [numFeatures]

	constructor(
		numFeatures: number,
		options: { eps?: number | undefined } & nn.FactoryOptions = {},
	) {
		super();
		const op = new.target.name;
		check.integer(op, "numFeatures", numFeatures, { min: 0 });
		const { eps, ...factory } = settings(op, options, {
			eps: real(1e-5),
			...FACTORY,
		});
		this.numFeatures = numFeatures;
		this.eps = eps;
		this.weight = new nn.Buffer(ones([numFeatures], factory));
		this.bias = new nn.Buffer(zeros([numFeatures], factory));
		this.runningMean = new nn.Buffer(zeros([numFeatures], factory));
		this.runningVar = new nn.Buffer(ones([numFeatures], factory));
	}

	/** A BatchNorm2d's state fits, but for the count of its batches. */
	protected override adoptState(state: nn.StateDict, prefix: string): void {
		delete state[`${prefix}num_batches_tracked`];
	}

	override forward(input: Tensor): Tensor {
		const column = (buffer: Tensor) => buffer.reshape([1, -1, 1, 1]);
		const scale = column(this.weight).mul(
			column(this.runningVar).add(this.eps).rsqrt(),
		);
		const shift = column(this.bias).sub(column(this.runningMean).mul(scale));
		return input.mul(scale).add(shift);
	}

	override extraRepr(): string {
		return `${this.numFeatures}, eps=${this.eps === 1e-5 ? "1e-05" : this.eps}`;
	}
}
