/**
 * Pooling of regions of feature maps. Each output is a weighted sum (or a maximum) of a few places of a map: a bag of rows of a table,
 * which one operator adds up on any device, forwards and backwards.
 */
import { checkTensor } from "../../arguments.ts";
import * as check from "../../check.ts";
import { cat, full } from "../../generated/functions.ts";
import * as F from "../../nn/functional/index.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";

/** Regions: [K, 5] of (image, x1, y1, x2, y2), or for each image its boxes [L, 4]. */
export type Regions = Tensor | readonly Tensor[];
/** A number, or [height, width]. */
export type OutputSize = number | readonly [height: number, width: number];

/** What is asked for, checked. */
export interface Request {
	input: Tensor; // [N, C, H, W]
	/** [K, 5], row after row. */
	regions: Float32Array | Float64Array;
	/** To the precision of the boxes, in which their places are computed. */
	round: (x: number) => number;
	count: number;
	rows: number;
	columns: number;
}

export function request(
	op: string,
	input: Tensor,
	boxes: Regions,
	outputSize: OutputSize,
): Request {
	checkTensor(op, "input", input);
	if (input.dim() !== 4)
		throw check.invalidValue(
			op,
			"input",
			`expected [N, C, H, W], got [${input.shape.join(", ")}]`,
		);
	const rois = regionsOf(op, boxes).detach();
	const dtype = rois.dtype === "float64" ? "float64" : "float32";
	const regions = rois
		.to({ dtype, device: "cpu" })
		.contiguous()
		.toTypedArray() as Float32Array | Float64Array;
	const round = dtype === "float64" ? (x: number) => x : Math.fround;
	const images = input.size(0);
	for (let i = 0; i < regions.length; i += 5) {
		const image = regions[i] as number;
		if (!(Number.isInteger(image) && image >= 0 && image < images))
			throw check.invalidValue(
				op,
				"boxes",
				`region ${i / 5} is of image ${image}, and there are ${images}`,
			);
		for (let j = 1; j < 5; j++)
			if (!Number.isFinite(regions[i + j]))
				throw check.invalidValue(
					op,
					"boxes",
					`region ${i / 5} has the coordinate ${regions[i + j]}`,
				);
	}
	const [rows, columns] = (
		typeof outputSize === "number" ? [outputSize, outputSize] : outputSize
	) as [number, number];
	check.integer(op, "outputSize", rows, { min: 1 });
	check.integer(op, "outputSize", columns, { min: 1 });
	return { input, regions, round, count: regions.length / 5, rows, columns };
}

function regionsOf(op: string, boxes: Regions): Tensor {
	const isList = Array.isArray(boxes);
	const width = isList ? 4 : 5;
	for (const [i, part] of (isList ? boxes : [boxes]).entries()) {
		const name = isList ? `boxes[${i}]` : "boxes";
		checkTensor(op, name, part);
		if (part.dim() !== 2 || part.size(1) !== width)
			throw check.invalidValue(
				op,
				name,
				`expected [${isList ? "L" : "K"}, ${width}], got [${part.shape.join(", ")}]`,
			);
	}
	if (!isList) return boxes as Tensor;
	if (boxes.length === 0)
		throw check.invalidValue(op, "boxes", "expected boxes of each image");
	return cat(
		(boxes as Tensor[]).map((part, i) => {
			const { dtype, device } = part;
			const image = full([part.size(0), 1], i, {
				dtype,
				device: device as Device,
			});
			return cat([image, part], 1);
		}),
	);
}

/** Bags of rows, filled one after the other. */
export class Bags {
	readonly indices: number[] = [];
	readonly weights: number[] = [];
	readonly #starts: number[] = [];

	/** Begins the next bag. */
	begin(): void {
		this.#starts.push(this.indices.length);
	}

	add(index: number, weight: number): void {
		this.indices.push(index);
		this.weights.push(weight);
	}

	/** The weighted sums of rows of `table` [rows, width], or their maxima: [bags, width]; zeros for an empty bag. */
	of(table: Tensor, mode: "sum" | "max"): Tensor {
		const device = table.device as Device;
		const long = (values: number[]) =>
			tensor(new Int32Array(values), { dtype: "int64", device });
		if (this.indices.length === 0 || this.#starts.length === 0)
			return table
				.slice(0, 0, 0) // the sum of no row, so that gradients are zeros and not missing
				.sum(0)
				.expand([this.#starts.length, table.size(1)]);
		return F.embeddingBag(long(this.indices), table, {
			offsets: long(this.#starts),
			mode,
			perSampleWeights:
				mode === "sum"
					? tensor(new Float64Array(this.weights), {
							dtype: table.dtype,
							device,
						})
					: null,
		});
	}
}
