import * as check from "../../../check.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { BoundingBoxes, KeyPoints } from "../../tvTensors/index.ts";
import { isImage } from "../../tvTensors/wrap.ts";
import { shapeOf } from "./image.ts";

/** [height, width] of an image or a mask, or of what boxes or key points lie in. */
export function getSize(input: Tensor): [height: number, width: number] {
	if (input instanceof BoundingBoxes || input instanceof KeyPoints) {
		return [input.canvasSize[0], input.canvasSize[1]];
	}
	const [height, width] = shapeIn("getSize", input, 2).slice(-2);
	return [height as number, width as number];
}

/** [channels, height, width] of an image; one of [H, W] has one channel. */
export function getDimensions(
	image: Tensor,
): [channels: number, height: number, width: number] {
	const shape = shapeIn("getDimensions", checkImage("getDimensions", image), 2);
	const [channels, height, width] = [1, ...shape].slice(-3);
	return [channels as number, height as number, width as number];
}

/** The channels of an image; one of [H, W] has one. */
export function getNumChannels(image: Tensor): number {
	const shape = shapeIn(
		"getNumChannels",
		checkImage("getNumChannels", image),
		2,
	);
	return [1, ...shape].at(-3) as number;
}

/** The frames of a video [..., T, C, H, W]. */
export function getNumFrames(video: Tensor): number {
	return shapeIn("getNumFrames", checkImage("getNumFrames", video), 4).at(
		-4,
	) as number;
}

function checkImage(op: string, image: Tensor): Tensor {
	if (image instanceof Tensor && isImage(image)) return image;
	throw check.invalidType(op, "image", "an image", image);
}

function shapeIn(op: string, input: Tensor, least: number): number[] {
	if (input instanceof Tensor) return shapeOf(op, input, least);
	throw check.invalidType(op, "image", "Tensor", input);
}
