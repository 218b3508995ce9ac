import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import * as nn from "../../nn/index.ts";
import { settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type DropoutOptions, NUM_CLASSES, probability } from "./options.ts";
import { initialise, zeroBias } from "./weightInit.ts";

/** Few channels, then twice as many, half by 1 × 1 and half by 3 × 3 convolutions. */
class Fire extends nn.Module<[x: Tensor], Tensor> {
	readonly squeeze: nn.Conv2d;
	readonly squeezeActivation: nn.ReLU;
	readonly expand1x1: nn.Conv2d;
	readonly expand1x1Activation: nn.ReLU;
	readonly expand3x3: nn.Conv2d;
	readonly expand3x3Activation: nn.ReLU;

	constructor(inputs: number, squeezed: number, expanded: number) {
		super();
		const relu = () => new nn.ReLU({ inplace: true });
		this.squeeze = new nn.Conv2d(inputs, squeezed, 1);
		this.squeezeActivation = relu();
		this.expand1x1 = new nn.Conv2d(squeezed, expanded, 1);
		this.expand1x1Activation = relu();
		this.expand3x3 = new nn.Conv2d(squeezed, expanded, 3, { padding: 1 });
		this.expand3x3Activation = relu();
	}

	override forward(x: Tensor): Tensor {
		const y = this.squeezeActivation(this.squeeze(x));
		const small = this.expand1x1Activation(this.expand1x1(y));
		const large = this.expand3x3Activation(this.expand3x3(y));
		return cat([small, large], 1);
	}
}

/**
 * SqueezeNet: [N, 3, H, W] to [N, numClasses], H and W at least 21 (version 1_0) or 17 (1_1). Dropout 0.5 by default.
 *
 * @see https://arxiv.org/abs/1602.07360
 */
export class SqueezeNet extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly classifier: nn.Sequential;

	constructor(version: "1_0" | "1_1" = "1_0", options: DropoutOptions = {}) {
		super();
		const op = new.target.name;
		check.oneOf(op, "version", version, ["1_0", "1_1"]);
		const { numClasses, dropout } = settings(op, options, {
			numClasses: NUM_CLASSES,
			dropout: probability(0.5),
		});
		const relu = () => new nn.ReLU({ inplace: true });
		const pool = () => new nn.MaxPool2d(3, { stride: 2, ceilMode: true });
		this.features =
			version === "1_0"
				? new nn.Sequential(
						new nn.Conv2d(3, 96, 7, { stride: 2 }),
						relu(),
						pool(),
						new Fire(96, 16, 64),
						new Fire(128, 16, 64),
						new Fire(128, 32, 128),
						pool(),
						new Fire(256, 32, 128),
						new Fire(256, 48, 192),
						new Fire(384, 48, 192),
						new Fire(384, 64, 256),
						pool(),
						new Fire(512, 64, 256),
					)
				: new nn.Sequential(
						new nn.Conv2d(3, 64, 3, { stride: 2 }),
						relu(),
						pool(),
						new Fire(64, 16, 64),
						new Fire(128, 16, 64),
						pool(),
						new Fire(128, 32, 128),
						new Fire(256, 32, 128),
						pool(),
						new Fire(256, 48, 192),
						new Fire(384, 48, 192),
						new Fire(384, 64, 256),
						new Fire(512, 64, 256),
					);
		const last = new nn.Conv2d(512, numClasses, 1);
		this.classifier = new nn.Sequential(
			new nn.Dropout(dropout),
			last,
			relu(),
			new nn.AdaptiveAvgPool2d([1, 1]),
		);
		initialise(this, {
			conv(layer) {
				if (layer === last) nn.init.normal_(layer.weight, 0, 0.01);
				else nn.init.kaimingUniform_(layer.weight);
				zeroBias(layer);
			},
		});
	}

	override forward(x: Tensor): Tensor {
		return this.classifier(this.features(x)).flatten(1);
	}
}

/** `SqueezeNet` as in the paper: 1.2 million parameters with ImageNet's classes. */
export function squeezenet1_0(options: DropoutOptions = {}): SqueezeNet {
	return new SqueezeNet("1_0", options);
}

/** `SqueezeNet` with 2.4 times less arithmetic and as accurate. */
export function squeezenet1_1(options: DropoutOptions = {}): SqueezeNet {
	return new SqueezeNet("1_1", options);
}
