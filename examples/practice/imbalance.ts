// One shirt for twenty T-shirts: class weights, and a weighted sampler. Run: node dist/examples/practice/imbalance.js
import {
	data,
	manualSeed,
	metrics,
	nn,
	optim,
	type Tensor,
	tensor,
	train,
} from "torch-node";
import { normalized, openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";

const T_SHIRT = 0;
const SHIRT = 6; // the two classes that are most alike
const images = await openImages({ train: pick(60_000, 6000), test: 10_000 });

/** The first so many T-shirts and shirts; shirts are class 1. */
function wardrobe([x, y]: [Tensor, Tensor], tShirts: number, shirts: number) {
	const labels = y.tolist() as number[];
	const first = (label: number, count: number) =>
		labels.flatMap((own, i) => (own === label ? [i] : [])).slice(0, count);
	const rows = tensor([...first(T_SHIRT, tShirts), ...first(SHIRT, shirts)]);
	return normalized([x.index(rows), y.index(rows).eq(SHIRT).to("int64")]);
}

const trainSet = wardrobe(images.train, pick(6000, 400), pick(300, 20));
const testSet = wardrobe(images.test, pick(1000, 200), pick(1000, 200));
const labels = trainSet.tensors[1];
const counts = labels.bincount(); // [2]
const weights = counts.reciprocal().mul(labels.size(0) / 2); // a class's weight, [2]

async function fitWith(
	order: Pick<
		data.DataLoaderOptions<[Tensor, Tensor], [Tensor, Tensor]>,
		"shuffle" | "sampler"
	>,
	weight: Tensor | null = null,
) {
	manualSeed(seed);
	const model = new nn.Sequential(
		new nn.Flatten(),
		new nn.Linear(784, 128),
		new nn.ReLU(),
		new nn.Linear(128, 2),
	);
	return await train.fit(model, {
		data: new data.DataLoader(trainSet, { batchSize: 64, ...order }),
		validation: new data.DataLoader(testSet, { batchSize: 1000 }),
		loss: new nn.CrossEntropyLoss({ weight }),
		optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
		epochs: pick(8, 2),
		metrics: { accuracy: new metrics.Accuracy({ average: "macro" }) },
	});
}

const plain = await fitWith({ shuffle: true });
const weighted = await fitWith({ shuffle: true }, weights);
const sampled = await fitWith({
	sampler: new data.WeightedRandomSampler(
		weights.index(labels),
		labels.size(0),
	),
});
const accuracy = (history: typeof plain) =>
	history.column("valAccuracy").at(-1) ?? 0;
report(
	{
		accuracyPlain: accuracy(plain),
		accuracyWeighted: accuracy(weighted),
		accuracySampled: accuracy(sampled),
	},
	[plain, weighted, sampled].flatMap((history) => history.column("loss")),
);
