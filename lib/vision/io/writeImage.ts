import { extname } from "node:path";
import * as check from "../../check.ts";
import { atomicWriteAsync } from "../../io/atomicWrite.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type EncodePngOptions,
	type EncodeWebpOptions,
	encodeAvif,
	encodeGif,
	encodeJpeg,
	encodePng,
	encodeWebp,
} from "./encodeImage.ts";

const encoders = {
	jpg: encodeJpeg,
	jpeg: encodeJpeg,
	png: encodePng,
	webp: encodeWebp,
	avif: encodeAvif,
	gif: (image: Tensor) => encodeGif(image),
};

/** What an image is written as. */
export type WriteFormat = keyof typeof encoders;

export interface WriteImageOptions extends EncodeWebpOptions, EncodePngOptions {
	/** Default: what the file's name ends in. */
	format?: WriteFormat;
}

/**
 * Writes a uint8 image [C, H, W] into a file, whole or not at all. The format's own options are those of {@link encodeJpeg}, {@link encodePng}
 * and {@link encodeWebp}.
 *
 * @throws TorchError for an image that the format does not have, and for a name that ends in no known format
 *
 * @example
 * await vision.io.writeImage("out.png", image);
 */
export async function writeImage(
	file: string,
	image: Tensor,
	{ format, ...options }: WriteImageOptions = {},
): Promise<void> {
	check.string("writeImage", "file", file);
	const encode = encoderOf("writeImage", file, format);
	await atomicWriteAsync(file, [await encode(image, options)]);
}

/** @internal */
export function encoderOf(
	op: string,
	file: string,
	format: WriteFormat | undefined,
): (image: Tensor, options: object) => Promise<Uint8Array> {
	const known = Object.keys(encoders) as WriteFormat[];
	if (format !== undefined)
		return encoders[check.oneOf(op, "format", format, known)];
	const ending = extname(file).slice(1).toLowerCase();
	if (Object.hasOwn(encoders, ending)) return encoders[ending as WriteFormat];
	throw check.invalidValue(
		op,
		"file",
		`expected a name that ends in ${known.map((name) => `.${name}`).join(", ")}, got ${JSON.stringify(file)}; or give the format`,
	);
}
