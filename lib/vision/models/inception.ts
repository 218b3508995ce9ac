import * as nn from "../../nn/index.ts";
import { flag, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { BasicConv2d, transformInput, truncatedNormal } from "./basicConv2d.ts";
import {
	InceptionA,
	InceptionAux,
	InceptionB,
	InceptionC,
	InceptionD,
	InceptionE,
} from "./inceptionBlocks.ts";
import { type DropoutOptions, NUM_CLASSES, probability } from "./options.ts";

/** What Inception V3 gives in training with `auxLogits`: [N, numClasses] each. */
export interface InceptionOutputs {
	logits: Tensor;
	auxLogits: Tensor;
}

export interface Inception3Options<Aux extends boolean = boolean>
	extends DropoutOptions {
	/** Whether there is one more classifier in the middle, for training. Default true. */
	auxLogits?: Aux | undefined;
	/** Whether the input, normalised by ImageNet's statistics, is brought to those of TensorFlow's weights. Default false. */
	transformInput?: boolean | undefined;
	/** Whether weights are drawn from N(0, 0.1²), or stay as layers draw them. Default true. */
	initWeights?: boolean | undefined;
}

/**
 * Inception V3: [N, 3, H, W] to [N, numClasses], H and W at least 75 (299 as a rule). Dropout 0.5 by default.
 *
 * In training with `auxLogits` (the default) its output is `InceptionOutputs`; in evaluation, and without them, a tensor.
 *
 * @see https://arxiv.org/abs/1512.00567
 */
export class Inception3<
	Output extends Tensor | InceptionOutputs = Tensor | InceptionOutputs,
> extends nn.Module<[x: Tensor], Output> {
	readonly transformInput: boolean;
	readonly Conv2d_1a_3x3: BasicConv2d;
	readonly Conv2d_2a_3x3: BasicConv2d;
	readonly Conv2d_2b_3x3: BasicConv2d;
	readonly maxpool1: nn.MaxPool2d;
	readonly Conv2d_3b_1x1: BasicConv2d;
	readonly Conv2d_4a_3x3: BasicConv2d;
	readonly maxpool2: nn.MaxPool2d;
	readonly Mixed_5b: InceptionA;
	readonly Mixed_5c: InceptionA;
	readonly Mixed_5d: InceptionA;
	readonly Mixed_6a: InceptionB;
	readonly Mixed_6b: InceptionC;
	readonly Mixed_6c: InceptionC;
	readonly Mixed_6d: InceptionC;
	readonly Mixed_6e: InceptionC;
	/** Removed by setting it to null. */
	AuxLogits: InceptionAux | null;
	readonly Mixed_7a: InceptionD;
	readonly Mixed_7b: InceptionE;
	readonly Mixed_7c: InceptionE;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly dropout: nn.Dropout;
	readonly fc: nn.Linear;

	constructor(options: Inception3Options = {}) {
		super();
		const given = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			auxLogits: flag(true),
			transformInput: flag(false),
			initWeights: flag(true),
			dropout: probability(0.5),
		});
		const { numClasses, auxLogits } = given;
		this.transformInput = given.transformInput;
		this.Conv2d_1a_3x3 = new BasicConv2d(3, 32, 3, { stride: 2 });
		this.Conv2d_2a_3x3 = new BasicConv2d(32, 32, 3);
		this.Conv2d_2b_3x3 = new BasicConv2d(32, 64, 3, { padding: 1 });
		this.maxpool1 = new nn.MaxPool2d(3, { stride: 2 });
		this.Conv2d_3b_1x1 = new BasicConv2d(64, 80, 1);
		this.Conv2d_4a_3x3 = new BasicConv2d(80, 192, 3);
		this.maxpool2 = new nn.MaxPool2d(3, { stride: 2 });
		this.Mixed_5b = new InceptionA(192, 32);
		this.Mixed_5c = new InceptionA(256, 64);
		this.Mixed_5d = new InceptionA(288, 64);
		this.Mixed_6a = new InceptionB(288);
		this.Mixed_6b = new InceptionC(768, 128);
		this.Mixed_6c = new InceptionC(768, 160);
		this.Mixed_6d = new InceptionC(768, 160);
		this.Mixed_6e = new InceptionC(768, 192);
		this.AuxLogits = auxLogits ? new InceptionAux(768, numClasses) : null;
		this.Mixed_7a = new InceptionD(768);
		this.Mixed_7b = new InceptionE(1280);
		this.Mixed_7c = new InceptionE(2048);
		this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
		this.dropout = new nn.Dropout(given.dropout);
		this.fc = new nn.Linear(2048, numClasses);
		if (given.initWeights) {
			const auxiliary = this.AuxLogits?.fc;
			truncatedNormal(this, (layer) => (layer === auxiliary ? 0.001 : 0.1));
		}
	}

	override forward(x: Tensor): Output {
		let y = this.transformInput ? transformInput(x) : x;
		y = this.Conv2d_2b_3x3(this.Conv2d_2a_3x3(this.Conv2d_1a_3x3(y)));
		y = this.Conv2d_4a_3x3(this.Conv2d_3b_1x1(this.maxpool1(y)));
		y = this.maxpool2(y);
		y = this.Mixed_5d(this.Mixed_5c(this.Mixed_5b(y)));
		y = this.Mixed_6c(this.Mixed_6b(this.Mixed_6a(y)));
		y = this.Mixed_6e(this.Mixed_6d(y));
		const auxLogits = this.training ? this.AuxLogits?.(y) : undefined;
		y = this.Mixed_7c(this.Mixed_7b(this.Mixed_7a(y)));
		const logits = this.fc(this.dropout(this.avgpool(y)).flatten(1));
		return (auxLogits ? { logits, auxLogits } : logits) as Output;
	}
}

/** `Inception3`: 27.2 million parameters with ImageNet's classes. */
export function inceptionV3(
	options: Inception3Options<false> & { auxLogits: false },
): Inception3<Tensor>;
export function inceptionV3(options?: Inception3Options): Inception3;
export function inceptionV3(options: Inception3Options = {}): Inception3 {
	return new Inception3(options);
}
