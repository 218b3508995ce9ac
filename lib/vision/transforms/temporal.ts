import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { Video } from "../tvTensors/image.ts";
import { subsample } from "./functional/temporal.ts";
import { Transform } from "./transform.ts";

/** As many frames of a video [..., T, C, H, W], a `Video` or a plain tensor, evenly spread; some twice where it has fewer. */
export class UniformTemporalSubsample extends Transform {
	readonly numSamples: number;

	constructor(numSamples: number) {
		super();
		const op = "UniformTemporalSubsample";
		this.numSamples = check.integer(op, "numSamples", numSamples, { min: 0 });
	}

	protected override takes(input: Tensor): boolean {
		return input instanceof Video || input.constructor === Tensor;
	}

	protected override apply(video: Tensor): Tensor {
		return subsample("UniformTemporalSubsample", video, this.numSamples);
	}
}
