import * as check from "../check.ts";
import { axisNumber } from "./axes.ts";
import type { Figure } from "./figure.ts";
import { loadObservable } from "./observable.ts";
import { type FigureOptions, type Look, lookOf } from "./options.ts";
import type { Palette } from "./palette.ts";
import { figureOf, type Panel } from "./panel.ts";

/** What `train.fit` gives (`History`), or numbers by name, one for each epoch. */
export type HistoryLike =
	| { readonly epochs: readonly object[] }
	| { readonly [name: string]: readonly number[] };

export interface HistoryOptions extends FigureOptions {
	/** What is shown: names as "loss", each with its validation's ("valLoss"). Default: all there are but `seconds`, and `lr` where it changes. */
	names?: readonly string[] | undefined;
}

/** Numbers by epoch, and which epochs those are. */
interface Columns {
	epochs: readonly number[];
	columns: ReadonlyMap<string, readonly number[]>;
}

const number = (value: unknown) =>
	typeof value === "number" && Number.isFinite(value) ? value : Number.NaN;

function columnsOf(op: string, history: HistoryLike): Columns {
	if (typeof history !== "object" || history === null)
		throw check.invalidType(
			op,
			"history",
			"History, or numbers by name",
			history,
		);
	const { epochs: logs } = history as { epochs?: unknown };
	if (isLogs(logs)) {
		const names = new Set(logs.flatMap((of) => Object.keys(of)));
		return {
			epochs: logs.map(({ epoch }, i) => (epoch as number) ?? i + 1),
			columns: new Map(
				[...names].map((name) => [name, logs.map((of) => number(of[name]))]),
			),
		};
	}
	const columns = new Map<string, number[]>();
	for (const [name, values] of Object.entries(history)) {
		check.array(op, `history.${name}`, values as readonly number[]);
		for (const [i, value] of (values as readonly unknown[]).entries())
			if (typeof value !== "number")
				throw check.invalidType(op, `history.${name}[${i}]`, "number", value);
		columns.set(name, (values as readonly unknown[]).map(number));
	}
	const count = Math.max(0, ...[...columns.values()].map((v) => v.length));
	return { epochs: Array.from({ length: count }, (_, i) => i + 1), columns };
}

function isLogs(value: unknown): value is Record<string, unknown>[] {
	return (
		Array.isArray(value) &&
		value.every((item) => typeof item === "object" && item !== null)
	);
}

