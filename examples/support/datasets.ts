import { fileURLToPath } from "node:url";
import { data, type Tensor, vision } from "torch-node";
import type { Settings } from "./options.ts";

const { Compose, Normalize, ToTensor } = vision.transforms;
const { Digits, FashionMNIST } = vision.datasets;

type ImageTransform = (image: Tensor) => Tensor;

/** Handwritten digits, in this repository. */
export const digitsFolder = fileURLToPath(
	new URL(
		"examples/data/digits",
		import.meta.resolve("torch-node/package.json"),
	),
);

/** Where the images are, and the mean and standard deviation of their pixels. */
const sources = {
	digits: {
		dataset: Digits,
		root: digitsFolder,
		mean: 0.305,
		std: 0.376,
	},
	"fashion-mnist": {
		dataset: FashionMNIST,
		root: "runs/data", // if Debian's package is not there
		mean: 0.286,
		std: 0.353,
	},
};

/** Opens a data set, downloaded if need be; its training images go through `augmentation` each time they are used. */
export async function openDataset(
	{ dataset: name, images }: Settings,
	augmentation: ImageTransform,
) {
	const { dataset, root, mean, std } = sources[name];
	await dataset.download(root, {
		report: { step: console.log, progress() {} },
	});
	const normalize = [new ToTensor(), new Normalize([mean], [std])];
	const whole = new dataset(root, {
		transform: new Compose([augmentation, ...normalize]),
	});
	const count = Math.min(images ?? whole.length, whole.length);
	return {
		/** Pixels along an image's side. */
		size: whole.data.size(1),
		train: new data.Subset(whole, [...Array(count).keys()]),
		test: new dataset(root, {
			train: false,
			transform: new Compose(normalize),
		}),
	};
}
