import * as nn from "../../nn/index.ts";
import { settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { layerMaker } from "./convNormActivation.ts";
import { type ActivationLayer, type Layer, relu } from "./layers.ts";

export interface SqueezeExcitationOptions {
	/** Makes the activation in the middle. Default: ReLU. */
	activation?: ActivationLayer | undefined;
	/** Makes the activation of the scales. Default: sigmoid. */
	scaleActivation?: ActivationLayer | undefined;
}

/**
 * Scales each channel of [N, C, H, W] by a number in [0, 1] that two 1 × 1 convolutions find from all channels' means:
 * https://arxiv.org/abs/1709.01507
 */
export class SqueezeExcitation extends nn.Module<[input: Tensor], Tensor> {
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly fc1: nn.Conv2d;
	readonly fc2: nn.Conv2d;
	readonly activation: Layer;
	readonly scaleActivation: Layer;

	constructor(
		inputChannels: number,
		squeezeChannels: number,
		options: SqueezeExcitationOptions = {},
	) {
		super();
		const { activation, scaleActivation } = settings(new.target.name, options, {
			activation: layerMaker(relu),
			scaleActivation: layerMaker<ActivationLayer>(() => new nn.Sigmoid()),
		});
		this.avgpool = new nn.AdaptiveAvgPool2d(1);
		this.fc1 = new nn.Conv2d(inputChannels, squeezeChannels, 1);
		this.fc2 = new nn.Conv2d(squeezeChannels, inputChannels, 1);
		this.activation = activation(false);
		this.scaleActivation = scaleActivation(false);
	}

	override forward(input: Tensor): Tensor {
		const squeezed = this.activation(this.fc1(this.avgpool(input)));
		return this.scaleActivation(this.fc2(squeezed)).mul(input);
	}
}
