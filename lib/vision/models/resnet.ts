import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import { flag, settings, unchecked, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { batchNorm, type Layer, type NormLayer } from "../ops/layers.ts";
import { type ClassifierOptions, NORM_LAYER, NUM_CLASSES } from "./options.ts";
import { BasicBlock, type Block, Bottleneck, conv1x1 } from "./resnetBlocks.ts";
import { initialise, kaimingFanOut } from "./weightInit.ts";

export interface ResNetOptions extends ClassifierOptions {
	/** Whether each block's last normalisation starts with 0, so that blocks start as identities. Default false. */
	zeroInitResidual?: boolean | undefined;
	/** Groups of the 3 × 3 convolutions; only bottlenecks have more than 1. */
	groups?: number | undefined;
	/** Channels per group, for 64 channels of the block. */
	widthPerGroup?: number | undefined;
	/** Which of the last three stages dilate their convolutions instead of halving the size. Default: none. */
	replaceStrideWithDilation?: readonly [boolean, boolean, boolean] | undefined;
	/** Makes the normalisations. Default: batch normalisation. */
	normLayer?: NormLayer | null | undefined;
}

/**
 * Residual networks, ResNeXt and wide ones: [N, 3, H, W] to [N, numClasses], H and W any, 224 as a rule.
 *
 * @see https://arxiv.org/abs/1512.03385, https://arxiv.org/abs/1611.05431, https://arxiv.org/abs/1605.07146
 */
export class ResNet extends nn.Module<[x: Tensor], Tensor> {
	readonly conv1: nn.Conv2d;
	readonly bn1: Layer;
	readonly relu: nn.ReLU;
	readonly maxpool: nn.MaxPool2d;
	readonly layer1: nn.Sequential;
	readonly layer2: nn.Sequential;
	readonly layer3: nn.Sequential;
	readonly layer4: nn.Sequential;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly fc: nn.Linear;

	/** `block` is "basic" or "bottleneck"; `layers` says how many of them each of the four stages has. */
	constructor(
		block: "basic" | "bottleneck",
		layers: readonly [number, number, number, number],
		options: ResNetOptions = {},
	) {
		super();
		const op = new.target.name;
		const given = settings(op, options, {
			numClasses: NUM_CLASSES,
			zeroInitResidual: flag(false),
			groups: whole(1, { min: 1 }),
			widthPerGroup: whole(64, { min: 1 }),
			replaceStrideWithDilation: unchecked([false, false, false]),
			normLayer: NORM_LAYER,
		});
		const dilated = given.replaceStrideWithDilation;
		if (!Array.isArray(dilated) || dilated.length !== 3)
			throw check.invalidType(
				op,
				"replaceStrideWithDilation",
				"[boolean, boolean, boolean]",
				dilated,
			);
		const normLayer = given.normLayer ?? batchNorm;
		const Kind: Block = block === "basic" ? BasicBlock : Bottleneck;
		let inplanes = 64;
		let dilation = 1;

		const stage = (index: 0 | 1 | 2 | 3) => {
			const planes = 64 * 2 ** index;
			const outputs = planes * Kind.expansion;
			const before = dilation;
			let stride = index === 0 ? 1 : 2;
			if (index > 0 && dilated[index - 1]) {
				dilation *= stride;
				stride = 1;
			}
			const downsample =
				stride !== 1 || inplanes !== outputs
					? new nn.Sequential(
							conv1x1(inplanes, outputs, stride),
							normLayer(outputs),
						)
					: null;
			const { groups, widthPerGroup: baseWidth } = given;
			const common = { groups, baseWidth, normLayer };
			const blocks = [
				new Kind(inplanes, planes, {
					...common,
					stride,
					downsample,
					dilation: before,
				}),
			];
			inplanes = outputs;
			while (blocks.length < layers[index]) {
				const rest = { ...common, stride: 1, downsample: null, dilation };
				blocks.push(new Kind(inplanes, planes, rest));
			}
			return new nn.Sequential(...blocks);
		};

		this.conv1 = new nn.Conv2d(3, inplanes, 7, {
			stride: 2,
			padding: 3,
			bias: false,
		});
		this.bn1 = normLayer(inplanes);
		this.relu = new nn.ReLU({ inplace: true });
		this.maxpool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
		this.layer1 = stage(0);
		this.layer2 = stage(1);
		this.layer3 = stage(2);
		this.layer4 = stage(3);
		this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
		this.fc = new nn.Linear(512 * Kind.expansion, given.numClasses);

		initialise(this, { conv: kaimingFanOut });
		if (given.zeroInitResidual) {
			for (const module of this.modules()) {
				const last =
					module instanceof Bottleneck
						? module.bn3
						: module instanceof BasicBlock
							? module.bn2
							: null;
				const weight = (last as { weight?: nn.Parameter | null } | null)
					?.weight;
				if (weight) nn.init.zeros_(weight);
			}
		}
	}

	override forward(x: Tensor): Tensor {
		let y = this.maxpool(this.relu(this.bn1(this.conv1(x))));
		y = this.layer4(this.layer3(this.layer2(this.layer1(y))));
		return this.fc(this.avgpool(y).flatten(1));
	}
}

/** `ResNet` of 18 layers: 11.7 million parameters with ImageNet's classes. */
export function resnet18(options: ResNetOptions = {}): ResNet {
	return new ResNet("basic", [2, 2, 2, 2], options);
}

/** `ResNet` of 34 layers. */
export function resnet34(options: ResNetOptions = {}): ResNet {
	return new ResNet("basic", [3, 4, 6, 3], options);
}

/** `ResNet` of 50 layers: 25.6 million parameters with ImageNet's classes. */
export function resnet50(options: ResNetOptions = {}): ResNet {
	return new ResNet("bottleneck", [3, 4, 6, 3], options);
}

/** `ResNet` of 101 layers. */
export function resnet101(options: ResNetOptions = {}): ResNet {
	return new ResNet("bottleneck", [3, 4, 23, 3], options);
}

/** `ResNet` of 152 layers. */
export function resnet152(options: ResNetOptions = {}): ResNet {
	return new ResNet("bottleneck", [3, 8, 36, 3], options);
}

/** ResNeXt of 50 layers, 32 groups of 4 channels. */
export function resnext50_32x4d(options: ResNetOptions = {}): ResNet {
	return resnet50({ groups: 32, widthPerGroup: 4, ...options });
}

/** ResNeXt of 101 layers, 32 groups of 8 channels. */
export function resnext101_32x8d(options: ResNetOptions = {}): ResNet {
	return resnet101({ groups: 32, widthPerGroup: 8, ...options });
}

/** ResNeXt of 101 layers, 64 groups of 4 channels. */
export function resnext101_64x4d(options: ResNetOptions = {}): ResNet {
	return resnet101({ groups: 64, widthPerGroup: 4, ...options });
}

/** Wide ResNet of 50 layers: twice the channels within blocks. */
export function wideResnet50_2(options: ResNetOptions = {}): ResNet {
	return resnet50({ widthPerGroup: 128, ...options });
}

/** Wide ResNet of 101 layers: twice the channels within blocks. */
export function wideResnet101_2(options: ResNetOptions = {}): ResNet {
	return resnet101({ widthPerGroup: 128, ...options });
}
