import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { settings, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Layer } from "../ops/layers.ts";
import { type ClassifierOptions, NUM_CLASSES, probability } from "./options.ts";
import { initialise, zeroBias } from "./weightInit.ts";

export interface DenseNetOptions extends ClassifierOptions {
	/** The bottleneck's channels, in multiples of the growth rate. Default 4. */
	bnSize?: number | undefined;
	/** The probability of a zero after each layer. Default 0. */
	dropRate?: number | undefined;
}

interface LayerOptions {
	growthRate: number;
	bnSize: number;
	dropRate: number;
}

/** Makes `growthRate` channels of all channels before. */
class DenseLayer extends nn.Module<[features: Tensor[]], Tensor> {
	readonly norm1: nn.BatchNorm2d;
	readonly relu1: nn.ReLU;
	readonly conv1: nn.Conv2d;
	readonly norm2: nn.BatchNorm2d;
	readonly relu2: nn.ReLU;
	readonly conv2: nn.Conv2d;
	readonly dropRate: number;

	constructor(inputs: number, { growthRate, bnSize, dropRate }: LayerOptions) {
		super();
		const width = bnSize * growthRate;
		this.norm1 = new nn.BatchNorm2d(inputs);
		this.relu1 = new nn.ReLU({ inplace: true });
		this.conv1 = new nn.Conv2d(inputs, width, 1, { bias: false });
		this.norm2 = new nn.BatchNorm2d(width);
		this.relu2 = new nn.ReLU({ inplace: true });
		this.conv2 = new nn.Conv2d(width, growthRate, 3, {
			padding: 1,
			bias: false,
		});
		this.dropRate = dropRate;
	}

	override forward(features: Tensor[]): Tensor {
		const narrow = this.conv1(this.relu1(this.norm1(cat(features, 1))));
		const made = this.conv2(this.relu2(this.norm2(narrow)));
		return this.dropRate > 0
			? F.dropout(made, this.dropRate, this.training)
			: made;
	}
}

/** Dense layers, each seeing what all before it made; gives all of it. */
class DenseBlock extends nn.Module<[features: Tensor], Tensor> {
	constructor(layers: number, inputs: number, options: LayerOptions) {
		super();
		for (let i = 0; i < layers; i++)
			this.registerModule(
				`denselayer${i + 1}`,
				new DenseLayer(inputs + i * options.growthRate, options),
			);
	}

	override forward(features: Tensor): Tensor {
		const all = [features];
		for (const layer of this.children() as DenseLayer[]) all.push(layer(all));
		return cat(all, 1);
	}
}

/** Halves the channels and the size. */
class Transition extends nn.Sequential {
	constructor(inputs: number, outputs: number) {
		super({
			norm: new nn.BatchNorm2d(inputs),
			relu: new nn.ReLU({ inplace: true }),
			conv: new nn.Conv2d(inputs, outputs, 1, { bias: false }),
			pool: new nn.AvgPool2d(2, { stride: 2 }),
		});
	}
}

/** Names of layers in state dicts from before PyTorch 0.4: "norm.1" for "norm1". */
const OLD_NAME =
	/^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.(?:weight|bias|running_mean|running_var))$/;

/**
 * Densely connected networks: [N, 3, H, W] to [N, numClasses], H and W at least 29.
 *
 * @see https://arxiv.org/abs/1608.06993
 */
export class DenseNet extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly classifier: nn.Linear;

	/** `blockConfig` says how many layers each block has. */
	constructor(
		growthRate: number,
		blockConfig: readonly number[],
		numInitFeatures: number,
		options: DenseNetOptions = {},
	) {
		super();
		const op = new.target.name;
		const { numClasses, bnSize, dropRate } = settings(op, options, {
			numClasses: NUM_CLASSES,
			bnSize: whole(4, { min: 1 }),
			dropRate: probability(0),
		});
		check.integer(op, "growthRate", growthRate, { min: 1 });
		check.integer(op, "numInitFeatures", numInitFeatures, { min: 1 });
		const features: Record<string, Layer> = {
			conv0: new nn.Conv2d(3, numInitFeatures, 7, {
				stride: 2,
				padding: 3,
				bias: false,
			}),
			norm0: new nn.BatchNorm2d(numInitFeatures),
			relu0: new nn.ReLU({ inplace: true }),
			pool0: new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
		};
		let channels = numInitFeatures;
		for (const [i, layers] of blockConfig.entries()) {
			features[`denseblock${i + 1}`] = new DenseBlock(layers, channels, {
				growthRate,
				bnSize,
				dropRate,
			});
			channels += layers * growthRate;
			if (i === blockConfig.length - 1) break;
			const half = Math.floor(channels / 2);
			features[`transition${i + 1}`] = new Transition(channels, half);
			channels = half;
		}
		features.norm5 = new nn.BatchNorm2d(channels);
		this.features = new nn.Sequential(features);
		this.classifier = new nn.Linear(channels, numClasses);
		initialise(this, {
			conv: ({ weight }) => nn.init.kaimingNormal_(weight),
			linear: zeroBias,
		});
	}

	protected override adoptState(state: nn.StateDict, prefix: string): void {
		for (const [name, tensor] of Object.entries(state)) {
			const old = name.startsWith(prefix) ? OLD_NAME.exec(name) : null;
			if (old === null) continue;
			state[`${old[1]}${old[2]}`] = tensor;
			delete state[name];
		}
	}

	override forward(x: Tensor): Tensor {
		const features = F.relu(this.features(x), true);
		return this.classifier(F.adaptiveAvgPool2d(features, [1, 1]).flatten(1));
	}
}

/** `DenseNet` of 121 layers. */
export function densenet121(options: DenseNetOptions = {}): DenseNet {
	return new DenseNet(32, [6, 12, 24, 16], 64, options);
}

/** `DenseNet` of 161 layers. */
export function densenet161(options: DenseNetOptions = {}): DenseNet {
	return new DenseNet(48, [6, 12, 36, 24], 96, options);
}

/** `DenseNet` of 169 layers. */
export function densenet169(options: DenseNetOptions = {}): DenseNet {
	return new DenseNet(32, [6, 12, 32, 32], 64, options);
}

/** `DenseNet` of 201 layers. */
export function densenet201(options: DenseNetOptions = {}): DenseNet {
	return new DenseNet(32, [6, 12, 48, 32], 64, options);
}
