import * as check from "../check.ts";
import { axisNumber } from "./axes.ts";
import type { Figure } from "./figure.ts";
import { loadObservable } from "./observable.ts";
import { type FigureOptions, type Look, lookOf } from "./options.ts";
import { seriesColor } from "./palette.ts";
import { figureOf, type Panel } from "./panel.ts";
import { type Curves, namedCurves } from "./points.ts";

/** What `modelSelection.learningCurve` gives. */
export interface LearningCurvePoints {
	readonly trainSizes: readonly number[];
	readonly results: readonly {
		readonly mean: { readonly [score: string]: number };
		readonly std: { readonly [score: string]: number };
	}[];
}

export interface LearningCurveFigureOptions extends FigureOptions {
	/** Which scores are shown. Default: all. */
	scores?: readonly string[] | undefined;
}

interface Row {
	size: number;
	mean: number;
	std: number;
}

export function learningCurvePanel(
	op: string,
	curves: Curves<LearningCurvePoints>,
	{ palette, title = "Learning curve" }: Look,
	scores?: readonly string[],
): Panel {
	const named = namedCurves(op, "curves", curves, "trainSizes", undefined);
	const lines = named.flatMap(({ name, where, curve }) => {
		const { trainSizes, results } = curve;
		check.array(op, `${where}.trainSizes`, trainSizes);
		check.array(op, `${where}.results`, results);
		if (trainSizes.length !== results.length || results.length === 0)
			throw check.invalidValue(
				op,
				where,
				`expected a result for each of one or more sizes, got ${results.length} for ${trainSizes.length}`,
			);
		for (const [i, result] of results.entries()) {
			check.number(op, `${where}.trainSizes[${i}]`, trainSizes[i], { min: 1 });
			if (!result?.mean || !result.std)
				throw check.invalidType(
					op,
					`${where}.results[${i}]`,
					"result of crossValidate",
					result,
				);
		}
		const known = Object.keys(results[0]?.mean ?? {});
		for (const score of scores ?? [])
			if (!known.includes(score))
				throw check.invalidValue(
					op,
					"scores",
					`${where} has no "${score}"; known are ${known.join(", ")}`,
				);
		return (scores ?? known).map((score) => ({
			label: [name, (scores ?? known).length > 1 || name === "" ? score : ""]
				.filter(Boolean)
				.join(" · "),
			rows: results.map(
				({ mean, std }, i): Row => ({
					size: trainSizes[i] as number,
					mean: mean[score] as number,
					std: std[score] as number,
				}),
			),
		}));
	});
	const sizes = lines.flatMap(({ rows }) => rows.map(({ size }) => size));
	const ticks = ticksOf(sizes);
	const isWide = hasWideRange(sizes);
	const color = (i: number) => seriesColor(palette, i);
	return {
		title,
		legend: lines.map(({ label }, i) => ({ name: label, color: color(i) })),
		options: () => ({
			marginTop: 12,
			marginLeft: 48,
			marginRight: 20,
			marginBottom: 38,
			x: {
				label: "training samples →",
				type: isWide ? "log" : "linear",
				tickFormat: (size: number) => size.toLocaleString("en"),
				ticks,
			},
			y: { label: null, grid: true, nice: true, tickFormat: axisNumber },
		}),
		marks: (plot) =>
			lines.flatMap(({ rows, label }, i) => [
				plot.areaY(rows, {
					x: "size",
					y1: ({ mean, std }: Row) => mean - std,
					y2: ({ mean, std }: Row) => mean + std,
					fill: color(i),
					fillOpacity: 0.18,
				}),
				plot.lineY(rows, {
					x: "size",
					y: "mean",
					stroke: color(i),
					strokeWidth: 2,
				}),
				plot.dot(rows, {
					x: "size",
					y: "mean",
					fill: color(i),
					r: 3,
					title: ({ size, mean, std }: Row) =>
						`${label} of ${size}: ${mean.toFixed(4)} ± ${std.toFixed(4)}`,
				}),
			]),
	};
}

/** Whether the axis is better logarithmic. */
const hasWideRange = (sizes: readonly number[]) =>
	Math.max(...sizes) > 30 * Math.min(...sizes);

/** The sizes, but those that are too near to the one before to be read. */
function ticksOf(sizes: readonly number[]): number[] {
	const rising = [...new Set(sizes)].sort((a, b) => a - b);
	const place = hasWideRange(sizes) ? Math.log : (size: number) => size;
	const [first = 0, last = 0] = [rising[0], rising.at(-1)].map((size) =>
		place(size as number),
	);
	let before = -Infinity;
	return rising.filter((size) => {
		const at = (place(size) - first) / (last - first || 1);
		if (at - before < 0.12) return false;
		before = at;
		return true;
	});
}

/**
 * How a model gets better with more data: the mean over the splits, and the standard deviation around it; of several models by name, too.
 *
 * ```ts
 * const curve = await modelSelection.learningCurve(dataset, splitter, score);
 * await plot.learningCurve(curve);
 * ```
 *
 * @throws TorchError `ERR_MISSING_PACKAGE` without the package @observablehq/plot
 */
export async function learningCurve(
	curves: Curves<LearningCurvePoints>,
	options: LearningCurveFigureOptions = {},
): Promise<Figure> {
	const op = "plot.learningCurve";
	const look = lookOf(op, options, ["scores"]);
	const panel = learningCurvePanel(op, curves, look, options.scores);
	return figureOf(await loadObservable(op), [panel], look.palette, look.width);
}
