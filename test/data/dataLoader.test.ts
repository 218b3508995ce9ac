import { isAvailable } from "../../lib/cuda/index.ts";
import {
	DataLoader,
	Dataset,
	SubsetRandomSampler,
	sideBySide,
	TensorDataset,
} from "../../lib/data/index.ts";
import {
	arange,
	isPinned,
	rand,
	zeros,
} from "../../lib/generated/functions.ts";
import { Generator } from "../../lib/generator.ts";
import { manualSeed } from "../../lib/index.ts";
import { memoryUsage } from "../../lib/tensor/scope.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { type LoaderCase, readFixtures } from "./fixtures.ts";

async function collect<T>(batches: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const batch of batches) all.push(batch);
	return all;
}

/** Sample i is [i, a random number], as in scripts/fixtures/data.py. */
class Drawing extends Dataset<[number, number]> {
	readonly draws: number[] = [];
	readonly length: number;

	constructor(length: number) {
		super();
		this.length = length;
	}

	getItem(index: number): [number, number] {
		const value = rand([1]).item() as number;
		this.draws.push(value);
		return [index, value];
	}
}

const cases = readFixtures<LoaderCase>("loader.json");

test.each(cases)(
	"order and draws are PyTorch's: $length samples, $options, seed $seed, generator $generatorSeed",
	async (c) => {
		const dataset = new Drawing(c.length);
		const generator =
			c.generatorSeed === null
				? undefined
				: new Generator().manualSeed(c.generatorSeed);
		const loader = new DataLoader(dataset, { ...c.options, generator });
		manualSeed(c.seed);
		for (const epoch of c.epochs) {
			expect(loader.length).toBe(epoch.length);
			expect(
				(await collect(loader)).map(([indices]) => indices.tolist()),
			).toEqual(epoch);
		}
		for await (const [indices] of loader) {
			expect(indices.tolist()).toEqual(c.left);
			break; // an epoch that is left early
		}
		expect(dataset.draws).toEqual(c.draws);
		expect(rand([1]).item()).toBe(c.next);
		if (generator)
			expect(rand([1], { generator }).item()).toBe(c.generatorNext);
	},
);

test("the order does not depend on how a batch is made", async () => {
	const numbers = arange(23);
	class Slow extends Dataset<[Tensor]> {
		readonly length = 23;
		getItem(index: number): Promise<[Tensor]> {
			return Promise.resolve([numbers.select(0, index)]);
		}
	}
	class AtOnce extends Slow {
		override getItems(indices: readonly number[]): [Tensor][] {
			return indices.map((i) => [numbers.select(0, i)]);
		}
	}
	const orders = [];
	for (const dataset of [
		new TensorDataset(numbers),
		new Slow(),
		new AtOnce(),
	]) {
		manualSeed(4);
		const loader = new DataLoader<readonly [Tensor]>(
			dataset as Dataset<readonly [Tensor]>,
			{ batchSize: 5, shuffle: true },
		);
		orders.push((await collect(loader)).map(([batch]) => batch.tolist()));
	}
	expect(orders[0]?.flat().length).toBe(23);
	expect(orders[1]).toEqual(orders[0]);
	expect(orders[2]).toEqual(orders[0]);
});

test("samplers, batch samplers and collateFn", async () => {
	const letters = ["a", "b", "c", "d", "e"];
	expect(
		await collect(
			new DataLoader(letters, { sampler: [4, 0, 2], batchSize: 2 }),
		),
	).toEqual([["e", "a"], ["c"]]);
	expect(
		await collect(new DataLoader(letters, { batchSampler: [[1], [3, 2]] })),
	).toEqual([["b"], ["d", "c"]]);
	const joined = new DataLoader(letters, {
		batchSize: 3,
		collateFn: (samples) => samples.join(""),
	});
	expect(await collect(joined)).toEqual(["abc", "de"]);
	const later = new DataLoader(letters, {
		batchSize: 3,
		dropLast: true,
		collateFn: async (samples) => samples.length,
	});
	expect(await collect(later)).toEqual([3]);
	const single = new DataLoader(letters, {
		batchSize: null,
		collateFn: (sample) => sample.toUpperCase(),
	});
	expect([single.length, await collect(single)]).toEqual([
		5,
		["A", "B", "C", "D", "E"],
	]);
	const subset = new DataLoader(letters, {
		sampler: new SubsetRandomSampler([1, 3]),
		batchSize: 2,
	});
	expect([subset.length, (await collect(subset))[0]?.toSorted()]).toEqual([
		1,
		["b", "d"],
	]);
	expect(await collect(new DataLoader([]))).toEqual([]);
});

