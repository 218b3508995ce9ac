/** Folds without shuffling are scikit-learn's; shuffled ones have the same properties; p-values are SciPy's (scripts/fixtures/model_selection.py). */
import * as torch from "../../lib/index.ts";
import { fixture } from "../support/stored.ts";

const { modelSelection: select } = torch;

interface Saved {
	folds: {
		splitter: "KFold" | "StratifiedKFold" | "GroupKFold";
		nSplits: number;
		data: number | (number | string)[];
		tests: number[][];
	}[];
	t: {
		a: number[];
		b: number[];
		plain: [number, number];
		corrected: [number, number];
	}[];
	mcnemar: {
		first: number;
		second: number;
		exact: number;
		statistic: number;
		chi2: number;
	}[];
}
const saved = fixture<Saved>("select/select.json");
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const spread = (values: number[]) => Math.max(...values) - Math.min(...values);

test.each(saved.folds)(
	"$splitter of $data in $nSplits",
	({ splitter, nSplits, data, tests }) => {
		const folds = new select[splitter]({
			nSplits,
		}) as torch.modelSelection.Splitter<typeof data>;
		const splits = [...folds.split(data)];
		const count = typeof data === "number" ? data : data.length;
		expect(splits.map(({ test }) => test)).toEqual(tests);
		for (const { train, test } of splits)
			expect(sorted([...train, ...test])).toEqual(range(count));
		expect(folds.count(data)).toBe(nSplits);
	},
);

describe("shuffled", () => {
	const labels = range(103).map((i) =>
		i % 10 === 0 ? "rare" : i % 3 ? "a" : "b",
	);
	const groups = range(103).map((i) => Math.floor(i / 7));

	const splitters: [
		name: string,
		make: (seed: number) => torch.modelSelection.Splitter<never>,
		data: unknown,
	][] = [
		[
			"KFold",
			(seed) => new select.KFold({ shuffle: true, seed }) as never,
			103,
		],
		[
			"StratifiedKFold",
			(seed) => new select.StratifiedKFold({ shuffle: true, seed }) as never,
			labels,
		],
		[
			"GroupKFold",
			(seed) => new select.GroupKFold({ shuffle: true, seed }) as never,
			torch.tensor(groups),
		],
	];

	test.each(splitters)("%s holds out each sample once", (_, make, data) => {
		const tests = [...make(1).split(data as never)].map(({ test }) => test);
		expect(sorted(tests.flat())).toEqual(range(103));
		const again = [...make(1).split(data as never)].map(({ test }) => test);
		const other = [...make(2).split(data as never)].map(({ test }) => test);
		expect(again).toEqual(tests);
		expect(other).not.toEqual(tests);
	});

	test("sizes and classes are even", () => {
		const folds = new select.StratifiedKFold({
			nSplits: 4,
			shuffle: true,
			seed: 3,
		});
		const tests = [...folds.split(labels)].map(({ test }) => test);
		expect(spread(tests.map(({ length }) => length))).toBeLessThanOrEqual(1);
		for (const label of ["rare", "a", "b"])
			expect(
				spread(
					tests.map((test) => test.filter((i) => labels[i] === label).length),
				),
			).toBeLessThanOrEqual(1);
	});

	test("groups stay together", () => {
		const folds = new select.GroupKFold({ nSplits: 4, shuffle: true, seed: 3 });
		for (const { train, test } of folds.split(groups)) {
			const held = new Set(test.map((i) => groups[i]));
			expect(train.some((i) => held.has(groups[i] as number))).toBe(false);
		}
	});

	test("repeated folds are all different", () => {
		const options = { nSplits: 3, nRepeats: 4, seed: 0 };
		const repeated = new select.RepeatedKFold(options);
		const tests = [...repeated.split(30)].map(({ test }) => test);
		expect([tests.length, repeated.count(30)]).toEqual([12, 12]);
		expect(new Set(tests.map(String)).size).toBe(12);
		for (let i = 0; i < 4; i++)
			expect(sorted(tests.slice(3 * i, 3 * i + 3).flat())).toEqual(range(30));
		const byClass = new select.RepeatedStratifiedKFold(options);
		expect([...byClass.split(labels)].length).toBe(12);
	});

	test("one is left out", () => {
		const splits = [...new select.LeaveOneOut().split(range(4))];
		expect(splits).toEqual([
			{ train: [1, 2, 3], test: [0] },
			{ train: [0, 2, 3], test: [1] },
			{ train: [0, 1, 3], test: [2] },
			{ train: [0, 1, 2], test: [3] },
		]);
	});
});

