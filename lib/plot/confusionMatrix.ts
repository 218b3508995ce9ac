import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Figure } from "./figure.ts";
import { loadObservable } from "./observable.ts";
import {
	classNames,
	type FigureOptions,
	type Look,
	lookOf,
} from "./options.ts";
import { figureOf, fitted, type Panel, textWidth } from "./panel.ts";

/** Rows are true classes, columns predicted ones. */
export type Matrix = Tensor | readonly (readonly number[])[];

export interface ConfusionMatrixOptions extends FigureOptions {
	/** Names of the classes. Default: their numbers. */
	classes?: readonly string[] | undefined;
}

function rowsOf(op: string, matrix: Matrix): number[][] {
	const rows = isTensor(matrix)
		? scope(() => (matrix as Tensor).detach().to("cpu").to("float64").tolist())
		: matrix;
	if (!Array.isArray(rows))
		throw check.invalidType(op, "matrix", "Tensor or number[][]", matrix);
	const isSquare = rows.every(
		(row: unknown) => Array.isArray(row) && row.length === rows.length,
	);
	if (!isSquare || rows.length === 0)
		throw check.invalidValue(
			op,
			"matrix",
			isTensor(matrix)
				? `expected a square [C, C], got a tensor of shape [${(matrix as Tensor).shape.join(", ")}]`
				: "expected a square: as many columns as rows, one or more",
		);
	for (const [i, row] of rows.entries())
		for (const [j, value] of (row as unknown[]).entries())
			check.number(op, `matrix[${i}][${j}]`, value, { min: 0 });
	return rows as number[][];
}

export function confusionPanel(
	op: string,
	matrix: Matrix,
	{ palette, title = "Confusion matrix" }: Look,
	classes?: readonly string[],
): Panel {
	const rows = rowsOf(op, matrix);
	const count = rows.length;
	const known = classNames(op, classes, count);
	const name = (i: number) => known?.[i] ?? String(i);
	const isWhole = rows.flat().every(Number.isInteger);
	const cells = rows.flatMap((row, i) => {
		const total = row.reduce((sum, value) => sum + value, 0);
		return row.map((value, j) => ({
			true: i,
			predicted: j,
			value,
			share: total > 0 ? value / total : 0,
		}));
	});
	const isLarge = count > 40; // then only what can be seen is drawn
	const written = (value: number) =>
		isWhole ? value.toLocaleString("en") : value.toFixed(2);
	const longest = Math.max(...rows.map((_, i) => textWidth(name(i), 11)));
	const left = Math.min(130, Math.max(44, longest + 30));
	const isTurned = (width: number) => longest > (width - left - 16) / count - 4;
	const bottom = (width: number) =>
		isTurned(width) ? Math.min(120, longest * 0.75 + 42) : 42;
	const cellSize = (width: number) => (width - left - 16) / count;
	const fontSize = (width: number) => {
		const longestValue = Math.max(
			...cells.map(({ value }) => [...written(value)].length),
		);
		return Math.min(12, (cellSize(width) - 4) / (0.57 * longestValue));
	};
	return {
		title,
		height: (width) =>
			Math.min(width, Math.max(3, count) * cellSize(width)) * 0.86 +
			bottom(width) +
			8,
		options: (width) => {
			const every = Math.ceil(13 / cellSize(width)); // names that fit
			const shown = (i: number) =>
				i % every === 0 ? fitted(name(i), 11, 100) : "";
			return {
				marginTop: 8,
				marginLeft: left,
				marginRight: 16,
				marginBottom: bottom(width),
				padding: 0,
				x: {
					label: "predicted →",
					labelOffset: bottom(width) - 4,
					domain: rows.map((_, i) => i),
					tickFormat: shown,
					tickSize: 0,
					...(isTurned(width) ? { tickRotate: -45 } : {}),
				},
				y: {
					label: "↓ true",
					labelAnchor: "center" as const,
					labelArrow: false,
					labelOffset: left - 8,
					domain: rows.map((_, i) => i),
					tickFormat: shown,
					tickSize: 0,
				},
			};
		},
		marks: (plot, width) => {
			const at = { x: "predicted", y: "true" };
			const size = fontSize(width);
			const text = {
				...at,
				text: ({ value }: { value: number }) => written(value),
				fontSize: size,
			};
			return [
				...(isLarge
					? [
							plot.frame({
								fill: palette.series[0] as string,
								fillOpacity: 0.04,
								stroke: "none",
							}),
						]
					: []),
				plot.cell(cells, {
					...at,
					fill: palette.series[0] as string,
					fillOpacity: ({ share }) => 0.04 + 0.96 * share,
					inset: isLarge ? 0 : 0.5,
					filter: ({ share }) => !isLarge || share >= 0.01,
					title: (cell) =>
						`${name(cell.true)} taken for ${name(cell.predicted)}: ${written(cell.value)} (${(100 * cell.share).toFixed(1)} % of ${name(cell.true)})`,
				}),
				...(size >= 7
					? [
							plot.text(cells, {
								...text,
								filter: ({ share, value }) => share < 0.55 && value > 0,
								fill: palette.ink,
							}),
							plot.text(cells, {
								...text,
								filter: ({ share }) => share >= 0.55,
								fill: palette.onSeries,
							}),
						]
					: []),
			];
		},
	};
}

/**
 * How often each class (row) was taken for each (column): the darker, the larger the share of the row.
 *
 * @param matrix [C, C], counts or shares, such as `metrics.ConfusionMatrix` gives
 * @throws TorchError for other shapes; `ERR_MISSING_PACKAGE` without the package @observablehq/plot
 *
 * @example
 * const figure = await plot.confusionMatrix(matrix.compute(), { classes: ["cat", "dog"] });
 * await figure.save("confusion.png");
 */
export async function confusionMatrix(
	matrix: Matrix,
	options: ConfusionMatrixOptions = {},
): Promise<Figure> {
	const op = "plot.confusionMatrix";
	const look = lookOf(op, options, ["classes"]);
	const panel = confusionPanel(op, matrix, look, options.classes);
	return figureOf(await loadObservable(op), [panel], look.palette, look.width);
}
