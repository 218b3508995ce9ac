// MNIST with random rotations and shifts. Run: node dist/examples/practice/mnistAugmented.js
import {
	data,
	manualSeed,
	metrics,
	nn,
	optim,
	train,
	vision,
} from "torch-node";
import { openImages, Transformed } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";
import { smallCnn } from "./support/smallCnn.ts";

const { Compose, Normalize, RandomAffine, RandomRotation, ToDtype } =
	vision.transforms;

manualSeed(seed);
const images = await openImages({
	train: pick(5000, 300),
	test: pick(2000, 300),
	wanted: "MNIST",
});

const normalize = [
	new ToDtype("float32", { scale: true }),
	new Normalize([0.1307], [0.3081]),
];
const augment = new Compose([
	new RandomRotation(15),
	new RandomAffine(0, { translate: [0.1, 0.1] }),
	...normalize,
]);

const model = smallCnn(1, 28);
const history = await train.fit(model, {
	data: new data.DataLoader(new Transformed(images.train, augment), {
		batchSize: 64,
		shuffle: true,
	}),
	validation: new data.DataLoader(
		new Transformed(images.test, new Compose(normalize)),
		{ batchSize: 1000 },
	),
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
	epochs: pick(3, 2),
	metrics: { accuracy: new metrics.Accuracy() },
});
report(
	{ accuracy: history.column("valAccuracy").at(-1) ?? 0 },
	history.column("loss"),
);