describe("trainTestSplit", () => {
	test.each([
		[{}, 75, 25],
		[{ testSize: 0.155 }, 84, 16],
		[{ trainSize: 0.155 }, 15, 85],
		[{ testSize: 10, trainSize: 20 }, 20, 10],
		[{ testSize: 0.5, shuffle: false }, 50, 50],
	])("%j of 100", (options, trainSize, testSize) => {
		const { train, test } = select.trainTestSplit(100, options);
		expect([train.length, test.length]).toEqual([trainSize, testSize]);
		expect(new Set([...train, ...test]).size).toBe(trainSize + testSize);
	});

	test("a seed repeats it; without shuffling the end is held out", () => {
		const split = (seed: number) => select.trainTestSplit(50, { seed });
		expect(split(4)).toEqual(split(4));
		expect(split(4)).not.toEqual(split(5));
		expect(select.trainTestSplit(5, { testSize: 2, shuffle: false })).toEqual({
			train: [0, 1, 2],
			test: [3, 4],
		});
	});

	test("classes keep their shares", () => {
		const labels = range(200).map((i) => (i < 20 ? 1 : i < 70 ? 2 : 0));
		const { train, test } = select.trainTestSplit(200, {
			testSize: 0.3,
			seed: 0,
			stratify: labels,
		});
		const counts = (part: number[]) =>
			[0, 1, 2].map((c) => part.filter((i) => labels[i] === c).length);
		expect([counts(train), counts(test)]).toEqual([
			[91, 14, 35],
			[39, 6, 15],
		]);
	});
});

describe("tests", () => {
	test.each(saved.t)("of paired scores", ({ a, b, plain, corrected }) => {
		const { statistic, pValue } = select.pairedTTest(a, b);
		expect(statistic).toBeCloseTo(plain[0], 10);
		expect(pValue).toBeCloseTo(plain[1], 10);
		const better = select.correctedTTest(a, b, { trainSize: 80, testSize: 20 });
		expect(better.statistic).toBeCloseTo(corrected[0], 10);
		expect(better.pValue).toBeCloseTo(corrected[1], 10);
	});

	test.each(saved.mcnemar)(
		"McNemar's of $first and $second",
		({ first, second, exact, statistic, chi2 }) => {
			const a = range(first + second + 5).map((i) =>
				i < first || i >= first + second ? "right" : "wrong",
			);
			const b = a.map((_, i) => (i >= first ? "right" : "wrong"));
			const target = a.map(() => "right");
			const ask = (exact: boolean) => select.mcNemar(a, b, target, { exact });
			expect(ask(true)).toMatchObject({ onlyFirst: first, onlySecond: second });
			expect(ask(true).pValue).toBeCloseTo(exact, 10);
			expect(ask(false).statistic).toBeCloseTo(statistic, 10);
			expect(ask(false).pValue).toBeCloseTo(chi2, 10);
			expect(select.mcNemar(a, b, target).pValue).toBeCloseTo(
				first + second < 25 ? exact : chi2,
				10,
			);
		},
	);

	test("equal scores do not differ, and always better ones surely do", () => {
		expect(select.pairedTTest([1, 2], [1, 2]).pValue).toBe(1);
		expect(select.pairedTTest([2, 3], [1, 2]).pValue).toBe(0);
	});
});