/** "accuracy" → "valAccuracy" */
const validationOf = (name: string) =>
	`val${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** What has a diagram of its own: names of training, and of validation alone. */
function shownNames(
	op: string,
	{ columns }: Columns,
	names: readonly string[] | undefined,
): readonly string[] {
	if (names !== undefined) {
		for (const name of check.array(op, "names", names))
			if (!columns.has(name) && !columns.has(validationOf(name)))
				throw check.invalidValue(
					op,
					"names",
					`the history has no "${name}"; known are ${[...columns.keys()].join(", ")}`,
				);
		return names;
	}
	const all = [...columns.keys()].filter((name) => {
		if (name === "epoch" || name === "seconds") return false;
		if (name === "lr") return new Set(columns.get(name)).size > 1;
		const base = /^val[A-Z]/.test(name)
			? name.charAt(3).toLowerCase() + name.slice(4)
			: null;
		return base === null || !columns.has(base);
	});
	return all
		.filter((name) => name !== "lr")
		.concat(all.includes("lr") ? "lr" : []);
}

/** A diagram for each number. */
export function historyPanels(
	op: string,
	history: HistoryLike,
	{ palette }: Look,
	names?: readonly string[],
): Panel[] {
	const known = columnsOf(op, history);
	if (known.epochs.length === 0)
		throw check.invalidValue(op, "history", "there is no epoch in it");
	const shown = shownNames(op, known, names);
	if (shown.length === 0)
		throw check.invalidValue(op, "history", "there are no numbers in it");
	return shown.map((name) => panelOf(name, known, palette));
}

function panelOf(
	name: string,
	{ epochs, columns }: Columns,
	palette: Palette,
): Panel {
	const training = columns.get(name);
	const validation = columns.get(validationOf(name));
	const isPair = training !== undefined && validation !== undefined;
	const series = [
		{
			of: "training",
			values: training,
			color: isPair ? palette.muted : (palette.series[0] as string),
		},
		{
			of: "validation",
			values: validation,
			color: palette.series[0] as string,
		},
	].filter((one) => one.values !== undefined);
	const isFew = epochs.length <= 60;
	const isTold = epochs.length <= 300; // what a point is, when it is pointed at
	const numbers = series.flatMap(({ values }) => values ?? []);
	const finite = numbers.filter(Number.isFinite);
	const isEmpty = finite.length === 0;
	const positive = finite.every((value) => value > 0);
	const isLog =
		name === "lr" && positive && Math.max(...finite) > 50 * Math.min(...finite);
	return {
		title: name === "lr" ? "learning rate" : name,
		legend:
			series.length > 1
				? series.map(({ of, color }) => ({ name: of, color }))
				: [],
		options: () => ({
			...axes(epochs, isLog ? "log" : undefined),
			...(isEmpty ? { y: { domain: [0, 1], label: null, ticks: [] } } : {}),
		}),
		marks: (plot) =>
			isEmpty
				? [plot.text(["no finite numbers"], { frameAnchor: "middle" })]
				: series.flatMap(({ of, values = [], color }) => {
						const rows = values.map((y, i) => ({ x: epochs[i] as number, y }));
						const at = { x: "x", y: "y" };
						return [
							plot.lineY(rows, { ...at, stroke: color, strokeWidth: 2 }),
							plot.dot(isTold ? rows : [], {
								...at,
								fill: color,
								r: 2.5,
								fillOpacity: isFew ? 1 : 0,
								title: ({ x, y }) =>
									`epoch ${x}, ${of}: ${Number(y.toPrecision(5))}`,
							}),
						];
					}),
	};
}

function axes(epochs: readonly number[], type: "log" | undefined): object {
	const first = Math.min(...epochs);
	const last = Math.max(...epochs);
	return {
		marginLeft: 52,
		marginRight: 16,
		marginBottom: 36,
		x: {
			label: "epoch →",
			domain: first === last ? [first - 0.5, last + 0.5] : [first, last],
			ticks: ticksOf(first, last),
			tickFormat: "d",
		},
		y: {
			...(type ? { type } : { nice: true }),
			label: null,
			grid: true,
			tickFormat: axisNumber,
			...(type ? { ticks: 5 } : {}),
		},
	};
}

const steps = [1, 10, 100, 1000, 1e4, 1e5].flatMap((power) => [
	power,
	2 * power,
	5 * power,
]);

/** The first epoch and round ones, not more than about eight. */
function ticksOf(first: number, last: number): number[] {
	const span = last - first;
	const step = steps.find((size) => span / size <= 8) ?? span;
	const ticks = [first];
	for (let tick = step * Math.ceil(first / step); tick <= last; tick += step)
		if (tick - first >= 0.75 * step) ticks.push(tick);
	return ticks;
}

/**
 * The learning curves of a training: a diagram for the loss, each metric, and the learning rate where it changes, training and validation together.
 *
 * ```ts
 * const history = await train.fit(model, options);
 * await (await plot.history(history)).save("history.svg");
 * ```
 *
 * @throws TorchError where there is nothing to show; `ERR_MISSING_PACKAGE` without the package @observablehq/plot
 */
export async function history(
	history: HistoryLike,
	options: HistoryOptions = {},
): Promise<Figure> {
	const op = "plot.history";
	const look = lookOf(op, options, ["names"]);
	const panels = historyPanels(op, history, look, options.names);
	const plot = await loadObservable(op);
	return figureOf(plot, panels, look.palette, look.width, look.title);
}
