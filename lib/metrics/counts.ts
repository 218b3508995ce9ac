/** Right and wrong decisions, class by class. */
import * as check from "../check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Average, mean, sum } from "./averages.ts";

/** For one class: how many of its samples were found and missed, how many others were taken for it. */
export interface Counts {
	tp: number;
	fp: number;
	fn: number;
	tn: number;
}

export function countsOf(matrix: Tensor): Counts[] {
	const diagonal = matrix.diag().toArray().map(Number);
	const rows = matrix.sum(1).toArray().map(Number);
	const columns = matrix.sum(0).toArray().map(Number);
	const total = sum(rows);
	return diagonal.map((tp, i) => {
		const fn = (rows[i] as number) - tp;
		const fp = (columns[i] as number) - tp;
		return { tp, fp, fn, tn: total - tp - fn - fp };
	});
}

export function total(counts: readonly Counts[]): Counts {
	const add = (key: keyof Counts) => sum(counts.map((count) => count[key]));
	return { tp: add("tp"), fp: add("fp"), fn: add("fn"), tn: add("tn") };
}

/** `score` of the counts, averaged. Classes that are neither in targets nor in predictions do not count. */
export function averaged(
	op: string,
	counts: readonly Counts[],
	average: Average,
	score: (counts: Counts) => number,
): number | number[] {
	if (average === "none") return counts.map(score);
	if (average === "micro") return score(total(counts));
	if (average === "binary") {
		if (counts.length > 2)
			throw check.invalidValue(
				op,
				"average",
				`"binary" is of two classes, and there are ${counts.length}: choose another one`,
			);
		return score(counts[1] ?? { tp: 0, fp: 0, fn: 0, tn: 0 });
	}
	const seen = counts.filter(({ tp, fp, fn }) => tp + fp + fn > 0);
	return average === "macro"
		? mean(seen.map(score))
		: mean(
				seen.map(score),
				seen.map(({ tp, fn }) => tp + fn),
			);
}
