import * as check from "../../check.ts";
import { cat } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ClassifierOptions, NUM_CLASSES } from "./options.ts";

const pointwise = (inputs: number, outputs: number) =>
	new nn.Conv2d(inputs, outputs, 1, { bias: false });
const depthwise = (channels: number, stride: number) =>
	new nn.Conv2d(channels, channels, 3, {
		stride,
		padding: 1,
		bias: false,
		groups: channels,
	});
const relu = () => new nn.ReLU({ inplace: true });

/** Half of the channels pass by (all pass a branch at stride 2), then both halves are mixed. */
class InvertedResidual extends nn.Module<[x: Tensor], Tensor> {
	readonly stride: number;
	readonly branch1: nn.Sequential;
	readonly branch2: nn.Sequential;

	constructor(inputs: number, outputs: number, stride: 1 | 2) {
		super();
		const half = Math.floor(outputs / 2);
		this.stride = stride;
		this.branch1 =
			stride === 1
				? new nn.Sequential()
				: new nn.Sequential(
						depthwise(inputs, stride),
						new nn.BatchNorm2d(inputs),
						pointwise(inputs, half),
						new nn.BatchNorm2d(half),
						relu(),
					);
		this.branch2 = new nn.Sequential(
			pointwise(stride === 1 ? half : inputs, half),
			new nn.BatchNorm2d(half),
			relu(),
			depthwise(half, stride),
			new nn.BatchNorm2d(half),
			pointwise(half, half),
			new nn.BatchNorm2d(half),
			relu(),
		);
	}

	override forward(x: Tensor): Tensor {
		const [first, second] =
			this.stride === 1
				? (x.chunk(2, 1) as [Tensor, Tensor])
				: [this.branch1(x), x];
		return F.channelShuffle(cat([first, this.branch2(second)], 1), 2);
	}
}

/**
 * ShuffleNet V2: [N, 3, H, W] to [N, numClasses].
 *
 * @see https://arxiv.org/abs/1807.11164
 */
export class ShuffleNetV2 extends nn.Module<[x: Tensor], Tensor> {
	readonly conv1: nn.Sequential;
	readonly maxpool: nn.MaxPool2d;
	readonly stage2: nn.Sequential;
	readonly stage3: nn.Sequential;
	readonly stage4: nn.Sequential;
	readonly conv5: nn.Sequential;
	readonly fc: nn.Linear;

	/** `channels` are those of the first convolution, the three stages and the last convolution. */
	constructor(
		repeats: readonly [number, number, number],
		channels: readonly [number, number, number, number, number],
		options: ClassifierOptions = {},
	) {
		super();
		const op = new.target.name;
		const { numClasses } = settings(op, options, { numClasses: NUM_CLASSES });
		for (const [i, width] of channels.slice(1, 4).entries())
			if (width % 2 !== 0)
				throw check.invalidValue(
					op,
					`channels[${i + 1}]`,
					`expected an even number, got ${width}`,
				);
		const [first, ...widths] = channels;
		const last = channels[4];
		let inputs: number = first;
		const stage = (index: 0 | 1 | 2) => {
			const outputs = widths[index] as number;
			const blocks = [new InvertedResidual(inputs, outputs, 2)];
			while (blocks.length < repeats[index])
				blocks.push(new InvertedResidual(outputs, outputs, 1));
			inputs = outputs;
			return new nn.Sequential(...blocks);
		};
		this.conv1 = new nn.Sequential(
			new nn.Conv2d(3, first, 3, { stride: 2, padding: 1, bias: false }),
			new nn.BatchNorm2d(first),
			relu(),
		);
		this.maxpool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
		this.stage2 = stage(0);
		this.stage3 = stage(1);
		this.stage4 = stage(2);
		this.conv5 = new nn.Sequential(
			pointwise(inputs, last),
			new nn.BatchNorm2d(last),
			relu(),
		);
		this.fc = new nn.Linear(last, numClasses);
	}

	override forward(x: Tensor): Tensor {
		let y = this.maxpool(this.conv1(x));
		y = this.stage4(this.stage3(this.stage2(y)));
		return this.fc(this.conv5(y).mean([2, 3]));
	}
}

/** `ShuffleNetV2` of half the width. */
export function shufflenetV2X0_5(
	options: ClassifierOptions = {},
): ShuffleNetV2 {
	return new ShuffleNetV2([4, 8, 4], [24, 48, 96, 192, 1024], options);
}

/** `ShuffleNetV2` of the paper's width. */
export function shufflenetV2X1_0(
	options: ClassifierOptions = {},
): ShuffleNetV2 {
	return new ShuffleNetV2([4, 8, 4], [24, 116, 232, 464, 1024], options);
}

/** `ShuffleNetV2` of 1.5 times the width. */
export function shufflenetV2X1_5(
	options: ClassifierOptions = {},
): ShuffleNetV2 {
	return new ShuffleNetV2([4, 8, 4], [24, 176, 352, 704, 1024], options);
}

/** `ShuffleNetV2` of twice the width. */
export function shufflenetV2X2_0(
	options: ClassifierOptions = {},
): ShuffleNetV2 {
	return new ShuffleNetV2([4, 8, 4], [24, 244, 488, 976, 2048], options);
}
