import {
	BatchSampler,
	ClassBalancedSampler,
	DistributedSampler,
	GroupedBatchSampler,
	RandomSampler,
	type Sampler,
	SequentialSampler,
	StratifiedSampler,
	SubsetRandomSampler,
	WeightedRandomSampler,
} from "../../lib/data/index.ts";
import { rand } from "../../lib/generated/functions.ts";
import { Generator } from "../../lib/generator.ts";
import { manualSeed, tensor } from "../../lib/index.ts";
import { readFixtures, type SamplerCase } from "./fixtures.ts";

const ten = { length: 10 };
const weights = [0.5, 3, 1, 0, 2, 7.25, 0.125, 1, 1, 4];

const samplers: Record<
	string,
	(generator: Generator | undefined) => Sampler<unknown>
> = {
	RandomSampler: (generator) => new RandomSampler(ten, { generator }),
	replacement: (generator) =>
		new RandomSampler(ten, { replacement: true, generator }),
	replacement70: (generator) =>
		new RandomSampler(ten, { replacement: true, numSamples: 70, generator }),
	numSamples25: (generator) =>
		new RandomSampler(ten, { numSamples: 25, generator }),
	numSamples20: (generator) =>
		new RandomSampler(ten, { numSamples: 20, generator }),
	SubsetRandomSampler: (generator) =>
		new SubsetRandomSampler([3, 1, 4, 15, 9, 2, 6], { generator }),
	BatchSampler: (generator) =>
		new BatchSampler(new RandomSampler(ten, { generator }), 4, false),
	BatchSamplerDropLast: (generator) =>
		new BatchSampler(new RandomSampler(ten, { generator }), 5, true),
	weighted: (generator) =>
		new WeightedRandomSampler(weights, 12, { generator }),
	weightedOnce: (generator) =>
		new WeightedRandomSampler(weights, 6, { replacement: false, generator }),
	distributed: () =>
		new DistributedSampler(ten, { numReplicas: 4, rank: 1, seed: 3 }),
	distributedDropLast: () =>
		new DistributedSampler(ten, {
			numReplicas: 4,
			rank: 3,
			seed: 3,
			dropLast: true,
		}),
	distributedInOrder: () =>
		new DistributedSampler(
			{ length: 3 },
			{ numReplicas: 5, rank: 4, shuffle: false },
		),
};

const cases = readFixtures<SamplerCase>("samplers.json");

test.each(cases)(
	"$name draws as PyTorch does, generator $generatorSeed",
	({ name, generatorSeed, length, epochs, next, generatorNext }) => {
		const generator =
			generatorSeed === null
				? undefined
				: new Generator().manualSeed(generatorSeed);
		manualSeed(9);
		const sampler = (samplers[name] as (typeof samplers)[string])(generator);
		expect(sampler.length).toBe(length);
		expect([[...sampler], [...sampler]]).toEqual(epochs);
		expect(rand([1]).item()).toBe(next);
		if (generator) expect(rand([1], { generator }).item()).toBe(generatorNext);
	},
);

test("SequentialSampler counts, BatchSampler takes any iterable", () => {
	expect([...new SequentialSampler({ length: 3 })]).toEqual([0, 1, 2]);
	const batches = new BatchSampler(new Set([5, 6, 7]), 2, false);
	expect([...batches]).toEqual([[5, 6], [7]]);
	expect(batches.length).toBeNaN();
	expect(new BatchSampler([1, 2, 3], 2, true).length).toBe(1);
});

test("wrong arguments are refused by name", () => {
	expect(() => new RandomSampler({ length: 0 })).toThrow(
		"RandomSampler: numSamples: expected a number at least 1, got 0",
	);
	expect(() => new RandomSampler(ten, { replacement: 1 as never })).toThrow(
		"RandomSampler: replacement: expected boolean, got number 1",
	);
	expect(() => new RandomSampler(ten, { count: 3 } as never)).toThrow(
		"RandomSampler: count: unknown option",
	);
	expect(() => new BatchSampler([1], 0, false)).toThrow(
		"BatchSampler: batchSize: expected a number at least 1, got 0",
	);
	expect(() => new BatchSampler([1], 1, null as never)).toThrow(
		"BatchSampler: dropLast: expected boolean, got null",
	);
});

/** 90 samples of class 0, 9 of class 1, one of class 2. */
const skewed = [...Array(90).fill(0), ...Array(9).fill(1), 2];