describe("cross-validation", () => {
	const values = range(20);
	const folds = new select.KFold({ nSplits: 4 });
	const meanOf = (list: Iterable<number>) => {
		const all = [...list];
		return all.reduce((sum, v) => sum + v, 0) / all.length;
	};
	const items = (part: torch.data.Subset<number>) =>
		range(part.length).map((i) => part.getItem(i) as number);
	/** The "model" is the mean of what it learns from. */
	const score = async ({ train, test }: torch.modelSelection.Fold<number>) => ({
		error: Math.abs(meanOf(items(train)) - meanOf(items(test))),
		size: train.length,
	});

	test("scores each split", async () => {
		const result = await select.crossValidate(values, folds, score);
		expect(result.scores).toEqual({
			error: [10, 10 / 3, 10 / 3, 10].map((v) => expect.closeTo(v, 10)),
			size: [15, 15, 15, 15],
		});
		expect(result).toMatchObject({
			mean: { error: expect.closeTo(20 / 3, 10), size: 15 },
			std: { error: expect.closeTo(3.849001794597505, 10), size: 0 },
			trainSize: 15,
			testSize: 5,
		});
	});

	test("by classes and groups", async () => {
		const by = values.map((i) => i % 2);
		const result = await select.crossValidate(
			values,
			new select.StratifiedKFold({ nSplits: 2 }),
			({ test }) => ({ odd: meanOf(items(test).map((v) => v % 2)) }),
			{ by },
		);
		expect(result.scores.odd).toEqual([0.5, 0.5]);
	});

	test("learning curves learn from more and more", async () => {
		const seen: number[][] = [];
		const curve = await select.learningCurve(
			values,
			folds,
			({ train, fold }) => {
				if (fold === 0) seen.push(items(train));
				return { size: train.length };
			},
			{ trainSizes: [0.2, 7, 1], seed: 0 },
		);
		expect(curve.trainSizes).toEqual([1, 3, 7]);
		expect(curve.results.map(({ mean }) => mean.size)).toEqual([1, 3, 7]);
		expect(seen[2]?.slice(0, 3)).toEqual(seen[1]);
		const whole = await select.learningCurve(values, folds, score);
		expect(whole.trainSizes).toEqual([1, 4, 8, 11, 15]);
	});

	test("a table of models, the best first", async () => {
		const noisy =
			(shift: number) =>
			({ fold }: { fold: number }) => ({
				accuracy: 0.8 + shift + fold * 0.01 * (shift > 0 ? 1 : 1.1),
			});
		const table = select.compare("accuracy", {
			weak: await select.crossValidate(values, folds, noisy(-0.1)),
			strong: await select.crossValidate(values, folds, noisy(0.1)),
		});
		expect(table.rows.map(({ name }) => name)).toEqual(["strong", "weak"]);
		expect(table.rows[0]).toMatchObject({ difference: 0, pValue: 1 });
		expect(table.rows[1]?.pValue).toBeLessThan(0.001);
		expect(String(table)).toBe(
			[
				"model   accuracy     std     min     max  difference        p",
				"strong    0.9150  0.0129  0.9000  0.9300      0.0000   1.0000",
				"weak      0.7165  0.0142  0.7000  0.7330     -0.1985  <0.0001",
			].join("\n"),
		);
	});
});

