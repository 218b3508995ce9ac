// Training ends when it no longer helps: patience 5, and the best weights come back. Run: node dist/examples/practice/earlyStopping.js
import { data, manualSeed, metrics, nn, optim, train } from "torch-node";
import { normalized, openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";

manualSeed(seed);
const images = await openImages({
	train: pick(4000, 500),
	test: pick(4000, 500),
});
const validation = new data.DataLoader(normalized(images.test), {
	batchSize: 1000,
});

const model = new nn.Sequential(
	new nn.Flatten(),
	new nn.Linear(784, 256),
	new nn.ReLU(),
	new nn.Linear(256, 256),
	new nn.ReLU(),
	new nn.Linear(256, 10),
);
const history = await train.fit(model, {
	data: new data.DataLoader(normalized(images.train), {
		batchSize: 64,
		shuffle: true,
	}),
	validation,
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
	epochs: 100,
	metrics: { accuracy: new metrics.Accuracy() },
	callbacks: [
		new train.EarlyStopping({
			monitor: "valLoss",
			patience: 5,
			restoreBestWeights: true,
		}),
	],
});

// the weights are those of the best epoch, not of the last one
const { loss = Number.NaN, accuracy } = await train.evaluate(model, {
	data: validation,
	loss: new nn.CrossEntropyLoss(),
	metrics: { accuracy: new metrics.Accuracy() },
});
report(
	{
		accuracy,
		loss,
		epochs: history.length,
		bestEpoch: history.best("valLoss").epoch,
	},
	history.column("loss"),
);
