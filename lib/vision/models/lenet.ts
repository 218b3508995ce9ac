import * as nn from "../../nn/index.ts";
import { settings, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ClassifierOptions, NUM_CLASSES } from "./options.ts";

export interface LeNetOptions extends ClassifierOptions {
	/** Channels of the images. Default 1. */
	inChannels?: number | undefined;
}

/**
 * LeNet-5 as PyTorch's tutorials have it, with ReLU and maximum pooling: [N, inChannels, 32, 32] to [N, numClasses], ten by default.
 * Images of 28 × 28 (MNIST) need a padding of 2.
 *
 * @see http://yann.lecun.com/exdb/publis/pdf/lecun-01a.pdf
 * @example
 * const model = vision.models.lenet();
 * model(torch.randn([8, 1, 32, 32])).shape; // [8, 10]
 */
export class LeNet extends nn.Module<[x: Tensor], Tensor> {
	readonly conv1: nn.Conv2d;
	readonly conv2: nn.Conv2d;
	readonly fc1: nn.Linear;
	readonly fc2: nn.Linear;
	readonly fc3: nn.Linear;

	constructor(options: LeNetOptions = {}) {
		super();
		const { numClasses, inChannels } = settings(new.target.name, options, {
			numClasses: { ...NUM_CLASSES, fallback: 10 },
			inChannels: whole(1, { min: 1 }),
		});
		this.conv1 = new nn.Conv2d(inChannels, 6, 5);
		this.conv2 = new nn.Conv2d(6, 16, 5);
		this.fc1 = new nn.Linear(16 * 5 * 5, 120);
		this.fc2 = new nn.Linear(120, 84);
		this.fc3 = new nn.Linear(84, numClasses);
	}

	override forward(x: Tensor): Tensor {
		let y = this.conv1(x).relu().maxPool2d(2);
		y = this.conv2(y).relu().maxPool2d(2).flatten(1);
		y = this.fc1(y).relu();
		y = this.fc2(y).relu();
		return this.fc3(y);
	}
}

/** `LeNet`, for images of 32 × 32. */
export function lenet(options: LeNetOptions = {}): LeNet {
	return new LeNet(options);
}
