import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import { flag, real, settings, whole } from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	Bags,
	type OutputSize,
	type Regions,
	type Request,
	request,
} from "./regions.ts";

export interface RoiAlignOptions {
	/** What boxes' coordinates are multiplied by to be the map's. Default 1. */
	spatialScale?: number | undefined;
	/** Samples along each side of a bin; -1: as many as the bin has places. Default -1. */
	samplingRatio?: number | undefined;
	/** Whether coordinates are moved by half a pixel, so that they are places' corners (as in Detectron2). Default false. */
	aligned?: boolean | undefined;
}

/** The two places that a sample lies between, and its shares of them; null beyond the edge. */
interface Sample {
	low: number;
	high: number;
	lowShare: number;
	highShare: number;
}

/** The samples of each bin along one side. */
function samples(
	start: number,
	length: number,
	bins: number,
	perBin: number,
	size: number,
): (Sample | null)[][] {
	const bin = length / bins;
	return Array.from({ length: bins }, (_, i) =>
		Array.from({ length: perBin }, (_, j) =>
			sample(start + i * bin + ((j + 0.5) * bin) / perBin, size),
		),
	);
}

function sample(at: number, size: number): Sample | null {
	if (at < -1 || at > size) return null;
	const place = Math.max(at, 0);
	const low = Math.min(Math.trunc(place), size - 1);
	const high = Math.min(low + 1, size - 1);
	const highShare = low === high ? 0 : place - low;
	return { low, high, lowShare: 1 - highShare, highShare };
}

interface Grid {
	image: number;
	vertical: (Sample | null)[][];
	horizontal: (Sample | null)[][];
	/** Of the samples of a bin. */
	count: number;
}

/** Where the bins of region `k` are sampled. `least`: the smallest size of a region. */
function gridOf(
	{ input, regions, round, rows, columns }: Request,
	k: number,
	spatialScale: number,
	samplingRatio: number,
	shift: number,
	least: number | null,
): Grid {
	const [, , height, width] = input.shape as [number, number, number, number];
	const [image, x1, y1, x2, y2] = regions.subarray(5 * k, 5 * k + 5);
	const scale = round(spatialScale);
	const place = (value: number | undefined) =>
		round(round((value as number) * scale) - shift);
	const [left, top] = [place(x1), place(y1)];
	let w = round(place(x2) - left);
	let h = round(place(y2) - top);
	if (least !== null) {
		w = Math.max(w, least);
		h = Math.max(h, least);
	}
	const perBin = (length: number, bins: number) =>
		samplingRatio > 0
			? samplingRatio
			: Math.max(Math.ceil(round(length / bins)), 0);
	const [down, across] = [perBin(h, rows), perBin(w, columns)];
	return {
		image: image as number,
		vertical: samples(top, h, rows, down, height),
		horizontal: samples(left, w, columns, across, width),
		count: Math.max(down * across, 1),
	};
}

/** Adds to the open bag the samples of a bin: rows from `base` on, of a map `width` wide. */
function addBin(
	bags: Bags,
	base: number,
	width: number,
	vertical: readonly (Sample | null)[],
	horizontal: readonly (Sample | null)[],
	count: number,
): void {
	for (const y of vertical) {
		if (y === null) continue;
		for (const x of horizontal) {
			if (x === null) continue;
			const low = base + y.low * width;
			const high = base + y.high * width;
			bags.add(low + x.low, (y.lowShare * x.lowShare) / count);
			bags.add(low + x.high, (y.lowShare * x.highShare) / count);
			bags.add(high + x.low, (y.highShare * x.lowShare) / count);
			bags.add(high + x.high, (y.highShare * x.highShare) / count);
		}
	}
}

/**
 * The mean of bilinear samples in each of `outputSize` bins of regions of maps [N, C, H, W]: [K, C, rows, columns]. Differentiable by
 * the maps, not by the boxes.
 *
 * ```ts
 * const boxes = torch.tensor([[0, 4, 4, 20, 12]]); // of image 0: left 4, top 4, right 20, bottom 12
 * vision.ops.roiAlign(torch.rand([1, 8, 32, 32]), boxes, 7).shape; // [1, 8, 7, 7]
 * ```
 *
 * @see https://arxiv.org/abs/1703.06870
 */
