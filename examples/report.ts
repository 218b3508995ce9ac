// Trains a small CNN on real digits, and writes what it reached as a page for a browser: node dist/examples/report.js [folder] [epochs]
// The epochs' numbers are there, too, for: tensorboard --logdir runs
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as torch from "torch-node";
import { digitsFolder } from "./support/datasets.ts";

const { data, metrics, nn, optim, plot, train, vision } = torch;
const { Compose, Normalize, RandomAffine, ToTensor } = vision.transforms;

const [folder = "runs/report", epochs = 15] = process.argv.slice(2);
const settings = { seed: 1, epochs: Number(epochs), lr: 0.003, degrees: 10 };
torch.manualSeed(settings.seed);
mkdirSync(folder, { recursive: true });

const prepare = [new ToTensor(), new Normalize([0.305], [0.376])];
const trainSet = new vision.datasets.Digits(digitsFolder, {
	transform: new Compose([new RandomAffine(settings.degrees), ...prepare]),
});
const testSet = new vision.datasets.Digits(digitsFolder, {
	train: false,
	transform: new Compose(prepare),
});
const test = new data.DataLoader(testSet, { batchSize: 1000 });

const model = new nn.Sequential(
	new nn.Conv2d(1, 32, 3, { padding: 1 }),
	new nn.BatchNorm2d(32),
	new nn.ReLU(),
	new nn.MaxPool2d(2),
	new nn.Flatten(),
	new nn.Dropout(0.25),
	new nn.Linear(512, 10),
);
const history = await train.fit(model, {
	data: new data.DataLoader(trainSet, { batchSize: 32, shuffle: true }),
	validation: test,
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.AdamW(model.parameters(), { lr: settings.lr }),
	epochs: settings.epochs,
	metrics: { accuracy: new metrics.Accuracy() },
	callbacks: [new train.TensorBoard(folder, { hparams: settings })],
});

type Measure<R> = torch.metrics.Metric<[torch.Tensor, torch.Tensor], R>;
const scores = (await train.predict(model, { data: test })).softmax(1); // [N, 10]
const { targets } = testSet;
const measure = <Result>(metric: Measure<Result>): Result => {
	metric.update(scores, targets);
	return metric.compute();
};
const calibration = new metrics.CalibrationError();
const accuracy = measure(new metrics.Accuracy());
const page = await plot.report({
	title: "A small CNN on handwritten digits",
	metrics: {
		accuracy,
		"F1, macro": measure(new metrics.F1Score({ average: "macro" })),
		"log loss": measure(new metrics.LogLoss()),
		"calibration error": measure(calibration),
	},
	history,
	confusionMatrix: measure(new metrics.ConfusionMatrix()),
	roc: measure(new metrics.ROC()),
	precisionRecall: measure(new metrics.PrecisionRecallCurve()),
	calibration: calibration.curve(),
	samples: {
		images: testSet.data,
		targets,
		predictions: scores.argmax(1),
		scores: scores.max(1)[0],
	},
	settings,
	model,
});
await page.save(join(folder, "report.html"));
console.log(`${(100 * accuracy).toFixed(2)} %: ${join(folder, "report.html")}`);
