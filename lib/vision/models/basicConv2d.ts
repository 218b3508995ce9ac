import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";
import { initialise } from "./weightInit.ts";

/** What GoogLeNet and Inception V3 are made of: a convolution, batch normalisation and ReLU. */
export class BasicConv2d extends nn.Module<[x: Tensor], Tensor> {
	readonly conv: nn.Conv2d;
	readonly bn: nn.BatchNorm2d;

	constructor(
		inputs: number,
		outputs: number,
		kernelSize: number | readonly [number, number],
		options: Pick<
			nn.ConvOptions<number | readonly [number, number]>,
			"stride" | "padding"
		> = {},
	) {
		super();
		this.conv = new nn.Conv2d(inputs, outputs, kernelSize, {
			...options,
			bias: false,
		});
		this.bn = new nn.BatchNorm2d(outputs, { eps: 0.001 });
	}

	override forward(x: Tensor): Tensor {
		return F.relu(this.bn(this.conv(x)), true);
	}
}

/** Normalisations of channels by ImageNet's statistics become ones by 0.5, which weights from TensorFlow expect: [N, 3, H, W]. */
export function transformInput(x: Tensor): Tensor {
	const scale = [0.229, 0.224, 0.225].map((std) => std / 0.5);
	const shift = [0.485, 0.456, 0.406].map((mean) => (mean - 0.5) / 0.5);
	const column = (values: number[]) =>
		tensor(values, { dtype: x.dtype, device: x.device as Device }).reshape([
			1, 3, 1, 1,
		]);
	return x.mul(column(scale)).add(column(shift));
}

/** Weights from a normal distribution cut off at 2; `stdOf` says how wide. */
export function truncatedNormal(
	model: nn.AnyModule,
	stdOf: (layer: nn.Conv2d | nn.Linear) => number,
): void {
	const draw = (layer: nn.Conv2d | nn.Linear) => {
		nn.init.truncNormal_(layer.weight, { std: stdOf(layer), a: -2, b: 2 });
	};
	initialise(model, { conv: draw, linear: draw });
}
