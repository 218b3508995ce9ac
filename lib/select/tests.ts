import * as check from "../check.ts";
import { type Labels, labelsList } from "./splitter.ts";
import {
	binomialTail,
	chi2Tail,
	meanOf,
	studentTail,
	varianceOf,
} from "./statistics.ts";

export interface TestResult {
	statistic: number;
	/** How likely a difference like this, or larger, is by chance. */
	pValue: number;
}

export interface McNemarResult extends TestResult {
	/** Samples that the first model got right and the second wrong. */
	onlyFirst: number;
	/** Samples that the second model got right and the first wrong. */
	onlySecond: number;
}

/**
 * Whether two models err differently on the same samples: McNemar's test of those that one got right and the other wrong. Exact
 * (binomial) for less than 25 of these or with `exact: true`, else by chi² with the correction for continuity.
 *
 * @param first labels that the first model gives
 * @param second labels that the second model gives
 * @param target the right ones
 * @see https://doi.org/10.1007/BF02295996
 * @example
 * const { pValue } = select.mcNemar(predictionsOfA, predictionsOfB, targets);
 */
export function mcNemar(
	first: Labels,
	second: Labels,
	target: Labels,
	options: { exact?: boolean | undefined } = {},
): McNemarResult {
	const op = "mcNemar";
	check.options(op, options, ["exact"]);
	const a = labelsList(op, "first", first);
	const b = labelsList(op, "second", second);
	const wanted = labelsList(op, "target", target);
	for (const [name, list] of [
		["first", a],
		["second", b],
	] as const)
		if (list.length !== wanted.length)
			throw check.invalidValue(
				op,
				name,
				`expected a label for each of ${wanted.length} targets, got ${list.length}`,
			);
	let onlyFirst = 0;
	let onlySecond = 0;
	for (const [i, label] of wanted.entries()) {
		const rightA = a[i] === label;
		if (rightA === (b[i] === label)) continue;
		if (rightA) onlyFirst++;
		else onlySecond++;
	}
	const both = onlyFirst + onlySecond;
	const { exact = both < 25 } = options;
	check.boolean(op, "exact", exact);
	if (exact)
		return {
			onlyFirst,
			onlySecond,
			statistic: Math.min(onlyFirst, onlySecond),
			pValue: binomialTail(onlyFirst, both),
		};
	const statistic =
		both === 0 ? 0 : (Math.abs(onlyFirst - onlySecond) - 1) ** 2 / both;
	return { onlyFirst, onlySecond, statistic, pValue: chi2Tail(statistic) };
}

/**
 * Whether two models' scores on the same splits differ: Student's t of the differences, its variance corrected for training sets that
 * overlap (Nadeau and Bengio), without which cross-validation finds differences that are not there.
 *
 * @param sizes samples learnt from and held out in a split, as `crossValidate` gives them
 * @see https://doi.org/10.1023/A:1024068626366
 * @example
 * const { pValue } = select.correctedTTest(a.scores.accuracy, b.scores.accuracy, a);
 */
export function correctedTTest(
	first: readonly number[],
	second: readonly number[],
	sizes: { trainSize: number; testSize: number },
): TestResult {
	const op = "correctedTTest";
	const { trainSize, testSize } = sizes;
	check.number(op, "sizes.trainSize", trainSize, { min: 1 });
	check.number(op, "sizes.testSize", testSize, { min: 1 });
	return tTest(op, first, second, testSize / trainSize);
}

/** Whether two lists of independent pairs differ: Student's t of the differences. Scores of cross-validation are not independent: `correctedTTest`. */
export function pairedTTest(
	first: readonly number[],
	second: readonly number[],
): TestResult {
	return tTest("pairedTTest", first, second, 0);
}

function tTest(
	op: string,
	first: readonly number[],
	second: readonly number[],
	overlap: number,
): TestResult {
	for (const [name, list] of [
		["first", first],
		["second", second],
	] as const)
		for (const [i, value] of check.array(op, name, list).entries())
			check.number(op, `${name}[${i}]`, value);
	if (first.length !== second.length || first.length < 2)
		throw check.invalidValue(
			op,
			"second",
			`expected two or more scores on the same splits, got ${first.length} and ${second.length}`,
		);
	const differences = first.map((value, i) => value - (second[i] as number));
	const mean = meanOf(differences);
	const variance = varianceOf(differences) * (1 / first.length + overlap);
	const statistic =
		mean === 0
			? 0
			: variance === 0
				? Math.sign(mean) * Infinity
				: mean / Math.sqrt(variance);
	return { statistic, pValue: studentTail(statistic, first.length - 1) };
}
