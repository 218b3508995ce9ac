import * as check from "../../../check.ts";
import { linspace } from "../../../generated/functions.ts";
import { scope } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { wrap } from "../../tvTensors/wrap.ts";
import { shapeOf } from "./image.ts";

/**
 * As many frames of a video [..., T, C, H, W], evenly spread from the first to the last; some twice where it has fewer.
 *
 * @param numSamples how many
 */
export function uniformTemporalSubsample<T extends Tensor>(
	video: T,
	numSamples: number,
): T {
	const op = "uniformTemporalSubsample";
	check.integer(op, "numSamples", numSamples, { min: 0 });
	return subsample(op, video, numSamples);
}

/** @internal `uniformTemporalSubsample` with checked arguments. */
export function subsample<T extends Tensor>(
	op: string,
	video: T,
	numSamples: number,
): T {
	const frames = shapeOf(op, video, 4).at(-4) as number;
	return scope(() => {
		const { device } = video;
		const places = linspace(0, frames - 1, numSamples, { device });
		return wrap(video.indexSelect(-4, places.to("int64")), video);
	});
}
