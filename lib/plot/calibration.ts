import { squareHeight, unitAxes } from "./axes.ts";
import type { Figure } from "./figure.ts";
import { loadObservable } from "./observable.ts";
import { type FigureOptions, type Look, lookOf } from "./options.ts";
import { seriesColor } from "./palette.ts";
import { figureOf, type Panel } from "./panel.ts";
import { type Curves, fieldsOf, type Numbers, namedCurves } from "./points.ts";

/** What `metrics.CalibrationError`'s `curve()` gives. */
export interface CalibrationPoints {
	readonly confidence: Numbers;
	readonly accuracy: Numbers;
	readonly count: Numbers;
}

export function calibrationPanel(
	op: string,
	curves: Curves<CalibrationPoints>,
	{ palette, title = "Calibration" }: Look,
): Panel {
	const named = namedCurves(op, "curves", curves, "confidence", undefined);
	const lines = named.map(({ name, where, curve }, i) => {
		const fields = ["confidence", "accuracy", "count"] as const;
		const { confidence, accuracy, count } = fieldsOf(op, where, curve, fields);
		const total = count.reduce((sum, value) => sum + value, 0) || 1;
		const bins = confidence.map((x, bin) => ({
			x,
			y: accuracy[bin] as number,
			count: count[bin] as number,
			share: (count[bin] as number) / total,
		}));
		const error = bins.reduce(
			(sum, { x, y, share }) => sum + share * Math.abs(y - x),
			0,
		);
		return {
			bins,
			color: seriesColor(palette, i),
			label: `${name === "" ? "" : `${name}: `}error ${error.toFixed(3)}`,
		};
	});
	return {
		title,
		legend: [
			...lines.map(({ label, color }) => ({ name: label, color })),
			{ name: "perfect", color: palette.muted, isDashed: true },
		],
		height: squareHeight,
		options: () => unitAxes("confidence", "share that is right"),
		marks: (plot) => [
			plot.line(
				[0, 1].map((x) => [x, x]),
				{ stroke: palette.muted, strokeDasharray: "4 3" },
			),
			...lines.flatMap(({ bins, color }) => [
				plot.lineY(bins, { x: "x", y: "y", stroke: color, strokeWidth: 2 }),
				...bins.map((bin) =>
					plot.dot([bin], {
						x: "x",
						y: "y",
						fill: color,
						r: 2 + 8 * Math.sqrt(bin.share), // by area
						fillOpacity: 0.75,
						title: ({ x, y, count }) =>
							`confidence ${x.toFixed(3)}, right ${y.toFixed(3)}, ${count} samples`,
					}),
				),
			]),
		],
	};
}

/**
 * Whether a model is as often right as it is sure: how many are right by confidence, bin by bin; larger dots have more samples.
 *
 * ```ts
 * const error = new metrics.CalibrationError();
 * error.update(probabilities, labels);
 * await plot.calibration(error.curve());
 * ```
 *
 * @throws TorchError `ERR_MISSING_PACKAGE` without the package @observablehq/plot
 */
export async function calibration(
	curves: Curves<CalibrationPoints>,
	options: FigureOptions = {},
): Promise<Figure> {
	const op = "plot.calibration";
	const look = lookOf(op, options);
	const panel = calibrationPanel(op, curves, look);
	return figureOf(await loadObservable(op), [panel], look.palette, look.width);
}
