import { squareHeight, unitAxes } from "./axes.ts";
import type { Figure } from "./figure.ts";
import { loadObservable } from "./observable.ts";
import { type FigureOptions, type Look, lookOf } from "./options.ts";
import { seriesColor } from "./palette.ts";
import { figureOf, type LegendEntry, type Panel } from "./panel.ts";
import {
	areaUnder,
	type Curves,
	fieldsOf,
	type Numbers,
	namedCurves,
	type Point,
	thinned,
} from "./points.ts";

export interface CurveFigureOptions extends FigureOptions {
	/** Names of the classes, for a list of curves. Default: "class 0", …. */
	classes?: readonly string[] | undefined;
}

/** What `metrics.ROC` gives. */
export interface RocPoints {
	readonly fpr: Numbers;
	readonly tpr: Numbers;
}

/** What `metrics.PrecisionRecallCurve` gives. */
export interface PrecisionRecallPoints {
	readonly precision: Numbers;
	readonly recall: Numbers;
}

const labelled = (name: string, number: string) =>
	name === "" ? number : `${name}: ${number}`;

/** Lines of one diagram. */
interface Line {
	points: readonly Point[];
	color: string;
	label: string;
}

/** A square diagram of lines, and a dashed one to compare with. */
export function linesPanel(
	title: string,
	axes: { x: string; y: string },
	lines: readonly Line[],
	reference: { points: readonly Point[]; label: string; color: string } | null,
	isStepped: boolean,
): Panel {
	const legend: LegendEntry[] = lines.map(({ label, color }) => ({
		name: label,
		color,
	}));
	if (reference)
		legend.push({
			name: reference.label,
			color: reference.color,
			isDashed: true,
		});
	return {
		title,
		legend,
		height: squareHeight,
		options: () => unitAxes(axes.x, axes.y),
		marks: (plot) => [
			...(reference
				? [
						plot.lineY(reference.points, {
							x: "x",
							y: "y",
							stroke: reference.color,
							strokeDasharray: "4 3",
						}),
					]
				: []),
			...lines.map(({ points, color, label }) =>
				plot.line(points, {
					x: "x",
					y: "y",
					stroke: color,
					strokeWidth: 2,
					curve: isStepped ? "step-after" : "linear",
					title: () => label,
				}),
			),
		],
	};
}

export function rocPanel(
	op: string,
	curves: Curves<RocPoints>,
	{ palette, title = "ROC" }: Look,
	classes?: readonly string[],
): Panel {
	const lines = namedCurves(op, "curves", curves, "fpr", classes).map(
		({ name, where, curve }, i): Line => {
			const { fpr, tpr } = fieldsOf(op, where, curve, ["fpr", "tpr"]);
			return {
				points: thinned(fpr, tpr),
				color: seriesColor(palette, i),
				label: labelled(name, `AUC ${areaUnder(fpr, tpr).toFixed(3)}`),
			};
		},
	);
	const chance = {
		points: [
			{ x: 0, y: 0 },
			{ x: 1, y: 1 },
		],
		label: "chance",
		color: palette.muted,
	};
	const axes = { x: "false positive rate", y: "true positive rate" };
	return linesPanel(title, axes, lines, chance, false);
}

export function precisionRecallPanel(
	op: string,
	curves: Curves<PrecisionRecallPoints>,
	{ palette, title = "Precision and recall" }: Look,
	classes?: readonly string[],
): Panel {
	let share: number | undefined;
	const named = namedCurves(op, "curves", curves, "precision", classes);
	const lines = named.map(({ name, where, curve }, i): Line => {
		const fields = ["precision", "recall"] as const;
		const { precision, recall } = fieldsOf(op, where, curve, fields);
		if (named.length === 1) share = precision[0]; // all taken for positive
		return {
			points: thinned(recall, precision),
			color: seriesColor(palette, i),
			label: labelled(name, `AP ${averagePrecision(precision, recall)}`),
		};
	});
	const chance =
		share === undefined
			? null
			: {
					points: [0, 1].map((x) => ({ x, y: share as number })),
					label: "chance",
					color: palette.muted,
				};
	return linesPanel(
		title,
		{ x: "recall", y: "precision" },
		lines,
		chance,
		true,
	);
}

function averagePrecision(
	precision: readonly number[],
	recall: readonly number[],
): string {
	let sum = 0;
	for (let i = 1; i < recall.length; i++)
		sum +=
			((recall[i - 1] as number) - (recall[i] as number)) *
			(precision[i - 1] as number);
	return sum.toFixed(3);
}

/**
 * The receiver operating characteristic, with the area under it: of one curve, of each class, or of several models by name.
 *
 * ```ts
 * await plot.roc(roc.compute(), { classes: ["cat", "dog", "bird"] });
 * await plot.roc({ linear: linear.compute()[0], deep: deep.compute()[0] });
 * ```
 *
 * @throws TorchError `ERR_MISSING_PACKAGE` without the package @observablehq/plot
 */
export async function roc(
	curves: Curves<RocPoints>,
	options: CurveFigureOptions = {},
): Promise<Figure> {
	const op = "plot.roc";
	const look = lookOf(op, options, ["classes"]);
	const panel = rocPanel(op, curves, look, options.classes);
	return figureOf(await loadObservable(op), [panel], look.palette, look.width);
}

/** Precision by recall, with the average precision; as `roc`. */
export async function precisionRecall(
	curves: Curves<PrecisionRecallPoints>,
	options: CurveFigureOptions = {},
): Promise<Figure> {
	const op = "plot.precisionRecall";
	const look = lookOf(op, options, ["classes"]);
	const panel = precisionRecallPanel(op, curves, look, options.classes);
	return figureOf(await loadObservable(op), [panel], look.palette, look.width);
}
