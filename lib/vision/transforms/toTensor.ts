import { inspect } from "node:util";
import { Callable } from "../../callable.ts";
import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Layout, type Pixels, toTensor } from "./functional/toTensor.ts";

/**
 * An image as a tensor [..., C, H, W]: bytes 0 to 255 become float32 0 to 1, other dtypes stay.
 * Takes tensors [..., C, H, W] or [H, W] ([..., H, W, C] with `layout: "HWC"`), and `{ data, width, height }`, as a canvas or a decoder gives it.
 */
export class ToTensor extends Callable<[image: Tensor | Pixels], Tensor> {
	readonly layout: Layout;

	constructor(options: { layout?: Layout } = {}) {
		super();
		check.options("ToTensor", options, ["layout"]);
		const { layout = "CHW" } = options;
		check.oneOf("ToTensor", "layout", layout, ["CHW", "HWC"]);
		this.layout = layout;
	}

	protected override invoke(image: Tensor | Pixels): Tensor {
		return toTensor(image, { layout: this.layout });
	}

	override toString(): string {
		return `ToTensor(layout=${JSON.stringify(this.layout)})`;
	}

	[inspect.custom](): string {
		return this.toString();
	}
}