test("ClassBalancedSampler draws classes equally often, or nearer to that", () => {
	manualSeed(0);
	const count = (options: object) => {
		const sampler = new ClassBalancedSampler(skewed, {
			numSamples: 6000,
			...options,
		});
		const counts = [0, 0, 0];
		for (const i of sampler) {
			const c = skewed[i] as number;
			counts[c] = (counts[c] as number) + 1;
		}
		return counts;
	};
	// five standard deviations around what is expected
	for (const n of count({})) expect(Math.abs(n - 2000)).toBeLessThan(183);
	const roots = [Math.sqrt(90), 3, 1].map((root) => root / (3 + 1 + 9.4868));
	for (const [c, n] of count({ strength: 0.5 }).entries()) {
		expect(Math.abs(n - 6000 * (roots[c] as number))).toBeLessThan(183);
	}
	expect(count({ strength: 0 })[2]).toBeLessThan(100);
	expect(new ClassBalancedSampler(tensor([4, 4, 7])).weights.tolist()).toEqual([
		0.5, 0.5, 1,
	]);
	expect(new ClassBalancedSampler(["a", "b"]).length).toBe(2);
});

test("StratifiedSampler spreads classes evenly, each sample once, anew each epoch", () => {
	manualSeed(1);
	const sampler = new StratifiedSampler(tensor(skewed));
	const [one, two] = [[...sampler], [...sampler]];
	expect(one).not.toEqual(two);
	const all = [...Array(100).keys()];
	for (const order of [one, two]) {
		expect(order.toSorted((a, b) => a - b)).toEqual(all);
		for (const size of [7, 20, 50]) {
			for (let begin = 0; begin + size <= 100; begin++) {
				const part = order.slice(begin, begin + size);
				for (const [c, fraction] of [0.9, 0.09, 0.01].entries()) {
					const found = part.filter((i) => skewed[i] === c).length;
					expect(Math.abs(found - fraction * size)).toBeLessThanOrEqual(2);
				}
			}
		}
	}
	const seeded = () =>
		new StratifiedSampler(skewed, { generator: new Generator().manualSeed(3) });
	expect([...seeded()]).toEqual([...seeded()]);
});

test("GroupedBatchSampler keeps groups apart and the order within them", () => {
	const order = [3, 0, 7, 5, 1, 4, 2, 6];
	const sampler = { length: 8, [Symbol.iterator]: () => order.values() };
	const groups = ["a", "a", "b", "b", "b", "a", "b", "a"];
	expect([...new GroupedBatchSampler(sampler, groups, 2, false)]).toEqual([
		[0, 7],
		[5, 1],
		[3, 4],
		[2, 6],
	]);
	expect([...new GroupedBatchSampler(sampler, groups, 3, false)]).toEqual([
		[0, 7, 5],
		[3, 4, 2],
		[1],
		[6],
	]);
	expect([...new GroupedBatchSampler(sampler, groups, 3, true)]).toHaveLength(
		2,
	);
	expect(() => [
		...new GroupedBatchSampler(sampler, groups.slice(1), 3, true),
	]).toThrow(
		"GroupedBatchSampler: groups: expected one for each sample, got 7 and sample 7",
	);
});

test("DistributedSampler shares out all samples, in a new order each epoch", () => {
	const share = (rank: number, epoch: number) => {
		const sampler = new DistributedSampler(ten, { numReplicas: 4, rank });
		sampler.setEpoch(epoch);
		return [...sampler];
	};
	const shares = [0, 1, 2, 3].map((rank) => share(rank, 1));
	expect(shares.map(({ length }) => length)).toEqual([3, 3, 3, 3]);
	expect(new Set(shares.flat()).size).toBe(10);
	expect(share(0, 2)).not.toEqual(share(0, 1));
	expect(new DistributedSampler([], { numReplicas: 2, rank: 0 }).length).toBe(
		0,
	);
});

const wrongOnes: [() => unknown, string][] = [
	[
		() => new WeightedRandomSampler([1, 2], 3, { replacement: false }),
		"WeightedRandomSampler: numSamples: expected at most 2 without replacement, got 3",
	],
	[
		() => new WeightedRandomSampler(tensor([[1, 2]]), 3),
		"WeightedRandomSampler: weights: expected one dimension, got [1,2]",
	],
	[
		() => [...new WeightedRandomSampler([1, -2], 3)],
		"multinomial: invalid multinomial distribution (encountering probability entry < 0)",
	],
	[
		() => new ClassBalancedSampler([]),
		"ClassBalancedSampler: labels: expected a label (number or string) for each of one or more samples, got []",
	],
	[
		() => new StratifiedSampler([{}] as never),
		"StratifiedSampler: labels: expected a label (number or string) for each of one or more samples, got object",
	],
	[
		() => new DistributedSampler(ten, { numReplicas: 2, rank: 2 }),
		"DistributedSampler: rank: expected a number from 0 to 1, got 2",
	],
];

test.each(wrongOnes)("refuses what cannot be (%#)", (make, message) => {
	expect(make).toThrow(message);
});