export function roiAlign(
	input: Tensor,
	boxes: Regions,
	outputSize: OutputSize,
	options: RoiAlignOptions = {},
): Tensor {
	const op = "roiAlign";
	const { spatialScale, samplingRatio, aligned } = settings(op, options, {
		spatialScale: real(1),
		samplingRatio: whole(-1),
		aligned: flag(false),
	});
	const asked = request(op, input, boxes, outputSize);
	const [n, channels, height, width] = input.shape as [
		number,
		number,
		number,
		number,
	];
	const { count: regions, rows, columns } = asked;
	const bags = new Bags();
	for (let k = 0; k < regions; k++) {
		const { image, vertical, horizontal, count } = gridOf(
			asked,
			k,
			spatialScale,
			samplingRatio,
			aligned ? 0.5 : 0,
			aligned ? null : 1,
		);
		const base = image * height * width;
		for (const y of vertical)
			for (const x of horizontal) {
				bags.begin();
				addBin(bags, base, width, y, x, count);
			}
	}
	const table = input
		.permute([0, 2, 3, 1])
		.reshape([n * height * width, channels]);
	return bags
		.of(table, "sum")
		.reshape([regions, rows, columns, channels])
		.permute([0, 3, 1, 2]);
}

/** As `roiAlign`, but each bin has channels of its own: [N, C · rows · columns, H, W] to [K, C, rows, columns]. Coordinates are moved by half a pixel. */
export function psRoiAlign(
	input: Tensor,
	boxes: Regions,
	outputSize: OutputSize,
	options: Omit<RoiAlignOptions, "aligned"> = {},
): Tensor {
	const op = "psRoiAlign";
	const { spatialScale, samplingRatio } = settings(op, options, {
		spatialScale: real(1),
		samplingRatio: whole(-1),
	});
	const asked = request(op, input, boxes, outputSize);
	const { count: regions, rows, columns } = asked;
	const [table, size] = tableByBin(op, asked);
	const bags = new Bags();
	for (let k = 0; k < regions; k++) {
		const grid = gridOf(asked, k, spatialScale, samplingRatio, 0.5, null);
		for (const [i, y] of grid.vertical.entries())
			for (const [j, x] of grid.horizontal.entries()) {
				bags.begin();
				const bin = grid.image * rows * columns + i * columns + j;
				addBin(bags, bin * size, input.size(3), y, x, grid.count);
			}
	}
	return bags
		.of(table, "sum")
		.reshape([regions, rows, columns, table.size(1)])
		.permute([0, 3, 1, 2]);
}

/** Maps [N, C · bins, H, W] as rows of C values, by image, bin and place; and how many places there are. */
export function tableByBin(
	op: string,
	{ input, rows, columns }: Request,
): [table: Tensor, places: number] {
	const [n, channels, height, width] = input.shape as [
		number,
		number,
		number,
		number,
	];
	const bins = rows * columns;
	if (channels % bins !== 0)
		throw check.invalidValue(
			op,
			"input",
			`expected a multiple of ${rows} · ${columns} channels, got ${channels}`,
		);
	const table = input
		.reshape([n, channels / bins, bins, height, width])
		.permute([0, 2, 3, 4, 1])
		.reshape([n * bins * height * width, channels / bins]);
	return [table, height * width];
}

/** `roiAlign` as a module. */
export class RoIAlign extends nn.Module<
	[input: Tensor, rois: Regions],
	Tensor
> {
	readonly outputSize: OutputSize;
	readonly options: RoiAlignOptions;

	constructor(outputSize: OutputSize, options: RoiAlignOptions = {}) {
		super();
		this.outputSize = outputSize;
		this.options = options;
	}

	override forward(input: Tensor, rois: Regions): Tensor {
		return roiAlign(input, rois, this.outputSize, this.options);
	}
}

/** `psRoiAlign` as a module. */
export class PSRoIAlign extends nn.Module<
	[input: Tensor, rois: Regions],
	Tensor
> {
	readonly outputSize: OutputSize;
	readonly options: Omit<RoiAlignOptions, "aligned">;

	constructor(
		outputSize: OutputSize,
		options: Omit<RoiAlignOptions, "aligned"> = {},
	) {
		super();
		this.outputSize = outputSize;
		this.options = options;
	}

	override forward(input: Tensor, rois: Regions): Tensor {
		return psRoiAlign(input, rois, this.outputSize, this.options);
	}
}
