import { axisNumber } from "./axes.ts";
import { linesPanel } from "./curves.ts";
import type { Figure } from "./figure.ts";
import { loadObservable } from "./observable.ts";
import { type FigureOptions, type Look, lookOf } from "./options.ts";
import { seriesColor } from "./palette.ts";
import { figureOf, type Panel } from "./panel.ts";
import {
	type Curves,
	fieldsOf,
	type Numbers,
	namedCurves,
	thinned,
} from "./points.ts";

/** What `metrics.CumulativeGain` gives. */
export interface GainPoints {
	readonly fraction: Numbers;
	readonly gain: Numbers;
}

/** What `metrics.LiftCurve` gives. */
export interface LiftPoints {
	readonly fraction: Numbers;
	readonly lift: Numbers;
}

export function gainPanel(
	op: string,
	curves: Curves<GainPoints>,
	{ palette, title = "Cumulative gain" }: Look,
): Panel {
	const named = namedCurves(op, "curves", curves, "gain", undefined);
	const lines = named.map(({ name, where, curve }, i) => {
		const { fraction, gain } = fieldsOf(op, where, curve, ["fraction", "gain"]);
		return {
			points: thinned(fraction, gain),
			color: seriesColor(palette, i),
			label: name || "model",
		};
	});
	const chance = {
		points: [0, 1].map((x) => ({ x, y: x })),
		label: "chance",
		color: palette.muted,
	};
	const axes = { x: "share of samples", y: "share of positives" };
	return linesPanel(title, axes, lines, chance, false);
}

export function liftPanel(
	op: string,
	curves: Curves<LiftPoints>,
	{ palette, title = "Lift" }: Look,
): Panel {
	const named = namedCurves(op, "curves", curves, "lift", undefined);
	const lines = named.map(({ name, where, curve }, i) => {
		const { fraction, lift } = fieldsOf(op, where, curve, ["fraction", "lift"]);
		return {
			points: thinned(fraction, lift),
			color: seriesColor(palette, i),
			label: name || "model",
		};
	});
	const chance = {
		points: [0, 1].map((x) => ({ x, y: 1 })),
		label: "chance",
		color: palette.muted,
	};
	const axes = { x: "share of samples", y: "times chance" };
	const panel = linesPanel(title, axes, lines, chance, false);
	return {
		...panel,
		options: (width) => ({
			...panel.options(width),
			y: {
				label: `↑ ${axes.y}`,
				zero: true,
				nice: true,
				grid: true,
				tickFormat: axisNumber,
			},
		}),
	};
}

/**
 * Which share of the positives is among the samples with the highest scores: of one curve, or of several models by name.
 *
 * ```ts
 * const gain = new metrics.CumulativeGain();
 * gain.update(scores, labels);
 * await plot.gain(gain.compute());
 * ```
 *
 * @throws TorchError `ERR_MISSING_PACKAGE` without the package @observablehq/plot
 */
export async function gain(
	curves: Curves<GainPoints>,
	options: FigureOptions = {},
): Promise<Figure> {
	const op = "plot.gain";
	const look = lookOf(op, options);
	const panel = gainPanel(op, curves, look);
	return figureOf(await loadObservable(op), [panel], look.palette, look.width);
}

/** How many times more positives than by chance are among the samples with the highest scores; as `gain`. */
export async function lift(
	curves: Curves<LiftPoints>,
	options: FigureOptions = {},
): Promise<Figure> {
	const op = "plot.lift";
	const look = lookOf(op, options);
	const panel = liftPanel(op, curves, look);
	return figureOf(await loadObservable(op), [panel], look.palette, look.width);
}
