import * as nn from "../../nn/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** The dimensions in another order: `new Permute([0, 2, 3, 1])` makes [N, H, W, C] of [N, C, H, W]. */
export class Permute extends nn.Module<[input: Tensor], Tensor> {
	readonly dims: readonly number[];

	constructor(dims: readonly number[]) {
		super();
		this.dims = [...dims];
	}

	override forward(input: Tensor): Tensor {
		return input.permute(this.dims);
	}
}
