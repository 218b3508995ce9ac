// A dense net with dropout 0.5. Run: node dist/examples/practice/dropout.js
import { data, manualSeed, metrics, nn, optim, train } from "torch-node";
import { normalized, openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";

manualSeed(seed);
const images = await openImages({
	train: pick(10_000, 1000),
	test: pick(2000, 500),
});

const model = new nn.Sequential(
	new nn.Flatten(),
	new nn.Linear(784, 512),
	new nn.ReLU(),
	new nn.Dropout(0.5),
	new nn.Linear(512, 256),
	new nn.ReLU(),
	new nn.Dropout(0.5),
	new nn.Linear(256, 10),
);
const history = await train.fit(model, {
	data: new data.DataLoader(normalized(images.train), {
		batchSize: 64,
		shuffle: true,
	}),
	validation: new data.DataLoader(normalized(images.test), { batchSize: 1000 }),
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
	epochs: pick(5, 2),
	metrics: { accuracy: new metrics.Accuracy() },
});
const last = history.epochs.at(-1);
report(
	{
		// dropout is on while it learns, so that the training accuracy is the lower one
		trainAccuracy: last?.accuracy ?? 0,
		accuracy: last?.valAccuracy ?? 0,
	},
	history.column("loss"),
);
