import {
	BatchSampler,
	RandomSampler,
	type Sampler,
	SequentialSampler,
	SubsetRandomSampler,
} from "../../lib/data/index.ts";
import { rand } from "../../lib/generated/functions.ts";
import { Generator } from "../../lib/generator.ts";
import { manualSeed } from "../../lib/index.ts";
import { readFixtures, type SamplerCase } from "./fixtures.ts";

const ten = { length: 10 };

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
