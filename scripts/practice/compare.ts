import type { Result } from "./run.ts";

/** A program's results: here with seed 0, and in Python with seed 0, 1, …; none where Python was not asked. */
export interface Results {
	here: Result;
	python: Result[];
	threads: number;
}

/** A score beside Python's. */
export interface Comparison {
	score: string;
	here: number;
	min: number;
	max: number;
	/** Whether it lies between Python's lowest and highest, up to what rounding does. */
	isWithin: boolean;
}

export function compareScores({ here, python }: Results): Comparison[] {
	return Object.entries(here.scores).map(([score, value]) => {
		const theirs = python.map(({ scores }) => scores[score] ?? Number.NaN);
		const [min, max] = [Math.min(...theirs), Math.max(...theirs)];
		const slack = 1e-6 * Math.max(1, Math.abs(min), Math.abs(max));
		const isWithin = value >= min - slack && value <= max + slack;
		return { score, here: value, min, max, isWithin };
	});
}

/** The largest relative difference of the loss curves for the same seed: 0 where all bits are equal. */
export function curveDifference({ here, python }: Results): number {
	const theirs = python[0]?.losses ?? [];
	if (theirs.length !== here.losses.length) return Number.POSITIVE_INFINITY;
	return Math.max(
		0,
		...here.losses.map((loss, i) => {
			const other = theirs[i] as number;
			return Math.abs(loss - other) / Math.max(Math.abs(other), 1e-12);
		}),
	);
}

export function curveText(difference: number, points: number): string {
	if (difference === 0) return `equal (${points})`;
	if (!Number.isFinite(difference)) return "of another length";
	return `within ${difference.toExponential(0)} (${points})`;
}

/** Numbers of epochs as they are, others with four digits. */
export const numberText = (value: number): string =>
	Number.isInteger(value) ? String(value) : value.toFixed(4);
