import * as check from "../../../../../check.ts";
import { scope } from "../../../../../tensor/scope.ts";
import type { Tensor } from "../../../../../tensor/tensor.ts";
import { mapBytes } from "../bytes.ts";
import { ofImage } from "../images.ts";
import { colourShape } from "../pixels.ts";
import { toRgb, toYcc } from "./colours.ts";
import { quantize, type Tables, tablesOf } from "./quantize.ts";
import { double, halve, type Plane } from "./sampling.ts";

/**
 * What is left of an image after it was stored as JPEG: the pixels that libjpeg gives (baseline, chroma at half the size).
 *
 * ```ts
 * jpeg(image, 20);
 * ```
 *
 * @param image uint8, [..., 1 or 3, H, W]; computed on the CPU
 * @param quality 1 to 100
 */
export function jpeg<T extends Tensor>(image: T, quality: number): T {
	const op = "jpeg";
	check.integer(op, "quality", quality, { min: 1, max: 100 });
	return ofImage(op, image, (plain) => lose(op, plain, quality));
}

function lose(op: string, image: Tensor, quality: number): Tensor {
	const [channels, height, width] = colourShape(op, image);
	if (image.dtype !== "uint8") {
		throw check.invalidValue(
			op,
			"image",
			`expected a uint8 tensor, got ${image.dtype}; toDtype(image, "uint8", { scale: true }) makes one`,
		);
	}
	if (image.numel() === 0) return image.clone();
	const tables = tablesOf(quality);
	const size = height * width;
	return scope(() =>
		mapBytes(image, channels * size, (source, target) => {
			if (channels === 1) {
				const plane = { data: source, width, height };
				target.set(quantize(plane, tables.luma).data);
			} else compress(source, target, width, height, tables);
		}).to(image.device),
	);
}

function compress(
	source: Uint8Array,
	target: Uint8Array,
	width: number,
	height: number,
	tables: Tables,
): void {
	const { y, cb, cr } = toYcc(source, width * height);
	const plane = (data: Uint8Array): Plane => ({ data, width, height });
	const colour = (data: Uint8Array): Uint8Array => {
		const stored = quantize(halve(plane(data)), tables.chroma);
		return double(stored, width, height);
	};
	const planes = {
		y: quantize(plane(y), tables.luma).data,
		cb: colour(cb),
		cr: colour(cr),
	};
	toRgb(planes, target, width * height);
}