test("two epochs at once do not disturb each other", async () => {
	const loader = new DataLoader([1, 2, 3, 4], { batchSize: 2 });
	const [a, b] = await Promise.all([collect(loader), collect(loader)]);
	expect(a.map((t) => t.tolist())).toEqual([
		[1, 2],
		[3, 4],
	]);
	expect(b.map((t) => t.tolist())).toEqual([
		[1, 2],
		[3, 4],
	]);
});

test("a sample's error ends the epoch and reaches the loop", async () => {
	class Broken extends Drawing {
		override getItem(index: number): [number, number] {
			if (index === 5) throw new Error("sample 5 is broken");
			return super.getItem(index);
		}
	}
	const seen: number[] = [];
	const run = async () => {
		for await (const [indices] of new DataLoader(new Broken(9), {
			batchSize: 2,
		}))
			seen.push(indices.numel());
	};
	await expect(run()).rejects.toThrow("sample 5 is broken");
	expect(seen).toEqual([2, 2]);
});

test("the event loop runs between batches", async () => {
	let ticks = 0;
	const timer = setInterval(() => ticks++, 1);
	for await (const _ of new DataLoader(new TensorDataset(zeros([200, 2])), {
		batchSize: 1,
	})) {
		const until = performance.now() + 0.5;
		while (performance.now() < until); // a training step
	}
	clearInterval(timer);
	expect(ticks).toBeGreaterThan(20);
});

test("memory stays flat over many epochs, without dispose", async () => {
	const loader = new DataLoader(
		new TensorDataset(zeros([512, 16384]), arange(512)),
		{ batchSize: 64, shuffle: true },
	); // 4 MB a batch
	for await (const _ of loader);
	let most = 0;
	for (let epoch = 0; epoch < 40; epoch++) {
		for await (const _ of loader) most = Math.max(most, memoryUsage().bytes);
	}
	expect(most).toBeLessThan(400e6); // 1.3 GB went through
});

