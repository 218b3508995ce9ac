import * as check from "../check.ts";
import { flag, nullable, settings, unchecked } from "../nn/settings.ts";
import {
	type Count,
	countOf,
	type Labels,
	membersOf,
	permuter,
	range,
	type Split,
} from "./splitter.ts";

export interface TrainTestSplitOptions {
	/** How much is held out: a share below 1, or a number of samples. Default: what `trainSize` leaves, or a quarter. */
	testSize?: number | null | undefined;
	/** How much is learnt from: a share below 1, or a number of samples. Default: the rest. */
	trainSize?: number | null | undefined;
	/** Whether samples are shuffled; else the last ones are held out. Default true. */
	shuffle?: boolean | undefined;
	/** The same seed gives the same split. Default: the default generator. */
	seed?: number | undefined;
	/** The samples' classes, of which both parts then have the same shares. Default null. */
	stratify?: Labels | null | undefined;
}

/**
 * Indices of the samples to learn from and to hold out.
 *
 * ```ts
 * const { train, test } = select.trainTestSplit(dataset, { testSize: 0.2, seed: 0 });
 * const trainSet = new data.Subset(dataset, train);
 * ```
 *
 * @throws TorchError when a part would be empty, or a class too small to be in both
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html
 */
export function trainTestSplit(
	data: Count,
	options: TrainTestSplitOptions = {},
): Split {
	const op = "trainTestSplit";
	const count = countOf(op, data);
	const given = settings(op, options, {
		testSize: nullable(unchecked<number | null>(null)),
		trainSize: nullable(unchecked<number | null>(null)),
		shuffle: flag(true),
		seed: unchecked<number | undefined>(undefined),
		stratify: nullable(unchecked<Labels | null>(null)),
	});
	const { trainSize, testSize } = sizesOf(op, count, given);
	const permuted = permuter(op, given.seed);
	if (!given.shuffle) {
		if (given.stratify !== null)
			throw check.invalidValue(op, "stratify", "expected it with shuffle only");
		const all = range(count);
		return {
			train: all.slice(0, trainSize),
			test: all.slice(trainSize, trainSize + testSize),
		};
	}
	if (given.stratify === null) {
		const order = permuted(range(count));
		return {
			test: order.slice(0, testSize),
			train: order.slice(testSize, testSize + trainSize),
		};
	}
	const { count: labelled, members } = membersOf(
		op,
		"stratify",
		given.stratify,
	);
	if (labelled !== count)
		throw check.invalidValue(
			op,
			"stratify",
			`expected a class for each of ${count} samples, got ${labelled}`,
		);
	return stratified(op, members, trainSize, testSize, permuted);
}

function sizesOf(
	op: string,
	count: number,
	given: { testSize: number | null; trainSize: number | null },
): { trainSize: number; testSize: number } {
	const whole = (
		name: "testSize" | "trainSize",
		round: (x: number) => number,
	) => {
		const size = given[name];
		if (size === null) return null;
		check.number(op, name, size, { min: 0 });
		const isShare = size > 0 && size < 1;
		if (!isShare && (!Number.isInteger(size) || size === 0))
			throw check.invalidValue(
				op,
				name,
				`expected a share between 0 and 1 or a number of samples, got ${size}`,
			);
		return isShare ? round(size * count) : size;
	};
	const test = whole("testSize", Math.ceil);
	const train = whole("trainSize", Math.floor);
	const testSize =
		test ?? (train === null ? Math.ceil(count / 4) : count - train);
	const trainSize = train ?? count - testSize;
	if (testSize < 1 || trainSize < 1 || testSize + trainSize > count)
		throw check.invalidValue(
			op,
			"testSize, trainSize",
			`${count} samples cannot be split into ${trainSize} and ${testSize}: expected one or more in each, ${count} in all at most`,
		);
	return { trainSize, testSize };
}

function stratified(
	op: string,
	members: number[][],
	trainSize: number,
	testSize: number,
	permuted: (values: readonly number[]) => number[],
): Split {
	const smallest = Math.min(...members.map(({ length }) => length));
	if (smallest < 2)
		throw check.invalidValue(
			op,
			"stratify",
			"expected two or more samples of each class, and one class has 1",
		);
	if (Math.min(trainSize, testSize) < members.length)
		throw check.invalidValue(
			op,
			"stratify",
			`expected at least as many samples in each part as classes, ${members.length}, got ${Math.min(trainSize, testSize)}`,
		);
	const sizes = members.map(({ length }) => length);
	const trains = shares(sizes, trainSize, sizes);
	const left = sizes.map((size, i) => size - (trains[i] as number));
	const tests = shares(left, testSize, left);
	const split: Split = { train: [], test: [] };
	for (const [i, own] of members.entries()) {
		const order = permuted(own);
		const train = trains[i] as number;
		split.train.push(...order.slice(0, train));
		split.test.push(...order.slice(train, train + (tests[i] as number)));
	}
	return { train: permuted(split.train), test: permuted(split.test) };
}

/** `total` dealt out in proportion to `sizes`: rounded down, and what is left to the largest remainders; at most `limits`. */
function shares(
	sizes: readonly number[],
	total: number,
	limits: readonly number[],
): number[] {
	const all = sizes.reduce((sum, size) => sum + size, 0);
	const exact = sizes.map((size) => (size / all) * total);
	const dealt = exact.map(Math.floor);
	const byRemainder = range(sizes.length).sort(
		(a, b) =>
			(exact[b] as number) -
			(dealt[b] as number) -
			((exact[a] as number) - (dealt[a] as number)),
	);
	let left = total - dealt.reduce((sum, share) => sum + share, 0);
	for (const i of byRemainder) {
		if (left === 0) break;
		if ((dealt[i] as number) >= (limits[i] as number)) continue;
		(dealt[i] as number)++;
		left--;
	}
	return dealt;
}
