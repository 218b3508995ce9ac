import { extname } from "node:path";
import * as check from "../check.ts";
import { atomicWriteAsync } from "../io/atomicWrite.ts";
import { loadSharp } from "../vision/io/sharp.ts";

export interface PngOptions {
	/** Pixels of the file for each of the picture's. Default 2. */
	scale?: number | undefined;
}

/** A picture: SVG, and PNG made of it. */
export class Figure {
	/** An SVG document. */
	readonly svg: string;
	readonly width: number;
	readonly height: number;

	/** @internal */
	constructor(svg: string, width: number, height: number) {
		this.svg = svg;
		this.width = width;
		this.height = height;
	}

	/**
	 * The bytes of a PNG file. It takes the package sharp, and for its text a font on this machine (on a bare one: `apt-get install
	 * fonts-dejavu-core`).
	 *
	 * @throws TorchError `ERR_MISSING_PACKAGE` without sharp
	 */
	async png(options: PngOptions = {}): Promise<Uint8Array> {
		const op = "Figure.png";
		check.options(op, options, ["scale"]);
		const { scale = 2 } = options;
		check.number(op, "scale", scale, { min: 0.1, max: 10 });
		const sharp = await loadSharp(op);
		const image = sharp(Buffer.from(this.svg), {
			density: 72 * scale,
			unlimited: true, // an inner picture may be large
		});
		const { data } = await image.png({}).toBuffer({ resolveWithObject: true });
		return data;
	}

	/**
	 * Writes an SVG or PNG file, by the path's ending; whole or not at all.
	 *
	 * @throws TorchError for other endings; node's own error, where the file cannot be written
	 */
	async save(path: string): Promise<void> {
		const op = "Figure.save";
		const ending = extname(check.string(op, "path", path)).toLowerCase();
		if (ending !== ".svg" && ending !== ".png")
			throw check.invalidValue(
				op,
				"path",
				`expected a name that ends in .svg or .png, got "${path}"`,
			);
		const isPng = ending === ".png";
		const bytes = isPng ? await this.png() : Buffer.from(this.svg);
		await atomicWriteAsync(path, [bytes]);
	}

	toString(): string {
		return this.svg;
	}
}
