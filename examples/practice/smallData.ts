// The same CNN on 1,000 samples, and on all of them. Run: node dist/examples/practice/smallData.js
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
import { smallCnn } from "./support/smallCnn.ts";

const images = await openImages({
	train: pick(60_000, 1000),
	test: pick(1000, 500),
	wanted: "CIFAR10",
});
const all = normalized(images.train);
const few = new data.Subset(all, [...Array(pick(1000, 200)).keys()]);
const validation = new data.DataLoader(normalized(images.test), {
	batchSize: 1000,
});

/** Trains a new model. */
async function fitOn(samples: data.Dataset<[Tensor, Tensor]>, epochs: number) {
	manualSeed(seed);
	const model = smallCnn(images.channels, images.size);
	return await train.fit(model, {
		data: new data.DataLoader(samples, { batchSize: 64, shuffle: true }),
		validation,
		loss: new nn.CrossEntropyLoss(),
		optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
		epochs,
		metrics: { accuracy: new metrics.Accuracy() },
	});
}

const onFew = await fitOn(few, pick(10, 3));
const onAll = await fitOn(all, pick(1, 2));
report(
	{
		accuracyOnFew: onFew.column("valAccuracy").at(-1) ?? 0,
		accuracyOnAll: onAll.column("valAccuracy").at(-1) ?? 0,
	},
	[...onFew.column("loss"), ...onAll.column("loss")],
);
