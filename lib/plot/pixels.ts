import * as check from "../check.ts";
import { png } from "../files/png.ts";
import { cat } from "../generated/functions.ts";
import { isTensor } from "../handle.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A picture as it stands within another one. */
export interface Picture {
	/** A data URI. */
	href: string;
	height: number;
	width: number;
}

/** [N, C, H, W], [N, H, W], or a list of [C, H, W] or [H, W] of any sizes. */
export type Images = Tensor | readonly Tensor[];

/** Each image by itself: [C, H, W] or [H, W]; the first `limit` ones. */
export function listOf(op: string, images: Images, limit: number): Tensor[] {
	if (isTensor(images)) {
		const x = images as Tensor;
		if (x.dim() !== 4 && x.dim() !== 3)
			throw check.invalidValue(
				op,
				"images",
				`expected [N, C, H, W] or [N, H, W], got a tensor of shape [${x.shape.join(", ")}]`,
			);
		return x.slice(0, 0, limit).detach().to("cpu").unbind(0);
	}
	if (!Array.isArray(images))
		throw check.invalidType(op, "images", "Tensor or Tensor[]", images);
	return images.slice(0, limit).map((image: unknown, i) => {
		if (!isTensor(image))
			throw check.invalidType(op, `images[${i}]`, "Tensor", image);
		return (image as Tensor).detach().to("cpu");
	});
}

/** @param normalize brings the smallest value to black and the largest to white */
export function pictureOf(
	op: string,
	name: string,
	image: Tensor,
	normalize: boolean,
): Picture {
	const whole = image.dim() === 2 ? image.unsqueeze(0) : image;
	const channels = whole.dim() === 3 ? whole.size(0) : 0;
	if (![1, 3, 4].includes(channels) || whole.numel() === 0)
		throw check.invalidValue(
			op,
			name,
			`expected [1, H, W], [3, H, W], [4, H, W] or [H, W], got a tensor of shape [${image.shape.join(", ")}]`,
		);
	const isByte = whole.dtype === "uint8";
	if (!isByte && !whole.isFloatingPoint() && whole.dtype !== "bool")
		throw check.invalidType(
			op,
			name,
			"uint8, floating point or bool tensor",
			whole.dtype,
		);
	const floats = isByte
		? whole.to("float32").div(255)
		: whole.to("float32").nanToNum(0);
	const scaled = normalize ? stretched(floats) : floats;
	const bytes = scaled.mul(255).round().clamp(0, 255).to("uint8");
	const colours = channels === 1 ? cat([bytes, bytes, bytes]) : bytes;
	const [depth, height, width] = colours.shape as [number, number, number];
	const pixels = colours.permute([1, 2, 0]).contiguous().toTypedArray();
	const file = png(pixels as Uint8Array, height, width, depth);
	return {
		href: `data:image/png;base64,${Buffer.from(file).toString("base64")}`,
		height,
		width,
	};
}

function stretched(x: Tensor): Tensor {
	const low = x.min();
	return x.sub(low).div(x.max().sub(low).clamp({ min: 1e-12 }));
}

/** {@link pictureOf} of all images. */
export function picturesOf(
	op: string,
	images: Images,
	limit: number,
	normalize: boolean,
): Picture[] {
	return scope(() =>
		listOf(op, images, limit).map((image, i) =>
			pictureOf(op, `images[${i}]`, image, normalize),
		),
	);
}
