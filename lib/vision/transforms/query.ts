import { invalidValue } from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { BoundingBoxes, KeyPoints } from "../tvTensors/index.ts";
import { isImage } from "../tvTensors/wrap.ts";
import { type ImageSize, shapeOf } from "./functional/image.ts";

/** Height and width of the images and masks in a sample, or of what its boxes and points lie in. All have to agree. */
export function sizeOfInputs(op: string, inputs: readonly Tensor[]): ImageSize {
	const [first] = inputs;
	if (inputs.length === 1 && first) return sizeOfInput(op, first);
	const format = ({ height, width }: ImageSize) => `${height} × ${width}`;
	const pixels = inputs.filter((input) => !hasCanvas(input));
	const others = inputs.filter(hasCanvas);
	const sizes = (pixels.length > 0 ? pixels : others).map((input) =>
		sizeOfInput(op, input),
	);
	const size = agreed(op, sizes, format);
	for (const { canvasSize } of others) {
		const [height, width] = canvasSize;
		// rotation with `expand` rounds the canvas on its own, as in torchvision: a pixel more or less
		const apart = Math.max(
			Math.abs(height - size.height),
			Math.abs(width - size.width),
		);
		if (apart > 1) agreed(op, [size, { height, width }], format);
	}
	return size;
}

function hasCanvas(input: Tensor): input is BoundingBoxes | KeyPoints {
	return input instanceof BoundingBoxes || input instanceof KeyPoints;
}

/** Channels, height and width of the images in a sample. All have to agree. */
export function shapeOfInputs(
	op: string,
	inputs: readonly Tensor[],
): ImageSize & { channels: number } {
	const shapes = inputs.filter(isImage).map((image) => {
		const [channels, height, width] = shapeOf(op, image).slice(-3) as [
			number,
			number,
			number,
		];
		return { channels, height, width };
	});
	return agreed(
		op,
		shapes,
		({ channels, height, width }) => `${channels} × ${height} × ${width}`,
	);
}

function sizeOfInput(op: string, input: Tensor): ImageSize {
	if (hasCanvas(input)) {
		const [height, width] = input.canvasSize;
		return { height, width };
	}
	const least = isImage(input) ? 3 : 2;
	const [height, width] = shapeOf(op, input, least).slice(-2) as [
		number,
		number,
	];
	return { height, width };
}

function agreed<T>(op: string, found: T[], format: (item: T) => string): T {
	const [first] = found;
	const forms = new Set(found.map(format));
	if (first !== undefined && forms.size === 1) return first;
	throw invalidValue(
		op,
		"sample",
		first === undefined
			? "expected an image in it"
			: `expected images, masks, boxes and points of one size, got ${[...forms].join(" and ")}`,
	);
}
