import * as nn from "../../nn/index.ts";
import { real, settings } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	Bags,
	type OutputSize,
	type Regions,
	type Request,
	request,
} from "./regions.ts";
import { tableByBin } from "./roiAlign.ts";

export interface RoiPoolOptions {
	/** What boxes' coordinates are multiplied by to be the map's. Default 1. */
	spatialScale?: number | undefined;
}

/** C's round(): halves go away from 0. */
const awayFromZero = (x: number) => Math.sign(x) * Math.round(Math.abs(x));

/** The places [from, to) of each bin along one side. */
function bins(
	start: number,
	length: number,
	count: number,
	size: number,
	round: (x: number) => number,
): [from: number, to: number][] {
	const bin = round(length / count);
	const inside = (at: number) => Math.min(Math.max(at, 0), size);
	return Array.from({ length: count }, (_, i) => [
		inside(Math.floor(round(i * bin)) + start),
		inside(Math.ceil(round((i + 1) * bin)) + start),
	]);
}

/** Calls `visit` with every bin of every region, row by row. */
function eachBin(
	{ input, regions, count, rows, columns }: Request,
	sidesOf: (
		at: (i: number) => number,
		size: readonly [height: number, width: number],
	) => readonly [vertical: [number, number][], horizontal: [number, number][]],
	visit: (
		image: number,
		bin: number,
		y: readonly [number, number],
		x: readonly [number, number],
	) => void,
): void {
	const [height, width] = input.shape.slice(2) as [number, number];
	for (let k = 0; k < count; k++) {
		const [vertical, horizontal] = sidesOf(
			(i) => regions[5 * k + i] as number,
			[height, width],
		);
		for (let i = 0; i < rows; i++)
			for (let j = 0; j < columns; j++)
				visit(
					regions[5 * k] as number,
					i * columns + j,
					vertical[i] as [number, number],
					horizontal[j] as [number, number],
				);
	}
}

/**
 * The maximum of each of `outputSize` bins of regions of maps [N, C, H, W]: [K, C, rows, columns]; 0 where a bin is empty.
 * Coordinates are rounded: `roiAlign` does not, and is more accurate.
 *
 * @see https://arxiv.org/abs/1504.08083
 */
export function roiPool(
	input: Tensor,
	boxes: Regions,
	outputSize: OutputSize,
	options: RoiPoolOptions = {},
): Tensor {
	const op = "roiPool";
	const { spatialScale } = settings(op, options, { spatialScale: real(1) });
	const asked = request(op, input, boxes, outputSize);
	const { count, rows, columns, round } = asked;
	const [n, channels, height, width] = input.shape as [
		number,
		number,
		number,
		number,
	];
	const scale = round(spatialScale);
	const bags = new Bags();
	eachBin(
		asked,
		(at, [h, w]) => {
			const place = (i: number) => awayFromZero(round(at(i) * scale));
			const [x1, y1, x2, y2] = [place(1), place(2), place(3), place(4)];
			return [
				bins(y1, Math.max(y2 - y1 + 1, 1), rows, h, round),
				bins(x1, Math.max(x2 - x1 + 1, 1), columns, w, round),
			];
		},
		(image, _bin, [top, bottom], [left, right]) => {
			bags.begin();
			for (let y = top; y < bottom; y++)
				for (let x = left; x < right; x++)
					bags.add((image * height + y) * width + x, 1);
		},
	);
	const table = input
		.permute([0, 2, 3, 1])
		.reshape([n * height * width, channels]);
	return bags
		.of(table, "max")
		.reshape([count, rows, columns, channels])
		.permute([0, 3, 1, 2]);
}

/** The mean of each bin, each from channels of its own: [N, C · rows · columns, H, W] to [K, C, rows, columns]: https://arxiv.org/abs/1605.06409 */
export function psRoiPool(
	input: Tensor,
	boxes: Regions,
	outputSize: OutputSize,
	options: RoiPoolOptions = {},
): Tensor {
	const op = "psRoiPool";
	const { spatialScale } = settings(op, options, { spatialScale: real(1) });
	const asked = request(op, input, boxes, outputSize);
	const { count, rows, columns, round } = asked;
	const [table, places] = tableByBin(op, asked);
	const width = input.size(3);
	const scale = round(spatialScale);
	const bags = new Bags();
	eachBin(
		asked,
		(at, [h, w]) => {
			const place = (i: number) => awayFromZero(round(at(i) * scale));
			const [x1, y1, x2, y2] = [place(1), place(2), place(3), place(4)];
			// torchvision's kernel never reads the last row and column.
			return [
				bins(y1, Math.max(y2 - y1, 1), rows, h - 1, round),
				bins(x1, Math.max(x2 - x1, 1), columns, w - 1, round),
			];
		},
		(image, bin, [top, bottom], [left, right]) => {
			bags.begin();
			const base = (image * rows * columns + bin) * places;
			const share = 1 / ((bottom - top) * (right - left));
			for (let y = top; y < bottom; y++)
				for (let x = left; x < right; x++)
					bags.add(base + y * width + x, share);
		},
	);
	return bags
		.of(table, "sum")
		.reshape([count, rows, columns, table.size(1)])
		.permute([0, 3, 1, 2]);
}

/** `roiPool` as a module. */
export class RoIPool extends nn.Module<[input: Tensor, rois: Regions], Tensor> {
	readonly outputSize: OutputSize;
	readonly spatialScale: number;

	constructor(outputSize: OutputSize, options: RoiPoolOptions = {}) {
		super();
		this.outputSize = outputSize;
		this.spatialScale = settings(new.target.name, options, {
			spatialScale: real(1),
		}).spatialScale;
	}

	override forward(input: Tensor, rois: Regions): Tensor {
		const { outputSize, spatialScale } = this;
		return roiPool(input, rois, outputSize, { spatialScale });
	}
}

/** `psRoiPool` as a module. */
export class PSRoIPool extends RoIPool {
	override forward(input: Tensor, rois: Regions): Tensor {
		const { outputSize, spatialScale } = this;
		return psRoiPool(input, rois, outputSize, { spatialScale });
	}
}
