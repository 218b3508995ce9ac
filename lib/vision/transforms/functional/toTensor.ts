import * as check from "../../../check.ts";
import { fromBlob } from "../../../tensor/creation.ts";
import { scope } from "../../../tensor/scope.ts";
import { Tensor } from "../../../tensor/tensor.ts";

/** Pixels row by row, the channels of a pixel side by side: a canvas's ImageData, or what sharp's `raw()` gives. */
export interface Pixels {
	data: Uint8Array | Uint8ClampedArray;
	width: number;
	height: number;
	/** Default: as many as `data` has bytes for a pixel. */
	channels?: number;
}

/** The order of a tensor's dimensions. */
export type Layout = "CHW" | "HWC";

/**
 * An image as a tensor [..., C, H, W]: bytes 0 … 255 become float32 0 … 1, other dtypes stay.
 *
 * @param image a tensor [..., C, H, W] or [H, W] ([..., H, W, C] with `layout: "HWC"`), or pixels
 * @throws TorchError when pixels are fewer or more than width × height × channels
 */
export function toTensor(
	image: Tensor | Pixels,
	options: { layout?: Layout } = {},
): Tensor {
	check.options("toTensor", options, ["layout"]);
	const { layout = "CHW" } = options;
	check.oneOf("toTensor", "layout", layout, ["CHW", "HWC"]);
	return scope(() =>
		scaled(
			image instanceof Tensor
				? channelsFirst(image, layout)
				: fromPixels("toTensor", image),
		),
	);
}

function channelsFirst(image: Tensor, layout: Layout): Tensor {
	const dimensions = image.dim();
	if (dimensions < 2) {
		throw check.invalidValue(
			"toTensor",
			"image",
			`expected a tensor [..., C, H, W] or [H, W], got one of shape [${image.shape}]`,
		);
	}
	if (dimensions === 2) return image.unsqueeze(0);
	return layout === "HWC" ? image.movedim(-1, -3).contiguous() : image;
}

function scaled(image: Tensor): Tensor {
	return image.dtype === "uint8" ? image.div(255) : image; // which makes floats of bytes
}

/** @internal Pixels as a tensor [C, H, W]. */
export function fromPixels(op: string, pixels: Pixels): Tensor {
	const { data, width, height } = Object(pixels) as Pixels;
	if (!ArrayBuffer.isView(data)) {
		throw check.invalidValue(
			op,
			"image",
			"expected a tensor or { data, width, height }",
		);
	}
	const channels = pixels.channels ?? data.length / (width * height);
	const given = [height, width, channels];
	if (
		!given.every((n) => Number.isInteger(n) && n > 0) ||
		height * width * channels !== data.length
	) {
		throw check.invalidValue(
			op,
			"image",
			`expected height × width × channels bytes, got ${data.length} for ${given.join(" × ")}`,
		);
	}
	const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
	return fromBlob(bytes, given).permute([2, 0, 1]).contiguous();
}
