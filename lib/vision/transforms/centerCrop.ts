import type { Tensor } from "../../tensor/tensor.ts";
import { centerCropInput } from "./functional/centerCrop.ts";
import { type CropSize, heightAndWidth } from "./parameters.ts";
import { GeometricTransform } from "./transform.ts";

/** Cuts out the middle, `size` (a number, or [height, width]); zeros around it where the image is smaller. */
export class CenterCrop extends GeometricTransform {
	readonly size: readonly [height: number, width: number];

	constructor(size: CropSize) {
		super();
		this.size = heightAndWidth("CenterCrop", size);
	}

	protected override apply(input: Tensor): Tensor {
		return centerCropInput("CenterCrop", input, this.size);
	}
}
