import * as check from "../check.ts";
import type { DatasetLike } from "../data/dataset.ts";
import { Subset } from "../data/index.ts";
import {
	type Count,
	countOf,
	type Labels,
	permuter,
	type Split,
	Splitter,
} from "./splitter.ts";
import { meanOf, stdOf } from "./statistics.ts";

/** What is done with a split: a model is trained on one part and measured on the other. */
export interface Fold<Sample> {
	train: Subset<Sample>;
	test: Subset<Sample>;
	/** 0, 1, … */
	fold: number;
	/** Indices in the whole dataset. */
	indices: Split;
}

/** Measures a model of a split: one number, or several by name. */
export type Score<Sample, Scores extends Record<string, number>> = (
	fold: Fold<Sample>,
) => Scores | Promise<Scores>;

export interface CrossValidateOptions {
	/** The samples' classes or groups, which the splitter needs where it does not split by number alone. */
	by?: Labels | undefined;
}

export interface CrossValidation<Scores extends Record<string, number>> {
	/** Of each split. */
	scores: { [Name in keyof Scores]: number[] };
	mean: Scores;
	/** The standard deviation over splits (by n - 1; 0 of one split). */
	std: Scores;
	/** How many samples were learnt from, and held out, on average. */
	trainSize: number;
	testSize: number;
}

/**
 * Trains and measures a model on each split.
 *
 * ```ts
 * const result = await select.crossValidate(dataset, new select.KFold({ nSplits: 5 }), async ({ train, test }) => {
 *   const model = await trainOn(train);
 *   return { accuracy: accuracyOf(model, test) };
 * });
 * result.mean.accuracy;
 * ```
 *
 * @param score what it throws is thrown on, with the number of the split
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.cross_validate.html
 */
export async function crossValidate<
	Sample,
	Scores extends Record<string, number>,
>(
	dataset: DatasetLike<Sample>,
	splitter: Splitter<Count> | Splitter<Labels>,
	score: Score<Sample, Scores>,
	options: CrossValidateOptions = {},
): Promise<CrossValidation<Scores>> {
	const op = "crossValidate";
	check.callable(op, "score", score);
	check.options(op, options, ["by"]);
	const splits = splitsOf(op, dataset, splitter, options.by);
	const all: Scores[] = [];
	for (const [fold, indices] of splits.entries())
		all.push(await scoreOf(op, dataset, indices, fold, score));
	return summary(all, splits);
}

export function splitsOf<Sample>(
	op: string,
	dataset: DatasetLike<Sample>,
	splitter: Splitter<Count> | Splitter<Labels>,
	by: Labels | undefined,
): Split[] {
	if (!(splitter instanceof Splitter))
		throw check.invalidType(op, "splitter", "splitter such as KFold", splitter);
	const count = countOf(op, dataset);
	const splits = [
		...(splitter as Splitter<unknown>).split(by === undefined ? count : by),
	];
	const [first] = splits;
	const seen = first === undefined ? 0 : first.train.length + first.test.length;
	if (by !== undefined && seen !== count)
		throw check.invalidValue(
			op,
			"by",
			`expected one for each of ${count} samples, got ${seen}`,
		);
	return splits;
}

export async function scoreOf<Sample, Scores extends Record<string, number>>(
	op: string,
	dataset: DatasetLike<Sample>,
	indices: Split,
	fold: number,
	score: Score<Sample, Scores>,
): Promise<Scores> {
	const train = new Subset(dataset, indices.train);
	const test = new Subset(dataset, indices.test);
	const scores = await score({ train, test, fold, indices });
	if (typeof scores !== "object" || scores === null)
		throw check.invalidType(
			op,
			"score",
			"function that gives numbers by name",
			scores,
		);
	for (const [name, value] of Object.entries(scores))
		if (typeof value !== "number")
			throw check.invalidType(op, `score's ${name}`, "number", value);
	return scores;
}

export function summary<Scores extends Record<string, number>>(
	all: readonly Scores[],
	splits: readonly Split[],
): CrossValidation<Scores> {
	const names = Object.keys(all[0] ?? {}) as (keyof Scores & string)[];
	const by = <T>(of: (values: number[]) => T) =>
		Object.fromEntries(
			names.map((name) => [
				name,
				of(all.map((scores) => scores[name] as number)),
			]),
		);
	const size = (part: keyof Split) =>
		meanOf(splits.map((split) => split[part].length));
	return {
		scores: by((values) => values) as CrossValidation<Scores>["scores"],
		mean: by(meanOf) as Scores,
		std: by((values) => (values.length < 2 ? 0 : stdOf(values))) as Scores,
		trainSize: size("train"),
		testSize: size("test"),
	};
}

export interface LearningCurveOptions extends CrossValidateOptions {
	/** Of the order in which training samples are taken. Default: the default generator. */
	seed?: number | undefined;
	/** How much of each split's training part is learnt from: shares up to 1, or numbers of samples. Default 0.1, 0.325, 0.55, 0.775, 1. */
	trainSizes?: readonly number[] | undefined;
}

/** `CrossValidation` for each size of the training data, rising. */
export interface LearningCurve<Scores extends Record<string, number>> {
	trainSizes: number[];
	results: CrossValidation<Scores>[];
}

/**
 * How a model gets better with more data: it is trained on some of each split's training part alone, and measured on the held out one.
 * Larger parts contain the smaller ones.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.learning_curve.html
 */
export async function learningCurve<
	Sample,
	Scores extends Record<string, number>,
>(
	dataset: DatasetLike<Sample>,
	splitter: Splitter<Count> | Splitter<Labels>,
	score: Score<Sample, Scores>,
	options: LearningCurveOptions = {},
): Promise<LearningCurve<Scores>> {
	const op = "learningCurve";
	check.callable(op, "score", score);
	check.options(op, options, ["by", "seed", "trainSizes"]);
	const splits = splitsOf(op, dataset, splitter, options.by);
	const most = Math.min(...splits.map(({ train }) => train.length));
	const trainSizes = sizesOf(op, options.trainSizes, most);
	const permuted = permuter(op, options.seed);
	const order = splits.map(({ train }) => permuted(train));
	const results: CrossValidation<Scores>[] = [];
	for (const size of trainSizes) {
		const parts = splits.map(({ test }, i) => ({
			train: (order[i] as number[]).slice(0, size),
			test,
		}));
		const all: Scores[] = [];
		for (const [fold, indices] of parts.entries())
			all.push(await scoreOf(op, dataset, indices, fold, score));
		results.push(summary(all, parts));
	}
	return { trainSizes, results };
}

function sizesOf(
	op: string,
	given: readonly number[] = [0.1, 0.325, 0.55, 0.775, 1],
	most: number,
): number[] {
	const sizes = check.array(op, "trainSizes", given).map((size, i) => {
		const name = `trainSizes[${i}]`;
		check.number(op, name, size, { min: 0 });
		const whole =
			size <= 1 && !(size === 1 && given.some((s) => s > 1))
				? Math.floor(size * most)
				: size;
		if (!Number.isInteger(whole) || whole < 1 || whole > most)
			throw check.invalidValue(
				op,
				name,
				`expected a share up to 1, or a number of samples up to ${most}, got ${size}${whole === 0 ? ", which is no sample" : ""}`,
			);
		return whole;
	});
	if (sizes.length === 0)
		throw check.invalidValue(
			op,
			"trainSizes",
			"expected one or more, got none",
		);
	return [...new Set(sizes)].sort((a, b) => a - b);
}
