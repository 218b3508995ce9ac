import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { MNIST, type Source } from "./mnist.ts";

/**
 * 1,797 handwritten digits, 8 × 8: scikit-learn's `load_digits` as idx files, which lie in this package's repository under examples/data/digits. Pixels
 * are uint8, 0 to 255 (the source's 17 levels, spread). A fifth of every class, 360 in all, is the test set.
 *
 * ```ts
 * const train = new Digits("examples/data/digits");
 * train.getItem(0)[0].shape; // [1, 8, 8]
 * ```
 */
export class Digits<Image = Tensor, Target = number> extends MNIST<
	Image,
	Target
> {
	static override readonly source: Source = {
		name: "Digits",
		classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
		mirrors: [],
		files: {},
		advice: "They are in examples/data/digits.",
	};
}

importable(import.meta.url, Digits);
