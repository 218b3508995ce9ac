import * as check from "../check.ts";
import { settings } from "../nn/settings.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type BoxFormat, boxConvert } from "../vision/ops/boxes.ts";
import {
	type Box,
	evaluated,
	type ImageBoxes,
	LIMITS,
	precisionAndRecall,
	RANGES,
} from "./cocoMatching.ts";
import { labels, Metric, nothingYet, reals } from "./metric.ts";

/** Boxes that were found in an image. */
export interface Detections {
	boxes: Tensor; // [D, 4]
	scores: Tensor; // [D]
	labels: Tensor; // [D]
}

/** Boxes that are in an image. */
export interface GroundTruth {
	boxes: Tensor; // [G, 4]
	labels: Tensor; // [G]
	/** [G]: 1 where a box is around many objects; to find them is neither right nor wrong. */
	iscrowd?: Tensor | undefined;
}

/** -1 where there is no box to find. */
export interface MeanAveragePrecisionResult {
	/** Over overlaps of 0.5, 0.55, … 0.95, which "mAP" stands for. */
	map: number;
	/** With an overlap of 0.5, and of 0.75. */
	map50: number;
	map75: number;
	/** Of boxes below 32² pixels, below 96², and above. */
	mapSmall: number;
	mapMedium: number;
	mapLarge: number;
	/** The mean of recalls with at most 1, 10 and 100 boxes in an image. */
	mar1: number;
	mar10: number;
	mar100: number;
	marSmall: number;
	marMedium: number;
	marLarge: number;
	/** The classes, and `map` and `mar100` of each. */
	classes: number[];
	mapPerClass: number[];
	mar100PerClass: number[];
}

/**
 * Mean average precision of detected boxes, as COCO has it.
 *
 * ```ts
 * const map = new metrics.MeanAveragePrecision();
 * map.update(
 *   [{ boxes: torch.tensor([[258, 41, 606, 285]]), scores: torch.tensor([0.536]), labels: torch.tensor([0]) }],
 *   [{ boxes: torch.tensor([[214, 41, 562, 285]]), labels: torch.tensor([0]) }],
 * );
 * map.compute().map; // 0.6
 * ```
 *
 * @see https://github.com/cocodataset/cocoapi (pycocotools, whose numbers these are)
 */
export class MeanAveragePrecision extends Metric<
	[preds: readonly Detections[], target: readonly GroundTruth[]],
	MeanAveragePrecisionResult
> {
	readonly #format: BoxFormat;
	protected images: ImageBoxes[] = [];

	/** `boxFormat`: what boxes' numbers are. Default "xyxy". */
	constructor(options: { boxFormat?: BoxFormat | undefined } = {}) {
		super();
		this.#format = settings("MeanAveragePrecision", options, {
			boxFormat: {
				fallback: "xyxy" as BoxFormat,
				check: (op, name, value) =>
					check.oneOf(op, name, value, ["xyxy", "xywh", "cxcywh"]),
			},
		}).boxFormat;
	}

	override update(
		preds: readonly Detections[],
		target: readonly GroundTruth[],
	): void {
		check.array(this.op, "preds", preds);
		check.array(this.op, "target", target);
		if (preds.length !== target.length)
			throw check.invalidValue(
				this.op,
				"target",
				`expected one for each of ${preds.length} images, got ${target.length}`,
			);
		this.images.push(
			...preds.map((found, i) => ({
				found: this.#boxes(`preds[${i}]`, found, found.scores, undefined),
				there: this.#boxes(
					`target[${i}]`,
					target[i] as GroundTruth,
					undefined,
					target[i]?.iscrowd,
				),
			})),
		);
	}

	#boxes(
		name: string,
		given: { boxes: Tensor; labels: Tensor },
		scores: Tensor | undefined,
		crowds: Tensor | undefined,
	): Box[] {
		const { op } = this;
		const places = reals(op, `${name}.boxes`, given.boxes);
		const kinds = labels(op, `${name}.labels`, given.labels);
		const count = kinds.numel();
		if (places.numel() !== 4 * count || (count > 0 && places.size(-1) !== 4))
			throw check.invalidValue(
				op,
				`${name}.boxes`,
				`expected [${count}, 4], a box for each label, got [${places.shape.join(", ")}]`,
			);
		const listed = (part: string, x: Tensor | undefined): number[] | null => {
			if (x === undefined) {
				if (part === "scores" && name.startsWith("preds"))
					throw check.invalidType(op, `${name}.scores`, "Tensor", x);
				return null;
			}
			const list = reals(op, `${name}.${part}`, x).flatten().toArray();
			if (list.length !== count)
				throw check.invalidValue(
					op,
					`${name}.${part}`,
					`expected [${count}], one for each box, got [${x.shape.join(", ")}]`,
				);
			return list as number[];
		};
		const all = listed("scores", scores);
		const crowd = listed("iscrowd", crowds);
		const corners = boxConvert(places.reshape([-1, 4]), this.#format, "xyxy");
		const sides = corners.tolist() as number[][];
		const classes = kinds.toArray().map(Number);
		return sides.map(([x1, y1, x2, y2], i) => ({
			x1: x1 as number,
			y1: y1 as number,
			x2: x2 as number,
			y2: y2 as number,
			label: classes[i] as number,
			score: all?.[i] ?? 0,
			isCrowd: crowd?.[i] === 1,
		}));
	}

	override compute(): MeanAveragePrecisionResult {
		if (this.images.length === 0) throw nothingYet(this.op);
		const classes = [
			...new Set(
				this.images.flatMap(({ found, there }) =>
					[...found, ...there].map(({ label }) => label),
				),
			),
		].sort((a, b) => a - b);
		const matched = classes.map((label) =>
			RANGES.map((range) => evaluated(this.images, label, range)),
		);
		/** Of each class, by threshold. */
		const table = (area: number, limit: number) =>
			matched.map((byArea) =>
				precisionAndRecall(byArea[area] as (typeof byArea)[number], limit),
			);
		const most = LIMITS.length - 1;
		const [all, small, medium, large] = [0, 1, 2, 3].map((area) =>
			table(area, most),
		) as [Table, Table, Table, Table];
		const recall = (limit: number) => meanRecall(table(0, limit));
		return {
			map: meanPrecision(all),
			map50: meanPrecision(all, 0),
			map75: meanPrecision(all, 5),
			mapSmall: meanPrecision(small),
			mapMedium: meanPrecision(medium),
			mapLarge: meanPrecision(large),
			mar1: recall(0),
			mar10: recall(1),
			mar100: meanRecall(all),
			marSmall: meanRecall(small),
			marMedium: meanRecall(medium),
			marLarge: meanRecall(large),
			classes,
			mapPerClass: all.map((row) => meanPrecision([row])),
			mar100PerClass: all.map((row) => meanRecall([row])),
		};
	}

	override reset(): void {
		this.images = [];
	}
}

type Table = (ReturnType<typeof precisionAndRecall> | null)[];

/** Over classes that are there, thresholds (or the one at that place: 0.5, 0.55, …) and recalls; -1: none is there. */
function meanPrecision(table: Table, threshold?: number): number {
	return meanOf(
		table.flatMap((row) =>
			row === null
				? []
				: threshold === undefined
					? row.precision.flat()
					: (row.precision[threshold] as number[]),
		),
	);
}

function meanRecall(table: Table): number {
	return meanOf(table.flatMap((row) => row?.recall ?? []));
}

function meanOf(values: readonly number[]): number {
	if (values.length === 0) return -1;
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
