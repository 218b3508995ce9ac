import type { Tensor } from "../../../tensor/tensor.ts";
import { affine, rotate } from "../functional/affine.ts";
import { autocontrast } from "../functional/colour/autocontrast.ts";
import { brighten } from "../functional/colour/brightness.ts";
import { contrastBy } from "../functional/colour/contrast.ts";
import { equalize } from "../functional/colour/equalize.ts";
import { inverted } from "../functional/colour/invert.ts";
import { whiteOf } from "../functional/colour/pixels.ts";
import { posterize } from "../functional/colour/posterize.ts";
import { saturate } from "../functional/colour/saturation.ts";
import { adjustSharpness } from "../functional/colour/sharpness.ts";
import { solarize } from "../functional/colour/solarize.ts";
import type { AutoOptions } from "./base.ts";
import type { Operation } from "./space.ts";

/** @internal What an operation of a magnitude does with an image. */
export function applyOperation(
	op: string,
	image: Tensor,
	operation: Operation,
	magnitude: number,
	{ interpolation, fill }: AutoOptions,
): Tensor {
	const options = { interpolation, fill };
	// the papers shear by pixels for each pixel, about the upper left corner
	const degrees = Math.atan(magnitude) * (180 / Math.PI);
	const shear = (x: number, y: number): Tensor =>
		affine(image, 0, [0, 0], 1, [x, y], { ...options, center: [0, 0] });
	const pixels = Math.trunc(magnitude);
	const move = (x: number, y: number): Tensor =>
		affine(image, 0, [x, y], 1, [0, 0], options);
	switch (operation) {
		case "Identity":
			return image;
		case "ShearX":
			return shear(degrees, 0);
		case "ShearY":
			return shear(0, degrees);
		case "TranslateX":
			return move(pixels, 0);
		case "TranslateY":
			return move(0, pixels);
		case "Rotate":
			return rotate(image, magnitude, options);
		case "Brightness":
			return brighten(op, image, 1 + magnitude);
		case "Color":
			return saturate(op, image, 1 + magnitude);
		case "Contrast":
			return contrastBy(op, image, 1 + magnitude);
		case "Sharpness":
			return adjustSharpness(image, 1 + magnitude);
		case "Posterize":
			return posterize(image, pixels);
		case "Solarize":
			return solarize(image, whiteOf(image.dtype) * magnitude);
		case "AutoContrast":
			return autocontrast(image);
		case "Equalize":
			return equalize(image);
		case "Invert":
			return inverted(op, image);
	}
}
