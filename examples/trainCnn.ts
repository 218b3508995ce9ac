// Trains a small CNN on real images: `npm start`, or `npm start -- --dataset fashion-mnist`. `--help` lists the options.
import { data, nn, noGrad, optim, type Tensor, vision } from "torch-node";
import { openDataset } from "./support/datasets.ts";
import { parseOptions } from "./support/options.ts";
import { type Batches, onDevice, Run } from "./support/run.ts";
import { Score } from "./support/score.ts";

const F = nn.functional;
const { DataLoader } = data;
const { RandomAffine, RandomHorizontalFlip } = vision.transforms;

/** For images of any size: [B, 1, H, W] → logarithms of probabilities [B, 10] */
class Net extends nn.Module {
	conv1 = new nn.Conv2d(1, 32, 3, { padding: 1 });
	norm1 = new nn.BatchNorm2d(32);
	conv2 = new nn.Conv2d(32, 64, 3, { padding: 1 });
	norm2 = new nn.BatchNorm2d(64);
	dropout1 = new nn.Dropout(0.25);
	fc1 = new nn.Linear(64 * 4 * 4, 128);
	dropout2 = new nn.Dropout(0.5);
	fc2 = new nn.Linear(128, 10);

	forward(images: Tensor): Tensor {
		let x = F.maxPool2d(F.relu(this.norm1(this.conv1(images))), 2); // [B, 32, H / 2, W / 2]
		x = F.adaptiveAvgPool2d(F.relu(this.norm2(this.conv2(x))), 4); // [B, 64, 4, 4]
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

const run = new Run(parseOptions());
const { dataset, epochs, batchSize, lr, gamma } = run.settings;
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

const model = new Net().to(run.device);
const optimizer = new optim.AdamW(model.parameters(), {
	lr,
	weightDecay: 0.01,
});
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