const wrong: [string, object, RegExp][] = [
	[
		"batchSize",
		{ batchSize: 0 },
		/^DataLoader: batchSize: expected a number at least 1, got 0/,
	],
	[
		"batchSize",
		{ batchSize: 1.5 },
		/^DataLoader: batchSize: expected integer, got number 1.5/,
	],
	[
		"shuffle",
		{ shuffle: 1 },
		/^DataLoader: shuffle: expected boolean, got number 1/,
	],
	[
		"sampler",
		{ shuffle: true, sampler: [1] },
		/^DataLoader: sampler: expected it without shuffle, got both/,
	],
	[
		"batchSampler",
		{ batchSampler: [[1]], batchSize: 2 },
		/^DataLoader: batchSampler: expected it without batchSize, got both/,
	],
	[
		"batchSampler",
		{ batchSampler: [[1]], dropLast: true },
		/^DataLoader: batchSampler: expected it without dropLast, got both/,
	],
	[
		"batchSize",
		{ batchSize: null, dropLast: true },
		/^DataLoader: batchSize: expected it without dropLast, got both/,
	],
	[
		"batch",
		{ batch: 3 },
		/^DataLoader: batch: unknown option; known are batchSize, shuffle, sampler/,
	],
	[
		"collateFn",
		{ collateFn: 3 },
		/^DataLoader: collateFn: expected function, got number 3/,
	],
	[
		"sampler",
		{ sampler: 3 },
		/^DataLoader: sampler: expected iterable, got number 3/,
	],
	[
		"numWorkers",
		{ numWorkers: -1 },
		/^DataLoader: numWorkers: expected a number from 0 to 256, got -1/,
	],
	[
		"prefetchFactor",
		{ prefetchFactor: 2 },
		/^DataLoader: prefetchFactor: expected none without workers: set numWorkers/,
	],
	[
		"prefetchFactor",
		{ numWorkers: 1, prefetchFactor: 0 },
		/^DataLoader: prefetchFactor: expected a number at least 1, got 0/,
	],
	[
		"persistentWorkers",
		{ persistentWorkers: true },
		/^DataLoader: persistentWorkers: expected none without workers/,
	],
	[
		"workerInitFn",
		{ workerInitFn() {} },
		/^DataLoader: workerInitFn: expected none without workers/,
	],
	[
		"workerInitFn",
		{ numWorkers: 1, workerInitFn: 3 },
		/^DataLoader: workerInitFn: expected function, got number 3/,
	],
	[
		"timeout",
		{ timeout: -1 },
		/^DataLoader: timeout: expected a number from 0 to 2147483.648, got -1/,
	],
	[
		"signal",
		{ signal: {} },
		/^DataLoader: signal: expected AbortSignal, got object/,
	],
	[
		"onError",
		{ onError: "ignore" },
		/^DataLoader: onError: expected one of "throw", "skip", got string "ignore"/,
	],
	[
		"generator",
		{ generator: 3 },
		/^DataLoader: generator: expected Generator, got number 3/,
	],
];

test.each(wrong)("refuses a wrong %s by name (%#)", (_, options, message) => {
	expect(() => new DataLoader([1, 2], options)).toThrow(message);
});

const ofStream: [string, object][] = [
	["shuffle", { shuffle: true }],
	["sampler", { sampler: [1] }],
	["batchSampler", { batchSampler: [[1]] }],
];

test.each(ofStream)("refuses %s for a stream", (name, options) => {
	expect(() => new DataLoader(new Set([1, 2]), options)).toThrow(
		`DataLoader: ${name}: expected none: the samples of a stream have no index`,
	);
});

const withCuda = isAvailable() ? test : test.skip;
const withoutCuda = isAvailable() ? test.skip : test;

withoutCuda("pinned memory without CUDA is refused", () => {
	expect(() => new DataLoader([1], { pinMemory: true })).toThrow(
		"DataLoader: pinMemory: expected false: pinned memory needs CUDA, which is not available here",
	);
});

withCuda("batches come in pinned memory", async () => {
	const samples = [{ x: arange(3), y: [1, "a"] as [number, string] }];
	const loader = new DataLoader(samples, { pinMemory: true });
	const [batch] = await collect(loader);
	expect(batch?.x.tolist()).toEqual([[0, 1, 2]]);
	expect(batch?.y[1]).toEqual(["a"]);
	expect([batch?.x, batch?.y[0]].map((x) => isPinned(x as Tensor))).toEqual([
		true,
		true,
	]);
});

test("streams: batches, the last one, single samples, and how many", async () => {
	async function* letters() {
		yield* ["a", "b", "c", "d", "e"];
	}
	const stream = { length: 5, [Symbol.asyncIterator]: letters };
	const run = async (options: object) => {
		const loader = new DataLoader(stream, options);
		return [loader.length, await collect(loader)];
	};
	expect(await run({ batchSize: 2 })).toEqual([
		3,
		[["a", "b"], ["c", "d"], ["e"]],
	]);
	expect(await run({ batchSize: 2, dropLast: true })).toEqual([
		2,
		[
			["a", "b"],
			["c", "d"],
		],
	]);
	expect(
		await run({ batchSize: null, collateFn: (s: string) => s + s }),
	).toEqual([5, ["aa", "bb", "cc", "dd", "ee"]]);
	expect(new DataLoader(new Set([1, 2])).length).toBeNaN();
});

