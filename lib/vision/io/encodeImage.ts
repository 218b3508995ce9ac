import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { loadSharp, type Pipeline } from "./sharp.ts";

export interface EncodeLossyOptions {
	/** 1, small, to 100, true: 75. */
	quality?: number;
}

export interface EncodeWebpOptions extends EncodeLossyOptions {
	/** Every pixel as it is: false. */
	lossless?: boolean;
}

export interface EncodePngOptions {
	/** 0, fast, to 9, small: 6. */
	compressionLevel?: number;
}

/**
 * A uint8 image as the bytes of a JPEG file.
 *
 * @param image [1, H, W] or [3, H, W]
 * @throws TorchError for other images; `ERR_MISSING_PACKAGE` without the package sharp
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.io.encode_jpeg.html
 *
 * @example
 * const bytes = await vision.io.encodeJpeg(image, { quality: 90 });
 */
export function encodeJpeg(
	image: Tensor,
	options: EncodeLossyOptions = {},
): Promise<Uint8Array> {
	const op = "encodeJpeg";
	const quality = qualityOf(op, options, ["quality"]);
	return encode(op, image, [1, 3], (pixels) => pixels.jpeg({ quality }));
}

/**
 * A uint8 image as the bytes of a PNG file; every pixel stays as it is.
 *
 * @param image [C, H, W]: grey, grey and alpha, colours, or colours and alpha
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.io.encode_png.html
 */
export async function encodePng(
	image: Tensor,
	options: EncodePngOptions = {},
): Promise<Uint8Array> {
	const op = "encodePng";
	check.options(op, options, ["compressionLevel"]);
	const { compressionLevel = 6 } = options;
	check.integer(op, "compressionLevel", compressionLevel, { min: 0, max: 9 });
	return encode(op, image, [1, 2, 3, 4], (pixels) =>
		pixels.png({ compressionLevel }),
	);
}

/** A uint8 image [C, H, W], of 1 to 4 channels, as the bytes of a WebP file. */
export async function encodeWebp(
	image: Tensor,
	options: EncodeWebpOptions = {},
): Promise<Uint8Array> {
	const op = "encodeWebp";
	const quality = qualityOf(op, options, ["quality", "lossless"]);
	const { lossless = false } = options;
	check.boolean(op, "lossless", lossless);
	return encode(op, image, [1, 2, 3, 4], (pixels) =>
		pixels.webp({ quality, lossless, exact: lossless }),
	);
}

/** A uint8 image [C, H, W], of 1 to 4 channels, as the bytes of an AVIF file. */
export async function encodeAvif(
	image: Tensor,
	options: EncodeLossyOptions = {},
): Promise<Uint8Array> {
	const op = "encodeAvif";
	const quality = qualityOf(op, options, ["quality"]);
	return encode(op, image, [1, 2, 3, 4], (pixels) => pixels.avif({ quality }));
}

/** A uint8 image [C, H, W], of 1 to 4 channels, as the bytes of a GIF file of 256 colours at most. */
export async function encodeGif(image: Tensor): Promise<Uint8Array> {
	return encode("encodeGif", image, [1, 2, 3, 4], (pixels) => pixels.gif({}));
}

function qualityOf(
	op: string,
	options: EncodeLossyOptions,
	names: readonly string[],
): number {
	check.options(op, options, names);
	const { quality = 75 } = options;
	return check.integer(op, "quality", quality, { min: 1, max: 100 });
}

async function encode(
	op: string,
	image: Tensor,
	allowed: readonly number[],
	format: (pixels: Pipeline) => Pipeline,
): Promise<Uint8Array> {
	const { dtype, shape } = image;
	const [channels = 0, height = 0, width = 0] = shape;
	if (
		dtype !== "uint8" ||
		shape.length !== 3 ||
		!allowed.includes(channels) ||
		height * width === 0
	) {
		throw check.invalidValue(
			op,
			"image",
			`expected uint8 [C, H, W] of ${allowed.join(" or ")} channels, got ${dtype} of shape [${shape}]`,
		);
	}
	using pixels = image.permute([1, 2, 0]);
	const data = pixels.toTypedArray() as Uint8Array;
	const sharp = await loadSharp(op);
	const raw = sharp(data, {
		raw: { width, height, channels },
		limitInputPixels: false,
	});
	const grey = channels < 3 ? raw.toColourspace("b-w") : raw;
	return (await format(grey).toBuffer({ resolveWithObject: true })).data;
}
