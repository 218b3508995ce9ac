import * as nn from "../../nn/index.ts";
import { settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type DropoutOptions, NUM_CLASSES, probability } from "./options.ts";

/**
 * AlexNet in its one-column form: [N, 3, H, W] to [N, numClasses], H and W at least 63. Dropout 0.5 by default.
 *
 * @see https://arxiv.org/abs/1404.5997
 */
export class AlexNet extends nn.Module<[x: Tensor], Tensor> {
	readonly features: nn.Sequential;
	readonly avgpool: nn.AdaptiveAvgPool2d;
	readonly classifier: nn.Sequential;

	constructor(options: DropoutOptions = {}) {
		super();
		const { numClasses, dropout } = settings(new.target.name, options, {
			numClasses: NUM_CLASSES,
			dropout: probability(0.5),
		});
		const relu = () => new nn.ReLU({ inplace: true });
		const pool = () => new nn.MaxPool2d(3, { stride: 2 });
		this.features = new nn.Sequential(
			new nn.Conv2d(3, 64, 11, { stride: 4, padding: 2 }),
			relu(),
			pool(),
			new nn.Conv2d(64, 192, 5, { padding: 2 }),
			relu(),
			pool(),
			new nn.Conv2d(192, 384, 3, { padding: 1 }),
			relu(),
			new nn.Conv2d(384, 256, 3, { padding: 1 }),
			relu(),
			new nn.Conv2d(256, 256, 3, { padding: 1 }),
			relu(),
			pool(),
		);
		this.avgpool = new nn.AdaptiveAvgPool2d([6, 6]);
		this.classifier = new nn.Sequential(
			new nn.Dropout(dropout),
			new nn.Linear(256 * 6 * 6, 4096),
			relu(),
			new nn.Dropout(dropout),
			new nn.Linear(4096, 4096),
			relu(),
			new nn.Linear(4096, numClasses),
		);
	}

	override forward(x: Tensor): Tensor {
		return this.classifier(this.avgpool(this.features(x)).flatten(1));
	}
}

/** `AlexNet`: 61 million parameters with ImageNet's classes. */
export function alexnet(options: DropoutOptions = {}): AlexNet {
	return new AlexNet(options);
}