test("a stream that is left is closed", async () => {
	const events: string[] = [];
	async function* numbers() {
		try {
			for (let i = 0; ; i++) yield i;
		} finally {
			events.push("closed");
		}
	}
	const stream = { [Symbol.asyncIterator]: numbers };
	for await (const batch of new DataLoader(stream, { batchSize: 3 })) {
		events.push(batch.tolist() as never);
		if (events.length === 2) break;
	}
	expect(events).toEqual([[0, 1, 2], [3, 4, 5], "closed"]);
	async function* broken() {
		yield 1;
		throw new Error("the line is cut");
	}
	const run = () => collect(new DataLoader({ [Symbol.asyncIterator]: broken }));
	await expect(run()).rejects.toThrow("DataLoader: a stream: the line is cut");
});

test("samples that take their time are loaded one after the other", async () => {
	let running = 0;
	let most = 0;
	class Slow extends Dataset<number> {
		readonly length = 6;
		async getItem(index: number): Promise<number> {
			most = Math.max(most, ++running);
			await new Promise((resolve) => setTimeout(resolve, 3));
			running--;
			return index;
		}
	}
	const batches = await collect(new DataLoader(new Slow(), { batchSize: 3 }));
	expect(batches.map((batch) => batch.tolist())).toEqual([
		[0, 1, 2],
		[3, 4, 5],
	]);
	expect(most).toBe(1);
});

test("sideBySide loads a few at a time, finishes in order, and names what fails", async () => {
	let running = 0;
	let most = 0;
	const finished: number[] = [];
	const load = async (index: number) => {
		most = Math.max(most, ++running);
		await new Promise((resolve) => setTimeout(resolve, 12 - 2 * index));
		running--;
		if (index === 4) throw new Error("a torn page");
		return index;
	};
	const finish = (raw: number, index: number) => {
		finished.push(raw);
		return [raw, index];
	};
	class Pages extends Dataset<number[]> {
		readonly length = 6;
		async getItem(index: number) {
			return finish(await load(index), index);
		}
		override getItems(indices: readonly number[]) {
			return sideBySide(indices, load, finish);
		}
	}
	const run = (options: object) =>
		collect(new DataLoader(new Pages(), options));
	await run({ batchSize: 6, sampler: [3, 0, 5, 1, 2] });
	expect(finished).toEqual([3, 0, 5, 1, 2]);
	expect(most).toBe(4);
	await expect(run({ batchSize: 3 })).rejects.toMatchObject({
		message: "DataLoader: sample 4: a torn page",
		index: 4,
		cause: { message: "a torn page" },
	});
	const single = new DataLoader(new Pages(), { onError: "skip" });
	expect(await collect(single)).toHaveLength(5);
	expect(single.skipped.map(({ index }) => index)).toEqual([4]);
	const [, second] = await run({ batchSize: 3, onError: "skip" });
	expect(second?.map((part) => (part as Tensor).tolist())).toEqual([
		[3, 5],
		[3, 5],
	]);
});

test("states of other loaders are refused", () => {
	const loader = new DataLoader([1, 2, 3]);
	expect(() => loader.loadStateDict({} as never)).toThrow(
		"loadStateDict: state: expected what DataLoader.stateDict gives",
	);
	const state = { ...loader.stateDict(), batches: 1, workers: [] };
	const other = new DataLoader([1, 2, 3], { numWorkers: 2 });
	expect(() => other.loadStateDict(state)).toThrow(
		"loadStateDict: state: expected the state of a loader with 2 workers",
	);
	expect(loader.stateDict()).toMatchObject({ batches: 0 });
});

test("refuses what is no dataset", () => {
	expect(() => new DataLoader(null as never)).toThrow(
		/^DataLoader: dataset: expected a Dataset/,
	);
	expect(() => new DataLoader([], { shuffle: true })).toThrow(
		/^RandomSampler: numSamples: expected a number at least 1, got 0/,
	);
});
