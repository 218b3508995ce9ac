import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { MNIST, type Source } from "./mnist.ts";

/**
 * Zalando's Fashion-MNIST: 70,000 grey images of clothes, 28 × 28, in ten classes (MIT licence). Also found where Debian's package dataset-fashion-mnist
 * puts it.
 *
 * ```ts
 * const test = await FashionMNIST.load("data", { train: false, download: true });
 * test.classes[test.getItem(0)[1]]; // "Ankle boot"
 * ```
 */
export class FashionMNIST<Image = Tensor, Target = number> extends MNIST<
	Image,
	Target
> {
	static override readonly source: Source = {
		name: "FashionMNIST",
		classes: [
			"T-shirt/top",
			"Trouser",
			"Pullover",
			"Dress",
			"Coat",
			"Sandal",
			"Shirt",
			"Sneaker",
			"Bag",
			"Ankle boot",
		],
		mirrors: [
			"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
			"https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
		],
		files: {
			"train-images-idx3-ubyte.gz":
				"3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
			"train-labels-idx1-ubyte.gz":
				"a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
			"t10k-images-idx3-ubyte.gz":
				"346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
			"t10k-labels-idx1-ubyte.gz":
				"67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
		},
		system: "/usr/share/datasets/fashion-mnist",
		advice:
			"FashionMNIST.load(root, { download: true }) fetches it; on Debian, so does apt install dataset-fashion-mnist.",
	};
}

importable(import.meta.url, FashionMNIST);
