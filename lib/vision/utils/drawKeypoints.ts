import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Canvas, Ink, Point } from "./canvas.ts";
import { type Color, colorOf } from "./colors.ts";
import { checkImage, coordinates, fromCanvas, toCanvas } from "./pixels.ts";

export interface DrawKeypointsOptions {
	/** Pairs of key points that lines join. */
	connectivity?: readonly (readonly [from: number, to: number])[];
	/** Of the points. Without one, only lines are drawn, as torchvision does. */
	colors?: Color;
	/** Of the points: 2 pixels. */
	radius?: number;
	/** Of the lines, which are white: 3 pixels. */
	width?: number;
	/** bool [N, K] or [N, K, 1]: which points, and lines to them, are drawn. Default: all. */
	visibility?: Tensor;
}

/**
 * Draws key points, and lines between them, on a copy of an image: pixel by pixel what torchvision draws.
 *
 * @param image [3, H, W], uint8 or floating point (0 to 1)
 * @param keypoints [N, K, 2]: x and y of the K points of each of N objects; fractions are cut off
 * @throws TorchError for other shapes, and for points more than a million pixels away
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_keypoints.html
 *
 * @example
 * const shown = vision.utils.drawKeypoints(image, points, { colors: "red", connectivity: [[0, 1], [1, 2]] });
 */
export function drawKeypoints(
	image: Tensor,
	keypoints: Tensor,
	options: DrawKeypointsOptions = {},
): Tensor {
	const op = "drawKeypoints";
	check.options(op, options, [
		"connectivity",
		"colors",
		"radius",
		"width",
		"visibility",
	]);
	const { connectivity = [], colors, radius = 2, width = 3 } = options;
	check.integer(op, "radius", radius, { min: 0, max: 4000 });
	check.integer(op, "width", width, { min: 0, max: 4000 });
	checkImage(op, image, [3]);
	const [objects, count] = checkKeypoints(op, keypoints);
	checkConnectivity(op, connectivity, count);
	const ink =
		colors === undefined
			? undefined
			: { color: colorOf(op, "colors", colors), alpha: 255 };
	const visible = visibilityOf(op, options.visibility, [objects, count]);
	const values = coordinates(op, "keypoints", keypoints);
	const canvas = toCanvas(image, false);
	for (let object = 0; object < objects; object++) {
		const at = (i: number): Point => {
			const place = (object * count + i) * 2;
			return [values[place] as number, values[place + 1] as number];
		};
		const isVisible = (i: number) => visible[object * count + i] === true;
		for (let i = 0; ink && i < count; i++)
			if (isVisible(i)) drawPoint(canvas, at(i), radius, ink);
		for (const [from, to] of connectivity)
			if (isVisible(from) && isVisible(to))
				canvas.line(at(from), at(to), white, width);
	}
	return fromCanvas(canvas, image);
}

const white: Ink = { color: [255, 255, 255], alpha: 255 };

function drawPoint(canvas: Canvas, [x, y]: Point, radius: number, ink: Ink) {
	canvas.fillEllipse(x - radius, y - radius, x + radius, y + radius, ink);
}

function checkKeypoints(op: string, keypoints: Tensor): [number, number] {
	if (!(keypoints instanceof Tensor))
		throw check.invalidType(op, "keypoints", "Tensor", keypoints);
	const [objects = 0, count = 0, two] = keypoints.shape;
	if (keypoints.dim() === 3 && two === 2) return [objects, count];
	throw check.invalidValue(
		op,
		"keypoints",
		`expected [N, K, 2], got shape [${keypoints.shape}]`,
	);
}

function checkConnectivity(
	op: string,
	connectivity: readonly (readonly number[])[],
	count: number,
): void {
	check.array(op, "connectivity", connectivity).forEach((pair, i) => {
		const argument = `connectivity[${i}]`;
		if (check.array(op, argument, pair).length !== 2)
			throw check.invalidType(op, argument, "[from, to]", pair);
		for (const point of pair)
			check.integer(op, argument, point, { min: 0, max: count - 1 });
	});
}

function visibilityOf(
	op: string,
	visibility: Tensor | undefined,
	[objects, count]: [number, number],
): boolean[] {
	if (visibility === undefined)
		return Array.from({ length: objects * count }, () => true);
	if (!(visibility instanceof Tensor))
		throw check.invalidType(op, "visibility", "Tensor", visibility);
	const shape = visibility.shape;
	const isRight =
		shape[0] === objects &&
		shape[1] === count &&
		(shape.length === 2 || (shape.length === 3 && shape[2] === 1));
	if (isRight)
		return visibility.cpu().to("bool").reshape([-1]).tolist() as boolean[];
	throw check.invalidValue(
		op,
		"visibility",
		`expected [${objects}, ${count}], got shape [${shape}]`,
	);
}
