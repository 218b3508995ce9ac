import * as check from "../../check.ts";
import { TorchError } from "../../errors.ts";
import { fromOwnBlob } from "../../tensor/creation.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { formatOf } from "./formats.ts";
import { jpegHeader } from "./jpegHeader.ts";
import { luminance } from "./luminance.ts";
import { loadSharp, type Metadata, type Pipeline } from "./sharp.ts";

/**
 * The channels that an image is wanted in: as they are in the file, grey, grey and alpha, colours, colours and alpha. torchvision's ImageReadMode.
 */
export type ImageReadMode = "unchanged" | "gray" | "grayAlpha" | "rgb" | "rgba";

export interface DecodeImageOptions {
	/** Channels: "unchanged". */
	mode?: ImageReadMode;
	/** Turns and mirrors the image as its EXIF data say: false. */
	applyExifOrientation?: boolean;
	/** The most pixels, of all frames together, that are decoded: 178,956,970, half a gigabyte of RGB. */
	maxPixels?: number;
}

const modes: readonly ImageReadMode[] = [
	"unchanged",
	"gray",
	"grayAlpha",
	"rgb",
	"rgba",
];
const DEFAULT_MAX_PIXELS = 178_956_970; // where Pillow refuses, too

/** @internal */
export const decodeOptionNames = ["mode", "applyExifOrientation", "maxPixels"];

/**
 * Decodes a JPEG, PNG, WebP, GIF, AVIF or TIFF file, on another thread. It takes the package sharp.
 *
 * Frames of an animation come as [N, C, H, W]. 16 bits of a channel become the upper eight; CMYK becomes RGB; colour profiles are not applied. The
 * tensor lies over the decoder's own memory, channels last, as torchvision's do: `contiguous()` puts the channels first.
 *
 * @param bytes the file's bytes: a typed array, or a uint8 tensor of one dimension
 * @returns uint8 [C, H, W]
 * @throws TorchError `ERR_INVALID_FILE` for what is damaged, too large, or no image; `ERR_MISSING_PACKAGE` without sharp
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.io.decode_image.html
 *
 * @example
 * const image = await vision.io.decodeImage(upload, { mode: "rgb" }); // uint8 [3, H, W]
 */
export function decodeImage(
	bytes: Uint8Array | Tensor,
	options: DecodeImageOptions = {},
): Promise<Tensor> {
	return decodeNamed("decodeImage", "image", bytes, options);
}

/** @internal `name` is what errors call the image. */
export async function decodeNamed(
	op: string,
	name: string,
	bytes: Uint8Array | Tensor,
	options: DecodeImageOptions,
): Promise<Tensor> {
	check.options(op, options, decodeOptionNames);
	const {
		mode = "unchanged",
		applyExifOrientation = false,
		maxPixels = DEFAULT_MAX_PIXELS,
	} = options;
	check.oneOf(op, "mode", mode, modes);
	check.boolean(op, "applyExifOrientation", applyExifOrientation);
	check.integer(op, "maxPixels", maxPixels, { min: 1 });
	const file = bytesOf(op, bytes);
	const sharp = await loadSharp(op);
	const format = formatOf(file);
	if (!format) {
		throw damaged(name, "not a JPEG, PNG, WebP, GIF, AVIF or TIFF file");
	}
	const open = (limitInputPixels: number | false): Pipeline =>
		sharp(file, {
			failOn: "error",
			ignoreIcc: true,
			limitInputPixels,
			// frames of the other formats are pictures beside each other, not one after the other
			animated: format === "gif" || format === "webp",
		});
	try {
		const metadata = jpegHeader(file) ?? (await open(false).metadata()); // reads the header alone
		checkPixels(name, metadata, maxPixels);
		const image = open(maxPixels);
		const upright = applyExifOrientation ? image.autoOrient() : image;
		return await decode(upright, metadata, mode);
	} catch (error) {
		if (error instanceof TorchError) throw error;
		throw damaged(name, sharpMessage(error as Error), error);
	}
}

function bytesOf(op: string, bytes: Uint8Array | Tensor): Uint8Array {
	if (bytes instanceof Tensor) {
		if (bytes.dtype === "uint8" && bytes.dim() === 1)
			return bytes.toTypedArray() as Uint8Array;
		throw check.invalidValue(
			op,
			"bytes",
			`expected a uint8 tensor of one dimension, got ${bytes.dtype} of shape [${bytes.shape}]`,
		);
	}
	if (ArrayBuffer.isView(bytes))
		return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	throw check.invalidType(op, "bytes", "Uint8Array or Tensor", bytes);
}

function checkPixels(
	name: string,
	{ width, height, pages = 1, pageHeight = height }: Metadata,
	maxPixels: number,
): void {
	if (width * pageHeight * pages <= maxPixels) return;
	const frames = pages > 1 ? `${pages} frames of ` : "";
	throw damaged(
		name,
		`has ${frames}${width} × ${pageHeight} pixels, more than maxPixels, ${maxPixels}`,
	);
}

async function decode(
	image: Pipeline,
	{ space, hasAlpha, pages = 1 }: Metadata,
	mode: ImageReadMode,
): Promise<Tensor> {
	const isGrey = space === "b-w" || space === "grey16";
	const wanted = mode === "unchanged" ? unchanged(isGrey, hasAlpha) : mode;
	const pixels = await pixelsOf(image, isGrey, wanted);
	const { data, info } = await pixels
		.raw()
		.toBuffer({ resolveWithObject: true });
	const { width, height, channels } = info; // frames lie below each other
	const shape = [pages, height / pages, width, channels];
	const frames = fromOwnBlob(data, pages > 1 ? shape : shape.slice(1));
	const decoded = frames.movedim(-1, -3);
	frames.dispose();
	if (channels === { gray: 1, grayAlpha: 2, rgb: 3, rgba: 4 }[wanted])
		return decoded;
	using colours = decoded;
	return luminance(colours);
}

const unchanged = (isGrey: boolean, hasAlpha: boolean) =>
	isGrey ? (hasAlpha ? "grayAlpha" : "gray") : hasAlpha ? "rgba" : "rgb";

/** The channels of `mode`; or, of what has to become grey yet, its colours. (sharp's own grey weighs the colours in another way than Pillow and libpng.) */
function pixelsOf(
	image: Pipeline,
	isGrey: boolean,
	mode: ImageReadMode,
): Pipeline {
	if (mode === "gray" && isGrey) return image.toColourspace("b-w");
	const hasAlpha = mode === "rgba" || mode === "grayAlpha";
	return (hasAlpha ? image.ensureAlpha() : image.removeAlpha()).toColourspace(
		"srgb",
	);
}

/** One line of what libvips says, which may be many. */
function sharpMessage({ message }: Error): string {
	const [line = ""] = message.split("\n");
	return `damaged: ${line.replace(/^Input buffer /, "it ").slice(0, 200)}`;
}

function damaged(name: string, problem: string, cause?: unknown): TorchError {
	return new TorchError(`${name}: ${problem}`, {
		code: "ERR_INVALID_FILE",
		cause,
	});
}
