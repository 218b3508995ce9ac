// Keras' ImageDataGenerator over a folder of classes. Run: node dist/examples/practice/augmentFolder.js
import { manualSeed, metrics, nn, optim, train, vision } from "torch-node";
import { imageFolder } from "./support/imageFolder.ts";
import { pick, report, seed } from "./support/program.ts";
import { smallCnn } from "./support/smallCnn.ts";

const folder = await imageFolder(pick(2000, 200)); // a folder of PNG files for each class
manualSeed(seed);
const augmented = new vision.keras.ImageDataGenerator({
	rescale: 1 / 255,
	rotationRange: 10,
	widthShiftRange: 0.1,
	heightShiftRange: 0.1,
	zoomRange: 0.1,
	horizontalFlip: true,
	validationSplit: 0.25,
});
const plain = new vision.keras.ImageDataGenerator({
	rescale: 1 / 255,
	validationSplit: 0.25,
});
const options = {
	targetSize: [28, 28],
	colorMode: "grayscale",
	classMode: "sparse",
	batchSize: 32,
} as const;

const model = smallCnn(1, 28);
const history = await train.fit(model, {
	data: augmented.flowFromDirectory(folder, { ...options, subset: "training" }),
	validation: plain.flowFromDirectory(folder, {
		...options,
		subset: "validation",
		shuffle: false,
	}),
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
	epochs: pick(6, 2),
	metrics: { accuracy: new metrics.Accuracy() },
});
report(
	{ accuracy: history.column("valAccuracy").at(-1) ?? 0 },
	history.column("loss"),
);
