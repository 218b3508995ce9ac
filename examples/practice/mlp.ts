// An MLP 1024-512-256-10, Adam with weight decay 0.01. Run: node dist/examples/practice/mlp.js
import { data, manualSeed, metrics, nn, optim, train } from "torch-node";
import { normalized, openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";

manualSeed(seed);
const images = await openImages({
	train: pick(20_000, 1000),
	test: pick(5000, 500),
});
const pad = 2; // 28 × 28 pixels become 32 × 32 = 1024
const trainSet = normalized(images.train, { pad });
const testSet = normalized(images.test, { pad });

const model = new nn.Sequential(
	new nn.Flatten(),
	new nn.Linear(1024, 512),
	new nn.ReLU(),
	new nn.Linear(512, 256),
	new nn.ReLU(),
	new nn.Linear(256, 10),
);
const history = await train.fit(model, {
	data: new data.DataLoader(trainSet, { batchSize: 64, shuffle: true }),
	validation: new data.DataLoader(testSet, { batchSize: 1000 }),
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.Adam(model.parameters(), {
		lr: 0.001,
		weightDecay: 0.01,
	}),
	epochs: pick(3, 2),
	metrics: { accuracy: new metrics.Accuracy() },
});
report(
	{ accuracy: history.column("valAccuracy").at(-1) ?? 0 },
	history.column("loss"),
);
