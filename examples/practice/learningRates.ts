// The same CNN with learning rate 0.01, and 0.0001. Run: node dist/examples/practice/learningRates.js
import { data, manualSeed, metrics, nn, optim, train } from "torch-node";
import { normalized, openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";
import { smallCnn } from "./support/smallCnn.ts";

const images = await openImages({
	train: pick(8000, 1000),
	test: pick(2000, 500),
	wanted: "CIFAR10",
});
const trainSet = normalized(images.train);
const testSet = normalized(images.test);

async function fitWith(lr: number) {
	manualSeed(seed);
	const model = smallCnn(images.channels, images.size);
	return await train.fit(model, {
		data: new data.DataLoader(trainSet, { batchSize: 64, shuffle: true }),
		validation: new data.DataLoader(testSet, { batchSize: 1000 }),
		loss: new nn.CrossEntropyLoss(),
		optimizer: new optim.Adam(model.parameters(), { lr }),
		epochs: pick(3, 2),
		metrics: { accuracy: new metrics.Accuracy() },
	});
}

const high = await fitWith(0.01);
const low = await fitWith(0.0001);
report(
	{
		accuracyAtHigh: high.column("valAccuracy").at(-1) ?? 0,
		accuracyAtLow: low.column("valAccuracy").at(-1) ?? 0,
	},
	[...high.column("loss"), ...low.column("loss")],
);
