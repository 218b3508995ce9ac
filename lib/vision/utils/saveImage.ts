import * as check from "../../check.ts";
import { atomicWriteAsync } from "../../io/atomicWrite.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { encoderOf, type WriteFormat } from "../io/writeImage.ts";
import { gridOptionNames, type MakeGridOptions, makeGrid } from "./makeGrid.ts";

export interface SaveImageOptions extends MakeGridOptions {
	/** Default: what the file's name ends in. */
	format?: WriteFormat;
}

/**
 * Writes an image, or a batch as a grid ({@link makeGrid}), into a file. It takes the package sharp. Images of bytes go to `vision.io.writeImage`.
 *
 * @param images floating point, 0 to 1: what is outside becomes the nearer one
 * @throws TorchError for other images and for a name that ends in no known format
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.save_image.html
 *
 * @example
 * await vision.utils.saveImage(generated, "samples.png", { nrow: 10, normalize: true });
 */
export async function saveImage(
	images: Tensor | readonly Tensor[],
	file: string,
	{ format, ...options }: SaveImageOptions = {},
): Promise<void> {
	const op = "saveImage";
	check.string(op, "file", file);
	check.options(op, options, [...gridOptionNames, "format"]);
	const encode = encoderOf(op, file, format);
	using bytes = scope(() => {
		const grid = makeGrid(images, options);
		if (grid.isFloatingPoint())
			return grid.mul(255).add_(0.5).clamp_(0, 255).to("uint8").cpu();
		throw check.invalidValue(
			op,
			"images",
			`expected floating point from 0 to 1, got ${grid.dtype}; vision.io.writeImage writes uint8`,
		);
	});
	await atomicWriteAsync(file, [await encode(bytes, {})]);
}
