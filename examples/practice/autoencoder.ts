// An autoencoder: 784 pixels through 32 numbers and back. Run: node dist/examples/practice/autoencoder.js
import { data, manualSeed, nn, optim, type Tensor, train } from "torch-node";
import { openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";

manualSeed(seed);
const images = await openImages({
	train: pick(10_000, 1000),
	test: pick(2000, 500),
	wanted: "MNIST",
});
/** Of each image itself and what is to come out: the same. */
const pixels = ([x]: [Tensor, Tensor]) => {
	const flat = x.flatten(1).to("float32").div_(255);
	return new data.TensorDataset(flat, flat);
};

const model = new nn.Sequential(
	new nn.Linear(784, 128),
	new nn.ReLU(),
	new nn.Linear(128, 32),
	new nn.ReLU(),
	new nn.Linear(32, 128),
	new nn.ReLU(),
	new nn.Linear(128, 784),
	new nn.Sigmoid(),
);
const history = await train.fit(model, {
	data: new data.DataLoader(pixels(images.train), {
		batchSize: 64,
		shuffle: true,
	}),
	validation: new data.DataLoader(pixels(images.test), { batchSize: 1000 }),
	loss: new nn.MSELoss(),
	optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
	epochs: pick(6, 2),
});
report({ loss: history.column("valLoss").at(-1) ?? 0 }, history.column("loss"));
