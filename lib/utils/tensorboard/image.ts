import { checkTensor } from "../../arguments.ts";
import * as check from "../../check.ts";
import { png } from "../../files/png.ts";
import { cat, zeros } from "../../generated/functions.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { EncodedImage } from "./values.ts";

/** The meaning of an image's dimensions, in their order. */
export type DataFormat = "CHW" | "HWC" | "HW" | "WH" | "CWH" | "WHC";
/** The same of several images. */
export type BatchDataFormat = "NCHW" | "NHWC";

export const dataFormats: readonly DataFormat[] = [
	"CHW",
	"HWC",
	"HW",
	"WH",
	"CWH",
	"WHC",
];
export const batchDataFormats: readonly BatchDataFormat[] = ["NCHW", "NHWC"];

/** A picture of an image, or of a batch's images side by side, eight in a row. Floats are from 0 to 1, uint8 from 0 to 255. */
export function encodedImage(
	op: string,
	name: string,
	image: Tensor,
	format: DataFormat | BatchDataFormat,
): EncodedImage {
	checkTensor(op, name, image);
	if (image.dim() !== format.length)
		throw check.invalidValue(
			op,
			name,
			`expected the ${format.length} dimensions ${format}, got a tensor of shape [${image.shape.join(", ")}]`,
		);
	const isByte = image.dtype === "uint8";
	if (!isByte && !image.isFloatingPoint() && image.dtype !== "bool")
		throw check.invalidType(
			op,
			name,
			"uint8, floating point or bool tensor",
			image.dtype,
		);
	if (image.numel() === 0)
		throw check.invalidValue(op, name, "there are no pixels in it");
	return scope(() => {
		const order = [...(format.length === 4 ? "NCHW" : "CHW")];
		const here = image.detach().to("cpu");
		const whole = format.includes("C") ? here : here.unsqueeze(0);
		const named = format.includes("C") ? format : `C${format}`;
		const sorted = whole.permute(order.map((letter) => named.indexOf(letter)));
		const channels = sorted.size(-3);
		if (channels !== 1 && channels !== 3 && channels !== 4)
			throw check.invalidValue(
				op,
				name,
				`expected 1, 3 or 4 channels, got ${channels}`,
			);
		const one = sorted.dim() === 4 ? grid(sorted) : sorted;
		const colours = channels === 1 ? cat([one, one, one]) : one;
		const pixels = isByte
			? colours
			: colours.to("float32").mul(255).nanToNum(0).clamp(0, 255).to("uint8");
		const [height, width] = [pixels.size(1), pixels.size(2)];
		const bytes = pixels.permute([1, 2, 0]).contiguous().toTypedArray();
		const depth = pixels.size(0);
		return {
			height,
			width,
			channels: depth,
			png: png(bytes as Uint8Array, height, width, depth),
		};
	});
}

/** [N, C, H, W] → [C, rows × H, columns × W] */
function grid(images: Tensor): Tensor {
	const [count, channels, height, width] = images.shape as [
		number,
		number,
		number,
		number,
	];
	const columns = Math.min(count, 8);
	const rows = Math.ceil(count / columns);
	const missing = rows * columns - count;
	const blank = zeros([missing, channels, height, width], {
		dtype: images.dtype,
	});
	return cat([images, blank])
		.reshape([rows, columns, channels, height, width])
		.permute([2, 0, 3, 1, 4])
		.reshape([channels, rows * height, columns * width]);
}
