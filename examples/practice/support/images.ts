import { data, nn, type Tensor, TorchError, vision } from "torch-node";

const { CIFAR10, FashionMNIST, MNIST } = vision.datasets;

/** Where data sets are looked for, and downloaded to. */
const root = "runs/data";

export interface Images {
	/** The data set's name. */
	name: string;
	/** uint8 [N, C, size, size], and int64 [N] */
	train: [images: Tensor, labels: Tensor];
	test: [images: Tensor, labels: Tensor];
	channels: number;
	size: number;
}

export interface ImagesOptions {
	/** How many of each, from the first on. */
	train: number;
	test: number;
	/** The set wanted. Where it is not in runs/data, Fashion-MNIST takes its place. */
	wanted?: "MNIST" | "CIFAR10";
}

/** Ten classes of images: Fashion-MNIST (Debian's package or a download), or the set that is wanted, where it is there. */
export async function openImages(options: ImagesOptions): Promise<Images> {
	const { wanted } = options;
	if (wanted) {
		try {
			return cut(wanted === "MNIST" ? MNIST : CIFAR10, options);
		} catch (error) {
			const isMissing =
				error instanceof TorchError && error.code === "ERR_MISSING_DATA";
			if (!isMissing) throw error;
		}
	}
	await FashionMNIST.download(root);
	return cut(FashionMNIST, options);
}

function cut(
	dataset: typeof CIFAR10 | typeof MNIST,
	counts: ImagesOptions,
): Images {
	const part = (train: boolean, count: number): [Tensor, Tensor] => {
		const whole = new dataset(root, { train });
		const images =
			whole.data.dim() === 3 ? whole.data.unsqueeze(1) : whole.data;
		const { targets } = whole;
		return [images.slice(0, 0, count), targets.slice(0, 0, count)];
	};
	const train = part(true, counts.train);
	const test = part(false, counts.test);
	const [, channels, size] = train[0].shape as [number, number, number];
	return { name: dataset.name, train, test, channels, size };
}

/** Values from 0 to 255 as floats about 0. */
export function normalized(
	[images, labels]: [Tensor, Tensor],
	{ pad = 0 } = {},
): data.TensorDataset<readonly [images: Tensor, labels: Tensor]> {
	const x = images.to("float32").div_(255).sub_(0.286).div_(0.353);
	return new data.TensorDataset(
		pad > 0
			? nn.functional.pad(x, [pad, pad, pad, pad], { value: -0.286 / 0.353 })
			: x,
		labels,
	);
}

/** Each image as `transform` makes it, anew each time. */
export class Transformed extends data.Dataset<[image: Tensor, label: Tensor]> {
	readonly #images: Tensor; // uint8 [N, 1, 28, 28]
	readonly #labels: Tensor;
	readonly #transform: (image: Tensor) => Tensor;

	constructor(
		[images, labels]: [Tensor, Tensor],
		transform: (image: Tensor) => Tensor,
	) {
		super();
		this.#images = images;
		this.#labels = labels;
		this.#transform = transform;
	}

	get length(): number {
		return this.#labels.size(0);
	}

	getItem(i: number): [Tensor, Tensor] {
		return [
			this.#transform(this.#images.select(0, i)),
			this.#labels.select(0, i),
		];
	}
}
