import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Canvas, Ink, Point } from "./canvas.ts";
import { type Colors, colorsOf, type Rgb } from "./colors.ts";
import { direction } from "./direction.ts";
import { checkImage, coordinates, fromCanvas, toCanvas } from "./pixels.ts";
import { drawText, type Font } from "./text.ts";

export interface DrawBoundingBoxesOptions {
	/** A text for each box, in its upper left corner; null: none. They take the package sharp and a font that the system has. */
	labels?: readonly (string | null)[];
	/** Of the boxes: one for all or one for each. Default: different ones. */
	colors?: Colors;
	/** Fills the boxes, so that the image is seen through: false. */
	fill?: boolean;
	/** Of the lines: 1 pixel. */
	width?: number;
	/** The labels' font, by the name of its family: "sans-serif". (torchvision takes a file.) */
	font?: string;
	/** 10 pixels. */
	fontSize?: number;
	/** Of the labels. Default: the boxes' colours; black with `fillLabels`. */
	labelColors?: Colors;
	/** Of the ground below the labels, with `fillLabels`. Default: the boxes' colours. */
	labelBackgroundColors?: Colors;
	/** Puts the labels on a ground: false. */
	fillLabels?: boolean;
}

const names = [
	"labels",
	"colors",
	"fill",
	"width",
	"font",
	"fontSize",
	"labelColors",
	"labelBackgroundColors",
	"fillLabels",
];

/**
 * Draws boxes, and labels to them, on a copy of an image. Boxes are pixel by pixel what torchvision draws; the labels' letters are not, since Pillow
 * has another font and smooths them in another way.
 *
 * @param image [3, H, W] or [1, H, W], uint8 or floating point (0 to 1)
 * @param boxes [N, 4]: left, top, right and bottom; or [N, 8], the x and y of four corners, whose first side is drawn dashed. Fractions
 *   are cut off
 * @returns [3, H, W] in the image's dtype; the image itself where there are no boxes
 * @throws TorchError for other shapes, boxes with right < left or bottom < top or a million pixels away, and labels or colours that do not fit the boxes
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_bounding_boxes.html
 *
 * @example
 * const boxes = torch.tensor([[10, 20, 80, 90]]);
 * const shown = await vision.utils.drawBoundingBoxes(image, boxes, { labels: ["cat 0.98"], colors: "red", width: 2 });
 */
export async function drawBoundingBoxes(
	image: Tensor,
	boxes: Tensor,
	options: DrawBoundingBoxesOptions = {},
): Promise<Tensor> {
	const op = "drawBoundingBoxes";
	check.options(op, options, names);
	const { fill = false, fillLabels = false, width = 1 } = options;
	check.boolean(op, "fill", fill);
	check.boolean(op, "fillLabels", fillLabels);
	check.integer(op, "width", width, { min: 0, max: 4000 });
	const font = fontOf(op, options);
	checkImage(op, image, [1, 3]);
	const all = boxesOf(op, boxes);
	const labels = labelsOf(op, options.labels, all.length);
	const of = (argument: string, colors: Colors | undefined) =>
		colorsOf(op, argument, colors, all.length);
	const colors = of("colors", options.colors);
	const labelColors =
		options.labelColors || fillLabels
			? of("labelColors", options.labelColors ?? "black")
			: colors;
	const grounds = options.labelBackgroundColors
		? of("labelBackgroundColors", options.labelBackgroundColors)
		: colors;
	if (all.length === 0) return image;

	const canvas = toCanvas(image, fill);
	for (const [i, box] of all.entries()) {
		const color = colors[i] as Rgb;
		drawBox(canvas, box, color, fill, width);
		const label = labels[i];
		if (label === null || label === undefined) continue;
		const [x, y] = box as [number, number];
		await drawText(op, canvas, [x + width + 1, y + width + 1], label, font, {
			color: labelColors[i] as Rgb,
			ground: fillLabels ? (grounds[i] as Rgb) : undefined,
		});
	}
	return fromCanvas(canvas, image);
}

function fontOf(op: string, options: DrawBoundingBoxesOptions): Font {
	const { font = "sans-serif", fontSize = 10 } = options;
	check.string(op, "font", font);
	check.number(op, "fontSize", fontSize, { min: 1, max: 1000 });
	return { family: font, size: fontSize };
}

function boxesOf(op: string, boxes: Tensor): number[][] {
	if (!(boxes instanceof Tensor))
		throw check.invalidType(op, "boxes", "Tensor", boxes);
	const [count = 0, sides = 0] = boxes.shape;
	if (boxes.dim() !== 2 || (sides !== 4 && sides !== 8)) {
		throw check.invalidValue(
			op,
			"boxes",
			`expected [N, 4] or [N, 8], got shape [${boxes.shape}]`,
		);
	}
	const values = coordinates(op, "boxes", boxes);
	return Array.from({ length: count }, (_, i) => {
		const box = values.slice(i * sides, (i + 1) * sides);
		const [left = 0, top = 0, right = 0, bottom = 0] = box;
		if (sides === 8 || (left <= right && top <= bottom)) return box;
		throw check.invalidValue(
			op,
			"boxes",
			`expected left ≤ right and top ≤ bottom, got [${box.join(", ")}] at ${i}`,
		);
	});
}

function labelsOf(
	op: string,
	labels: readonly (string | null)[] | undefined,
	count: number,
): readonly (string | null)[] {
	if (labels === undefined) return [];
	check.array(op, "labels", labels).forEach((label, i) => {
		if (label !== null) check.string(op, `labels[${i}]`, label);
	});
	if (labels.length === count) return labels;
	throw check.invalidValue(
		op,
		"labels",
		`expected one for each of ${count} boxes, got ${labels.length}`,
	);
}

function drawBox(
	canvas: Canvas,
	box: readonly number[],
	color: Rgb,
	fill: boolean,
	width: number,
): void {
	const line = { color, alpha: 255 };
	const glass = fill ? { color, alpha: 100 } : undefined;
	if (box.length === 4) {
		const [x0, y0, x1, y1] = box as [number, number, number, number];
		if (glass) canvas.fillRectangle(x0, y0, x1, y1, glass);
		canvas.rectangle(x0, y0, x1, y1, line, width);
		return;
	}
	const corners = [0, 2, 4, 6].map((i) => box.slice(i, i + 2)) as unknown as [
		Point,
		Point,
		Point,
		Point,
	];
	const [a, b, c, d] = corners;
	dashes(canvas, a, b, line, width);
	for (const [from, to] of [
		[b, c],
		[c, d],
		[d, a],
	] as const)
		canvas.line(from, to, line, width);
	if (glass) canvas.fillPolygon(corners, glass);
}

const DASH = 5; // pixels, and as many between them

function dashes(
	canvas: Canvas,
	[x0, y0]: Point,
	[x1, y1]: Point,
	ink: Ink,
	width: number,
): void {
	let [x, y] = [x0, y0];
	let left = Math.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2);
	for (let isDash = true; left > 0; isDash = !isDash) {
		const length = Math.min(left, DASH);
		const { cos, sin } = direction(x1 - x, y1 - y);
		const end: Point = [x + cos * length, y + sin * length];
		if (isDash) canvas.line([x, y], end, ink, width);
		[x, y] = end;
		left -= length;
	}
}
