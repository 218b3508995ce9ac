// Trains a small CNN on real images: `npm start`, or `npm start -- --dataset fashion-mnist`. `--help` lists the options.
import { data, nn, noGrad, optim, type Tensor, vision } from "torch-node";
import { openDataset } from "./support/datasets.ts";
import { type Batches, onDevice, Run, Score } from "./support/run.ts";

const F = nn.functional;
const { DataLoader } = data;
const { RandomAffine, RandomHorizontalFlip } = vision.transforms;

/** [B, 1, size, size] → logarithms of probabilities [B, 10] */
class Net extends nn.Module {
	conv1 = new nn.Conv2d(1, 32, 3, { padding: 1 });
	norm1 = new nn.BatchNorm2d(32);
	conv2 = new nn.Conv2d(32, 64, 3, { padding: 1 });
	norm2 = new nn.BatchNorm2d(64);
	dropout1 = new nn.Dropout(0.25);
	fc1: nn.Linear;
	dropout2 = new nn.Dropout(0.25);
	fc2 = new nn.Linear(128, 10);

	constructor(size: number) {
		super();
		this.fc1 = new nn.Linear(64 * (size / 4) ** 2, 128);
	}

	forward(images: Tensor): Tensor {
		let x = F.maxPool2d(F.relu(this.norm1(this.conv1(images))), 2); // [B, 32, size / 2, size / 2]
		x = F.maxPool2d(F.relu(this.norm2(this.conv2(x))), 2); // [B, 64, size / 4, size / 4]
		x = this.dropout2(F.relu(this.fc1(this.dropout1(x.flatten(1)))));
		return F.logSoftmax(this.fc2(x), 1);
	}
}

async function train(batches: Batches, score: Score): Promise<void> {
	model.train();
	for await (const [images, labels] of batches) {
		const output = model(images);
		const loss = F.nllLoss(output, labels);
		optimizer.zeroGrad();
		loss.backward();
		optimizer.step();
		score.add(loss, output, labels);
	}
}

async function test(batches: Batches, score: Score): Promise<void> {
	model.eval();
	for await (const [images, labels] of batches) {
		const output = noGrad(() => model(images));
		score.add(F.nllLoss(output, labels), output, labels);
	}
}

const run = new Run();
const { dataset, epochs, batchSize, lr, weightDecay, gamma } = run.settings;
const augmentation = {
	digits: new RandomAffine(10, {
		translate: [0.125, 0.125],
		scale: [0.9, 1.1],
		interpolation: "bilinear",
	}),
	"fashion-mnist": new RandomHorizontalFlip(),
};
const images = await openDataset(run.settings, augmentation[dataset]);
const batches = new DataLoader(images.train, { batchSize, shuffle: true });
const testBatches = new DataLoader(images.test, { batchSize: 1000 });

const model = new Net(images.size).to(run.device);
const optimizer = new optim.AdamW(model.parameters(), { lr, weightDecay });
const scheduler = new optim.lrScheduler.StepLR(optimizer, 1, { gamma });
run.begin({ model, optimizer, scheduler });
while (run.epoch < epochs) {
	const trained = run.progress(images.train.length);
	await train(onDevice(batches, run.device), trained);
	const tested = new Score();
	await test(onDevice(testBatches, run.device), tested);
	scheduler.step();
	run.endEpoch(trained, tested);
}
await run.end();
