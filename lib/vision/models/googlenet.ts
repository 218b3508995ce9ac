import { cat } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import * as nn from "../../nn/index.ts";
import { flag, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { BasicConv2d, transformInput, truncatedNormal } from "./basicConv2d.ts";
import { type DropoutOptions, NUM_CLASSES, probability } from "./options.ts";

/** What GoogLeNet gives in training with `auxLogits`: [N, numClasses] each. */
export interface GoogLeNetOutputs {
	logits: Tensor;
	auxLogits2: Tensor;
	auxLogits1: Tensor;
}

export interface GoogLeNetOptions<Aux extends boolean = boolean>
	extends DropoutOptions {
	/** Whether there are two more classifiers in the middle, for training. Default true. */
	auxLogits?: Aux | undefined;
	/** Whether the input, normalised by ImageNet's statistics, is brought to those of TensorFlow's weights. Default false. */
	transformInput?: boolean | undefined;
	/** Whether weights are drawn from N(0, 0.01²), or stay as layers draw them. Default true. */
	initWeights?: boolean | undefined;
	/** The probability of a zero in the auxiliary classifiers. Default 0.7. */
	dropoutAux?: number | undefined;
}

/** Four branches side by side: 1 × 1, two of 3 × 3 (the paper's 5 × 5 is 3 × 3 in the known weights), and pooling. */
class Inception extends nn.Module<[x: Tensor], Tensor> {
	readonly branch1: BasicConv2d;
	readonly branch2: nn.Sequential;
	readonly branch3: nn.Sequential;
	readonly branch4: nn.Sequential;

	constructor(
		inputs: number,
		ch1x1: number,
		ch3x3: readonly [reduced: number, outputs: number],
		ch5x5: readonly [reduced: number, outputs: number],
		pooled: number,
	) {
		super();
		const wide = ([reduced, outputs]: readonly [number, number]) =>
			new nn.Sequential(
				new BasicConv2d(inputs, reduced, 1),
				new BasicConv2d(reduced, outputs, 3, { padding: 1 }),
			);
		this.branch1 = new BasicConv2d(inputs, ch1x1, 1);
		this.branch2 = wide(ch3x3);
		this.branch3 = wide(ch5x5);
		this.branch4 = new nn.Sequential(
			new nn.MaxPool2d(3, { stride: 1, padding: 1, ceilMode: true }),
			new BasicConv2d(inputs, pooled, 1),
		);
	}

	override forward(x: Tensor): Tensor {
		const { branch1, branch2, branch3, branch4 } = this;
		return cat([branch1(x), branch2(x), branch3(x), branch4(x)], 1);
	}
}

class InceptionAux extends nn.Module<[x: Tensor], Tensor> {
	readonly conv: BasicConv2d;
	readonly fc1: nn.Linear;
	readonly fc2: nn.Linear;
	readonly dropout: nn.Dropout;

	constructor(inputs: number, numClasses: number, dropout: number) {
		super();
		this.conv = new BasicConv2d(inputs, 128, 1);
		this.fc1 = new nn.Linear(2048, 1024);
		this.fc2 = new nn.Linear(1024, numClasses);
		this.dropout = new nn.Dropout(dropout);
	}

	override forward(x: Tensor): Tensor {
		const y = this.conv(F.adaptiveAvgPool2d(x, [4, 4])).flatten(1);
		return this.fc2(this.dropout(F.relu(this.fc1(y), true)));
	}
}

/**
 * GoogLeNet (Inception V1): [N, 3, H, W] to [N, numClasses], H and W at least 15. Dropout 0.2 by default.
 *
 * In training with `auxLogits` (the default) its output is `GoogLeNetOutputs`; in evaluation, and without them, a tensor.
 *
 * @see https://arxiv.org/abs/1409.4842
 */
export class GoogLeNet<
	Output extends Tensor | GoogLeNetOutputs = Tensor | GoogLeNetOutputs,
> extends nn.Module<[x: Tensor], Output> {
	readonly transformInput: boolean;
	readonly conv1: BasicConv2d;
	readonly maxpool1: nn.MaxPool2d;
	readonly conv2: BasicConv2d;
	readonly conv3: BasicConv2d;
	readonly maxpool2: nn.MaxPool2d;
	readonly inception3a: Inception;
	readonly inception3b: Inception;
	readonly maxpool3: nn.MaxPool2d;
	readonly inception4a: Inception;
	readonly inception4b: Inception;
	readonly inception4c: Inception;
	readonly inception4d: Inception;
	readonly inception4e: Inception;
	readonly maxpool4: nn.MaxPool2d;
	readonly inception5a: Inception;
	readonly inception5b: Inception;
	/** Removed by setting them to null. */
	aux1: InceptionAux | null;
	aux2: InceptionAux | null;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly dropout: nn.Dropout;
	readonly fc: nn.Linear;

	constructor(options: GoogLeNetOptions = {}) {
		super();
		const given = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			auxLogits: flag(true),
			transformInput: flag(false),
			initWeights: flag(true),
			dropout: probability(0.2),
			dropoutAux: probability(0.7),
		});
		const { numClasses, auxLogits, dropoutAux } = given;
		const pool = (size: number) =>
			new nn.MaxPool2d(size, { stride: 2, ceilMode: true });
		this.transformInput = given.transformInput;
		this.conv1 = new BasicConv2d(3, 64, 7, { stride: 2, padding: 3 });
		this.maxpool1 = pool(3);
		this.conv2 = new BasicConv2d(64, 64, 1);
		this.conv3 = new BasicConv2d(64, 192, 3, { padding: 1 });
		this.maxpool2 = pool(3);
		this.inception3a = new Inception(192, 64, [96, 128], [16, 32], 32);
		this.inception3b = new Inception(256, 128, [128, 192], [32, 96], 64);
		this.maxpool3 = pool(3);
		this.inception4a = new Inception(480, 192, [96, 208], [16, 48], 64);
		this.inception4b = new Inception(512, 160, [112, 224], [24, 64], 64);
		this.inception4c = new Inception(512, 128, [128, 256], [24, 64], 64);
		this.inception4d = new Inception(512, 112, [144, 288], [32, 64], 64);
		this.inception4e = new Inception(528, 256, [160, 320], [32, 128], 128);
		this.maxpool4 = pool(2);
		this.inception5a = new Inception(832, 256, [160, 320], [32, 128], 128);
		this.inception5b = new Inception(832, 384, [192, 384], [48, 128], 128);
		this.aux1 = auxLogits
			? new InceptionAux(512, numClasses, dropoutAux)
			: null;
		this.aux2 = auxLogits
			? new InceptionAux(528, numClasses, dropoutAux)
			: null;
		this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
		this.dropout = new nn.Dropout(given.dropout);
		this.fc = new nn.Linear(1024, numClasses);
		if (given.initWeights) truncatedNormal(this, () => 0.01);
	}

	override forward(x: Tensor): Output {
		let y = this.transformInput ? transformInput(x) : x;
		y = this.maxpool1(this.conv1(y));
		y = this.maxpool2(this.conv3(this.conv2(y)));
		y = this.maxpool3(this.inception3b(this.inception3a(y)));
		y = this.inception4a(y);
		const auxLogits1 = this.training ? this.aux1?.(y) : undefined;
		y = this.inception4d(this.inception4c(this.inception4b(y)));
		const auxLogits2 = this.training ? this.aux2?.(y) : undefined;
		y = this.maxpool4(this.inception4e(y));
		y = this.inception5b(this.inception5a(y));
		const logits = this.fc(this.dropout(this.avgpool(y).flatten(1)));
		return (
			auxLogits1 && auxLogits2 ? { logits, auxLogits2, auxLogits1 } : logits
		) as Output;
	}
}

/** `GoogLeNet`: 6.6 million parameters with ImageNet's classes, 13 million with the auxiliary classifiers. */
export function googlenet(
	options: GoogLeNetOptions<false> & { auxLogits: false },
): GoogLeNet<Tensor>;
export function googlenet(options?: GoogLeNetOptions): GoogLeNet;
export function googlenet(options: GoogLeNetOptions = {}): GoogLeNet {
	return new GoogLeNet(options);
}
