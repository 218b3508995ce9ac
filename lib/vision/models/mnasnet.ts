import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import { settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Layer } from "../ops/layers.ts";
import {
	type DropoutOptions,
	makeDivisible,
	NUM_CLASSES,
	probability,
} from "./options.ts";
import { initialise, kaimingFanOut, zeroBias } from "./weightInit.ts";

/** TensorFlow's momentum, as PyTorch counts it. */
const norm = (channels: number) =>
	new nn.BatchNorm2d(channels, { momentum: 1 - 0.9997 });
const relu = () => new nn.ReLU({ inplace: true });
const pointwise = (inputs: number, outputs: number) =>
	new nn.Conv2d(inputs, outputs, 1, { bias: false });
const depthwise = (channels: number, kernelSize: number, stride: number) =>
	new nn.Conv2d(channels, channels, kernelSize, {
		padding: Math.floor(kernelSize / 2),
		stride,
		groups: channels,
		bias: false,
	});

class InvertedResidual extends nn.Module<[x: Tensor], Tensor> {
	readonly layers: nn.Sequential;
	readonly isResidual: boolean;

	constructor(
		inputs: number,
		outputs: number,
		kernelSize: number,
		stride: number,
		expansion: number,
	) {
		super();
		const width = inputs * expansion;
		this.isResidual = inputs === outputs && stride === 1;
		this.layers = new nn.Sequential(
			pointwise(inputs, width),
			norm(width),
			relu(),
			depthwise(width, kernelSize, stride),
			norm(width),
			relu(),
			pointwise(width, outputs),
			norm(outputs),
		);
	}

	override forward(x: Tensor): Tensor {
		const y = this.layers(x);
		return this.isResidual ? y.add(x) : y;
	}
}

/** Of each stage: kernel size, stride, expansion and number of blocks. */
const STAGES = [
	[3, 2, 3, 3],
	[5, 2, 3, 3],
	[5, 2, 6, 3],
	[3, 1, 6, 2],
	[5, 2, 6, 4],
	[3, 1, 6, 1],
] as const;

/**
 * MNASNet of the width `alpha`: [N, 3, H, W] to [N, numClasses]. Dropout 0.2 by default.
 *
 * @see https://arxiv.org/abs/1807.11626
 */
export class MNASNet extends nn.Module<[x: Tensor], Tensor> {
	readonly layers: nn.Sequential;
	readonly classifier: nn.Sequential;

	constructor(alpha: number, options: DropoutOptions = {}) {
		super();
		const op = new.target.name;
		check.number(op, "alpha", alpha, { min: Number.MIN_VALUE });
		const { numClasses, dropout } = settings(op, options, {
			numClasses: NUM_CLASSES,
			dropout: probability(0.2),
		});
		const [first, second, ...depths] = [32, 16, 24, 40, 80, 96, 192, 320].map(
			(depth) => makeDivisible(depth * alpha, 8),
		) as [number, number];
		const layers: Layer[] = [
			new nn.Conv2d(3, first, 3, { padding: 1, stride: 2, bias: false }),
			norm(first),
			relu(),
			depthwise(first, 3, 1),
			norm(first),
			relu(),
			pointwise(first, second),
			norm(second),
		];
		let inputs: number = second;
		for (const [
			i,
			[kernelSize, stride, expansion, count],
		] of STAGES.entries()) {
			const outputs = (depths as number[])[i] as number;
			const blocks: Layer[] = [];
			for (let j = 0; j < count; j++) {
				const step = j === 0 ? stride : 1;
				blocks.push(
					new InvertedResidual(inputs, outputs, kernelSize, step, expansion),
				);
				inputs = outputs;
			}
			layers.push(new nn.Sequential(...blocks));
		}
		layers.push(pointwise(inputs, 1280), norm(1280), relu());
		this.layers = new nn.Sequential(...layers);
		this.classifier = new nn.Sequential(
			new nn.Dropout(dropout, { inplace: true }),
			new nn.Linear(1280, numClasses),
		);
		initialise(this, {
			conv: kaimingFanOut,
			linear(layer) {
				nn.init.kaimingUniform_(layer.weight, {
					mode: "fan_out",
					nonlinearity: "sigmoid",
				});
				zeroBias(layer);
			},
		});
	}

	override forward(x: Tensor): Tensor {
		return this.classifier(this.layers(x).mean([2, 3]));
	}
}

/** `MNASNet` of half the width. */
export function mnasnet0_5(options: DropoutOptions = {}): MNASNet {
	return new MNASNet(0.5, options);
}

/** `MNASNet` of 0.75 times the width. */
export function mnasnet0_75(options: DropoutOptions = {}): MNASNet {
	return new MNASNet(0.75, options);
}

/** `MNASNet` of the paper's width. */
export function mnasnet1_0(options: DropoutOptions = {}): MNASNet {
	return new MNASNet(1, options);
}

/** `MNASNet` of 1.3 times the width. */
export function mnasnet1_3(options: DropoutOptions = {}): MNASNet {
	return new MNASNet(1.3, options);
}