const refused: [call: () => unknown, message: string | RegExp][] = [
	[
		() => [...new select.KFold({ nSplits: 5 }).split(3)],
		"KFold: nSplits: expected at most as many as there are samples, 3, got 5",
	],
	[
		() => [...new select.KFold().split([])],
		"KFold: data: expected one or more samples, got 0",
	],
	[
		() => [...new select.KFold().split("x".length as never)],
		/nSplits: expected at most/,
	],
	[
		() => [...new select.KFold().split({} as never)],
		"KFold: data: expected number of samples or a dataset, got object",
	],
	[
		() => new select.KFold({ nSplits: 1 }),
		"KFold: nSplits: expected a number at least 2, got 1",
	],
	[
		() => new select.KFold({ seed: 1 }),
		"KFold: seed: it changes nothing without shuffle: true",
	],
	[
		() => [...new select.StratifiedKFold({ nSplits: 3 }).split([0, 0, 1, 1])],
		"StratifiedKFold: nSplits: expected at most as many as there are samples of the largest class, 2, got 3",
	],
	[
		() => [...new select.StratifiedKFold().split([0, Number.NaN, 1])],
		"StratifiedKFold: labels[1]: expected a label, got NaN",
	],
	[
		() => [...new select.GroupKFold({ nSplits: 3 }).split(["a", "a", "b"])],
		"GroupKFold: nSplits: expected at most as many as there are groups, 2, got 3",
	],
	[
		() => [...new select.LeaveOneOut().split(1)],
		"LeaveOneOut: data: expected two or more samples, got 1",
	],
	[
		() => select.trainTestSplit(0),
		"trainTestSplit: data: expected one or more samples, got 0",
	],
	[
		() => select.trainTestSplit(1),
		/^trainTestSplit: testSize, trainSize: 1 samples cannot be split into 0 and 1/,
	],
	[
		() => select.trainTestSplit(10, { testSize: 8, trainSize: 0.5 }),
		/^trainTestSplit: testSize, trainSize: 10 samples cannot be split into 5 and 8/,
	],
	[
		() => select.trainTestSplit(10, { testSize: 1.5 }),
		"trainTestSplit: testSize: expected a share between 0 and 1 or a number of samples, got 1.5",
	],
	[
		() => select.trainTestSplit(4, { stratify: [0, 0, 0, 1] }),
		"trainTestSplit: stratify: expected two or more samples of each class, and one class has 1",
	],
	[
		() => select.trainTestSplit(4, { stratify: [0, 1] }),
		"trainTestSplit: stratify: expected a class for each of 4 samples, got 2",
	],
	[
		() => select.pairedTTest([1], [2]),
		"pairedTTest: second: expected two or more scores on the same splits, got 1 and 1",
	],
	[
		() => select.pairedTTest([1, Number.NaN], [2, 3]),
		"pairedTTest: first[1]: expected number, got number NaN",
	],
	[
		() => select.mcNemar([1], [1, 2], [1, 2]),
		"mcNemar: first: expected a label for each of 2 targets, got 1",
	],
	[
		() => select.compare("accuracy", {}),
		"compare: results: expected one or more, got none",
	],
	[
		() => select.compare("f1", { a: { scores: {} } as never }),
		'compare: results.a: expected a result of crossValidate with the score "f1"',
	],
];

test.each(refused.map(([call, message]) => ({ message, call })))(
	"$message",
	({ call, message }) => {
		expect(call).toThrow(message);
	},
);

test("what a score throws is thrown on, and what it gives is checked", async () => {
	const folds = new select.KFold({ nSplits: 2 });
	const boom = new Error("boom");
	await expect(
		select.crossValidate([1, 2], folds, () => {
			throw boom;
		}),
	).rejects.toBe(boom);
	await expect(
		select.crossValidate([1, 2], folds, () => 3 as never),
	).rejects.toThrow(
		"crossValidate: score: expected function that gives numbers by name, got number 3",
	);
	await expect(
		select.crossValidate([1, 2, 3], folds, () => ({ a: 1 }), { by: [1, 2] }),
	).rejects.toThrow(
		"crossValidate: by: expected one for each of 3 samples, got 2",
	);
	await expect(
		select.learningCurve([1, 2, 3, 4], folds, () => ({ a: 1 }), {
			trainSizes: [3],
		}),
	).rejects.toThrow(
		"learningCurve: trainSizes[0]: expected a share up to 1, or a number of samples up to 2, got 3",
	);
});
