import * as check from "../../check.ts";
import { fromBlob } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { readImage } from "../io/index.ts";
import { type Box, nearest, resample } from "./pillow.ts";

/** How files become images of one size. */
export interface LoadOptions {
	/** Height and width: [256, 256]. */
	targetSize: readonly [height: number, width: number];
	/** "rgb" (default), "rgba" or "grayscale". */
	colorMode: "rgb" | "rgba" | "grayscale";
	/** How images are resized: "nearest" (default), "bilinear", "bicubic" or "lanczos", as Pillow does it. */
	interpolation: "nearest" | "bilinear" | "bicubic" | "lanczos";
	/** Cuts the middle out in the target's proportions before it is resized: false, which distorts. */
	keepAspectRatio: boolean;
}

const modes = { rgb: "rgb", rgba: "rgba", grayscale: "gray" } as const;
const interpolations = ["nearest", "bilinear", "bicubic", "lanczos"] as const;

export function checkLoad(op: string, options: LoadOptions): void {
	const { targetSize, colorMode, interpolation, keepAspectRatio } = options;
	check.array<number>(op, "targetSize", targetSize);
	for (const side of targetSize) {
		check.integer(op, "targetSize", side, { min: 1 });
	}
	if (targetSize.length !== 2) {
		throw check.invalidValue(
			op,
			"targetSize",
			`expected [height, width], got ${check.describe(targetSize)}`,
		);
	}
	check.oneOf(op, "colorMode", colorMode, ["rgb", "rgba", "grayscale"]);
	check.oneOf(op, "interpolation", interpolation, interpolations);
	check.boolean(op, "keepAspectRatio", keepAspectRatio);
}

/** uint8 [C, height, width]; of an animation the first frame. */
export async function loadImage(
	file: string,
	{ targetSize, colorMode, interpolation, keepAspectRatio }: LoadOptions,
): Promise<Tensor> {
	const read = await readImage(file, modes[colorMode]);
	const image = read.dim() === 4 ? read.select(0, 0) : read;
	const [height, width] = image.shape.slice(-2) as [number, number];
	const [rows, columns] = targetSize;
	if (height === rows && width === columns) return image.contiguous();
	const whole = { top: 0, left: 0, height, width };
	const box = keepAspectRatio ? middle(height, width, rows, columns) : whole;
	const bytes = image.toTypedArray() as Uint8Array;
	const pixels = { bytes, channels: image.size(0), height, width };
	const resized =
		interpolation === "nearest"
			? nearest(pixels, box, rows, columns)
			: resample(pixels, box, rows, columns, interpolation);
	return fromBlob(resized, [image.size(0), rows, columns]);
}

/** The largest part in the middle with the proportions of `rows` to `columns`. */
function middle(
	height: number,
	width: number,
	rows: number,
	columns: number,
): Box {
	const h = Math.min(height, Math.floor((width * rows) / columns));
	const w = Math.min(width, Math.floor((height * columns) / rows));
	const top = Math.floor((height - h) / 2);
	return { top, left: Math.floor((width - w) / 2), height: h, width: w };
}
