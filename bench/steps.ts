/** Training steps, written as a user writes them: nothing is disposed. bench/python/steps.py has the same in Python. */

import type { Tensor } from "../lib/index.ts";
import * as torch from "../lib/index.ts";

const { nn, optim } = torch;
const F = nn.functional;

export function mlp(sizes: number[]) {
	const layers: torch.nn.Module<[Tensor], Tensor>[] = [];
	for (let i = 0; i + 1 < sizes.length; i++) {
		if (i > 0) layers.push(new nn.ReLU());
		layers.push(new nn.Linear(sizes[i] as number, sizes[i + 1] as number));
	}
	return new nn.Sequential(...layers);
}

/** The network of pytorch/examples' mnist. */
class Cnn extends nn.Module<[Tensor], Tensor> {
	conv1 = new nn.Conv2d(1, 32, 3);
	conv2 = new nn.Conv2d(32, 64, 3);
	dropout1 = new nn.Dropout(0.25);
	dropout2 = new nn.Dropout(0.5);
	fc1 = new nn.Linear(9216, 128);
	fc2 = new nn.Linear(128, 10);

	// x: [B, 1, 28, 28] → log probabilities [B, 10]
	override forward(x: Tensor): Tensor {
		x = F.relu(this.conv1(x));
		x = F.relu(this.conv2(x));
		x = this.dropout1(F.maxPool2d(x, 2));
		x = F.relu(this.fc1(torch.flatten(x, 1)));
		return F.logSoftmax(this.fc2(this.dropout2(x)), 1);
	}
}

export function stepOf(
	model: torch.nn.Module<[Tensor], Tensor>,
	x: Tensor,
	y: Tensor,
	lossOf: (output: Tensor, target: Tensor) => Tensor,
): () => void {
	const optimizer = new optim.Adam(model.parameters());
	return () => {
		optimizer.zeroGrad();
		lossOf(model(x), y).backward();
		optimizer.step();
	};
}

export const steps: {
	[name: string]: (device: torch.Device) => () => void;
} = {
	MLP(device) {
		torch.manualSeed(0);
		const x = torch.randn([256, 784], { device });
		const y = torch.randint(10, [256], { device });
		return stepOf(mlp([784, 512, 256, 10]).to(device), x, y, F.crossEntropy);
	},
	CNN(device) {
		torch.manualSeed(0);
		const x = torch.randn([64, 1, 28, 28], { device });
		const y = torch.randint(10, [64], { device });
		return stepOf(new Cnn().to(device), x, y, F.nllLoss);
	},
};
