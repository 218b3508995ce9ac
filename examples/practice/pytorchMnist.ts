// The network of pytorch/examples' mnist, on Fashion-MNIST. Run: node dist/examples/practice/pytorchMnist.js
import {
	data,
	manualSeed,
	metrics,
	nn,
	optim,
	type Tensor,
	train,
} from "torch-node";
import { normalized, openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";

const F = nn.functional;

class Net extends nn.Module<[Tensor], Tensor> {
	conv1 = new nn.Conv2d(1, 32, 3);
	conv2 = new nn.Conv2d(32, 64, 3);
	dropout1 = new nn.Dropout(0.25);
	dropout2 = new nn.Dropout(0.5);
	fc1 = new nn.Linear(9216, 128);
	fc2 = new nn.Linear(128, 10);

	forward(images: Tensor): Tensor {
		let x = F.relu(this.conv1(images));
		x = F.maxPool2d(F.relu(this.conv2(x)), 2);
		x = F.relu(this.fc1(this.dropout1(x).flatten(1)));
		return F.logSoftmax(this.fc2(this.dropout2(x)), 1);
	}
}

manualSeed(seed);
const images = await openImages({
	train: pick(60_000, 320),
	test: pick(10_000, 200),
});

const model = new Net();
const optimizer = new optim.Adadelta(model.parameters(), { lr: 1 });
const history = await train.fit(model, {
	data: new data.DataLoader(normalized(images.train), {
		batchSize: 64,
		shuffle: true,
	}),
	validation: new data.DataLoader(normalized(images.test), { batchSize: 1000 }),
	loss: new nn.NLLLoss(),
	optimizer,
	scheduler: new optim.lrScheduler.StepLR(optimizer, 1, { gamma: 0.7 }),
	epochs: pick(3, 1),
	metrics: { accuracy: new metrics.Accuracy() },
});
report(
	Object.fromEntries(
		history.epochs.map(({ epoch, valAccuracy = 0 }) => [
			`accuracy${epoch}`,
			valAccuracy,
		]),
	),
	history.column("loss"),
);
