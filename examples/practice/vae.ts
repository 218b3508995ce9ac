// A variational autoencoder, in a loop written by hand. Run: node dist/examples/practice/vae.js
import {
	data,
	manualSeed,
	nn,
	noGrad,
	optim,
	randnLike,
	type Tensor,
} from "torch-node";
import { openImages } from "./support/images.ts";
import { pick, report, seed } from "./support/program.ts";

const F = nn.functional;

/** [B, 784] → [B, 784], and the mean and log variance [B, 16] of what lies between */
class VAE extends nn.Module<[Tensor], [Tensor, Tensor, Tensor]> {
	fc1 = new nn.Linear(784, 256);
	fc21 = new nn.Linear(256, 16);
	fc22 = new nn.Linear(256, 16);
	fc3 = new nn.Linear(16, 256);
	fc4 = new nn.Linear(256, 784);

	forward(x: Tensor): [Tensor, Tensor, Tensor] {
		const h = F.relu(this.fc1(x));
		const [mean, logVariance] = [this.fc21(h), this.fc22(h)];
		const deviation = logVariance.mul(0.5).exp();
		const z = mean.add(randnLike(deviation).mul(deviation));
		const y = this.fc4(F.relu(this.fc3(z))).sigmoid();
		return [y, mean, logVariance];
	}
}

/** Of a batch, summed up: how unlike y is x, and how unlike the normal distribution is what lies between. */
function lossOf(x: Tensor, [y, mean, logVariance]: [Tensor, Tensor, Tensor]) {
	const unlike = F.binaryCrossEntropy(y, x, { reduction: "sum" });
	const divergence = logVariance
		.add(1)
		.sub(mean.pow(2))
		.sub(logVariance.exp())
		.sum()
		.mul(-0.5);
	return unlike.add(divergence);
}

manualSeed(seed);
const images = await openImages({
	train: pick(10_000, 1000),
	test: pick(2000, 500),
	wanted: "MNIST",
});
const [trainSet, testSet] = [images.train, images.test].map(
	([x]) => new data.TensorDataset(x.flatten(1).to("float32").div_(255)),
) as [data.TensorDataset<[Tensor]>, data.TensorDataset<[Tensor]>];

const model = new VAE();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
const losses: number[] = [];
for (let epoch = 0; epoch < pick(6, 2); epoch++) {
	let sum = 0;
	for await (const [x] of new data.DataLoader(trainSet, {
		batchSize: 64,
		shuffle: true,
	})) {
		optimizer.zeroGrad();
		const loss = lossOf(x, model(x));
		loss.backward();
		optimizer.step();
		sum += loss.item() as number;
	}
	losses.push(sum / trainSet.length);
}

model.eval();
let sum = 0;
for await (const [x] of new data.DataLoader(testSet, { batchSize: 1000 }))
	sum += noGrad(() => lossOf(x, model(x)).item() as number);
report({ loss: sum / testSet.length }, losses);
