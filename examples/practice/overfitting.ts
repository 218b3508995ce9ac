// A deep CNN and a simple one on 1,000 samples: which one learns them by heart? Run: node dist/examples/practice/overfitting.js
import { mkdirSync } from "node:fs";
import { data, manualSeed, metrics, nn, optim, plot, train } from "torch-node";
import { normalized, openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";
import { smallCnn } from "./support/smallCnn.ts";

const images = await openImages({
	train: pick(1000, 200),
	test: pick(500, 300),
	wanted: "CIFAR10",
});
const trainSet = normalized(images.train);
const testSet = normalized(images.test);

/** Three pairs of convolutions, and two linear layers. */
function deepCnn(channels: number): nn.Sequential {
	const pair = (from: number, to: number) => [
		new nn.Conv2d(from, to, 3, { padding: 1 }),
		new nn.ReLU(),
		new nn.Conv2d(to, to, 3, { padding: 1 }),
		new nn.ReLU(),
		new nn.MaxPool2d(2),
	];
	return new nn.Sequential(
		...pair(channels, 8),
		...pair(8, 16),
		...pair(16, 32),
		new nn.AdaptiveAvgPool2d(2),
		new nn.Flatten(),
		new nn.Linear(128, 128),
		new nn.ReLU(),
		new nn.Linear(128, 10),
	);
}

async function fitModel(make: () => nn.Sequential) {
	manualSeed(seed);
	const model = make();
	return await train.fit(model, {
		data: new data.DataLoader(trainSet, { batchSize: 32, shuffle: true }),
		validation: new data.DataLoader(testSet, { batchSize: 1000 }),
		loss: new nn.CrossEntropyLoss(),
		optimizer: new optim.Adam(model.parameters(), { lr: 0.003 }),
		epochs: pick(15, 2),
		metrics: { accuracy: new metrics.Accuracy() },
	});
}

const simple = await fitModel(() => smallCnn(images.channels, images.size));
const deep = await fitModel(() => deepCnn(images.channels));

mkdirSync("runs", { recursive: true });
for (const [name, history] of Object.entries({ simple, deep })) {
	const figure = await plot.history(history, {
		title: `The ${name} CNN on ${images.train[1].size(0)} samples`,
		names: ["loss", "accuracy"],
	});
	await figure.save(`runs/overfitting-${name}.svg`);
}

// It is overfitting where the loss of what was learnt falls on, and that of what was not rises again
const gap = (history: typeof deep) => {
	const last = history.epochs.at(-1);
	return (last?.valLoss ?? 0) - (last?.loss ?? 0);
};
report(
	{
		trainAccuracySimple: simple.column("accuracy").at(-1) ?? 0,
		accuracySimple: simple.column("valAccuracy").at(-1) ?? 0,
		gapSimple: gap(simple),
		trainAccuracyDeep: deep.column("accuracy").at(-1) ?? 0,
		accuracyDeep: deep.column("valAccuracy").at(-1) ?? 0,
		gapDeep: gap(deep),
	},
	[...simple.column("loss"), ...deep.column("loss")],
);
