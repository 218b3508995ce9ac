import * as check from "../../check.ts";
import { fromBlob } from "../../tensor/creation.ts";
import { scope } from "../../tensor/scope.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { Canvas } from "./canvas.ts";

/** @throws TorchError unless `image` is one image of these numbers of channels, uint8 or floating point */
export function checkImage(
	op: string,
	image: Tensor,
	channels: readonly number[],
): void {
	if (!(image instanceof Tensor))
		throw check.invalidType(op, "image", "Tensor", image);
	const { dtype, shape } = image;
	if (
		shape.length === 3 &&
		channels.includes(shape[0] as number) &&
		(dtype === "uint8" || image.isFloatingPoint())
	)
		return;
	throw check.invalidValue(
		op,
		"image",
		`expected one image [C, H, W] of ${channels.join(" or ")} channels, uint8 or floating point, got ${dtype} of shape [${shape}]`,
	);
}

/** A copy of an image as a canvas: floating point images (0 to 1) as bytes, grey ones as colours. */
export function toCanvas(image: Tensor, blends: boolean): Canvas {
	const [, height, width] = image.shape as [number, number, number];
	const pixels = scope(() => {
		const bytes = image.isFloatingPoint()
			? image.mul(255 + 1 - 1e-3).to("uint8") // as torchvision's to_dtype scales
			: image;
		return bytes.expand([3, height, width]).permute([1, 2, 0]).toTypedArray();
	}) as Uint8Array;
	return new Canvas(pixels, width, height, blends);
}

/** The canvas's pixels as an image of the dtype and on the device that `image` has. */
export function fromCanvas(canvas: Canvas, image: Tensor): Tensor {
	return scope(() => {
		const { pixels, width, height } = canvas;
		const bytes = fromBlob(pixels, [height, width, 3]).permute([2, 0, 1]);
		if (image.dtype === "uint8") return bytes.to(image.device);
		return bytes.to({ dtype: image.dtype, device: image.device }).mul(1 / 255);
	});
}

/** Drawing goes pixel by pixel, so it is not begun for what lies a million pixels away. */
const FAR = 1_000_000;

/** Whole coordinates: `Tensor.to("int64")` cuts fractions off. */
export function coordinates(
	op: string,
	argument: string,
	points: Tensor,
): number[] {
	const values = Array.from(
		points
			.detach()
			.to({ dtype: "float64", device: "cpu" })
			.toTypedArray() as Float64Array,
		Math.trunc,
	);
	const wrong = values.find((value) => !(Math.abs(value) <= FAR));
	if (wrong === undefined) return values;
	throw check.invalidValue(
		op,
		argument,
		`expected coordinates within ±${FAR}, got ${wrong}`,
	);
}
