import * as check from "../check.ts";
import { classesOf, type Labels, labelsOf } from "../data/labels.ts";
import { randperm } from "../generated/functions.ts";
import { Generator } from "../generator.ts";

export type { Labels };

/** What is learnt from and what is held out, by index. */
export interface Split {
	train: number[];
	test: number[];
}

/** Anything that has a number of samples: a dataset, an array, or the number itself. */
export type Count = number | { readonly length: number };

export interface ShuffleOptions {
	/** Whether samples are shuffled first; else they are taken as they stand. Default false. */
	shuffle?: boolean | undefined;
	/** With `shuffle`: the same seed gives the same folds each time. Default: the default generator. */
	seed?: number | undefined;
}

/**
 * Ways of splitting data several times. `split` gives the splits one after the other; every sample is held out as often as the way says.
 */
export abstract class Splitter<Input> {
	/** The splits of data of this kind: a number of samples, or classes or groups of all samples. */
	abstract split(data: Input): Iterable<Split>;

	/** How many splits there will be. */
	abstract count(data: Input): number;

	protected get op(): string {
		return this.constructor.name;
	}
}

/** Samples that are there: 1 or more. */
export function countOf(op: string, data: Count): number {
	const count =
		typeof data === "number"
			? data
			: (data as { length: unknown } | null)?.length;
	if (!Number.isSafeInteger(count))
		throw check.invalidType(op, "data", "number of samples or a dataset", data);
	if ((count as number) < 1)
		throw check.invalidValue(
			op,
			"data",
			`expected one or more samples, got ${count}`,
		);
	return count as number;
}

/** The labels, one by one. */
export function labelsList(
	op: string,
	name: string,
	labels: Labels,
): (number | bigint | string)[] {
	const list = labelsOf(op, name, labels);
	const at = list.findIndex((label) => Number.isNaN(label));
	if (at < 0) return list;
	throw check.invalidValue(op, `${name}[${at}]`, "expected a label, got NaN");
}

/** The samples of each label, in the order in which labels appear. */
export function membersOf(
	op: string,
	name: string,
	labels: Labels,
): { count: number; members: number[][] } {
	const list = labelsList(op, name, labels);
	return {
		count: list.length,
		members: [...classesOf(op, list, name).values()],
	};
}

/** All but the held out ones: both rising. */
export function splitOf(count: number, test: readonly number[]): Split {
	const isHeldOut = new Set(test);
	return {
		train: Array.from({ length: count }, (_, i) => i).filter(
			(i) => !isHeldOut.has(i),
		),
		test: [...test].sort((a, b) => a - b),
	};
}

/** Permutations: of a stream of its own for a seed, else of the default one. */
export function permuter(
	op: string,
	seed: number | undefined,
): (values: readonly number[]) => number[] {
	if (seed !== undefined) check.integer(op, "seed", seed);
	const generator =
		seed === undefined ? null : new Generator().manualSeed(seed);
	return (values) =>
		(randperm(values.length, { generator }).tolist() as number[]).map(
			(i) => values[i] as number,
		);
}

/** 0, 1, … up to `count`. */
export const range = (count: number): number[] =>
	Array.from({ length: count }, (_, i) => i);

export function checkFolds(
	op: string,
	nSplits: number,
	count: number,
	what: string,
): void {
	if (nSplits > count)
		throw check.invalidValue(
			op,
			"nSplits",
			`expected at most as many as there are ${what}, ${count}, got ${nSplits}`,
		);
}
