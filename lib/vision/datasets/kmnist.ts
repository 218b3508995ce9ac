import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { MNIST, type Source } from "./mnist.ts";

/**
 * Kuzushiji-MNIST: 70,000 cursive Japanese characters, 28 × 28, in ten classes (CC BY-SA 4.0; http://codh.rois.ac.jp/kmnist/).
 *
 * ```ts
 * const train = await KMNIST.load("data", { download: true });
 * ```
 */
export class KMNIST<Image = Tensor, Target = number> extends MNIST<
	Image,
	Target
> {
	static override readonly source: Source = {
		name: "KMNIST",
		classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
		mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
		files: {
			"train-images-idx3-ubyte.gz": { md5: "bdb82020997e1d708af4cf47b453dcf7" },
			"train-labels-idx1-ubyte.gz": { md5: "e144d726b3acfaa3e44228e80efcd344" },
			"t10k-images-idx3-ubyte.gz": { md5: "5c965bf0a639b31b8f53240b1b52f4d7" },
			"t10k-labels-idx1-ubyte.gz": { md5: "7320c461ea6c1c855c0b718fb2a4b134" },
		},
		advice: "KMNIST.load(root, { download: true }) fetches it.",
	};
}

importable(import.meta.url, KMNIST);
