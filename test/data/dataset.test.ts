import {
	ChainDataset,
	ConcatDataset,
	Dataset,
	importable,
	randomSplit,
	StackDataset,
	Subset,
	shareMemory,
	TensorDataset,
} from "../../lib/data/index.ts";
import { arange, rand, zeros } from "../../lib/generated/functions.ts";
import { Generator } from "../../lib/generator.ts";
import { manualSeed } from "../../lib/index.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { readFixtures, type SplitCase } from "./fixtures.ts";

const x = arange(12).reshape([4, 3]);
const y = arange(4).mul(10);

test("TensorDataset gives rows, and batches of rows", () => {
	const data = new TensorDataset(x, y);
	expect(data.length).toBe(4);
	const [row, target] = data.getItem(2);
	expect([row.tolist(), target.item()]).toEqual([[6, 7, 8], 20]);
	expect(data.getBatch([3, 0]).map((t) => t.tolist())).toEqual([
		[
			[9, 10, 11],
			[0, 1, 2],
		],
		[30, 0],
	]);
});

test("TensorDataset refuses tensors of different sizes", () => {
	expect(() => new TensorDataset(x, zeros([5]))).toThrow(
		"TensorDataset: tensors: expected one or more of the same first size, got [[4,3], [5]]",
	);
	expect(() => new TensorDataset(zeros([]))).toThrow(
		"TensorDataset: tensors: expected one or more of the same first size, got [[]]",
	);
	expect(() => new TensorDataset()).toThrow(
		/^TensorDataset: tensors: expected one or more/,
	);
});

test("Subset maps indices, of samples and of batches, also of a subset", () => {
	const part = new Subset(
		new Subset(new TensorDataset(x, y), [3, 2, 1]),
		[2, 0],
	);
	expect(part.length).toBe(2);
	expect((part.getItem(1) as Tensor[]).map((t) => t.tolist())).toEqual([
		[9, 10, 11],
		30,
	]);
	expect(part.getBatch?.([1, 0])[1].tolist()).toEqual([30, 10]);
	expect(new Subset(["a", "b", "c"], [2]).getItem(0)).toBe("c");
	expect(new Subset(["a"], [0]).getBatch).toBeUndefined();
});

test("Subset takes several samples at once where its dataset does", () => {
	const asked: (readonly number[])[] = [];
	class Whole extends Dataset<number> {
		readonly length = 5;
		getItem(i: number): number {
			return i;
		}
		override getItems(indices: readonly number[]): number[] {
			asked.push(indices);
			return [...indices];
		}
	}
	expect(new Subset(new Whole(), [4, 3, 0]).getItems?.([2, 0])).toEqual([0, 4]);
	expect(asked).toEqual([[0, 4]]);
});

test("Subset refuses indices that there are not", () => {
	for (const index of [4, -1, 0.5]) {
		expect(() => new Subset(new TensorDataset(x), [0, index])).toThrow(
			`Subset: indices: expected integers from 0 to 3, got ${index} at 1`,
		);
	}
	expect(() => new Subset({} as never, [])).toThrow(
		/^Subset: dataset: expected a Dataset \(length and getItem\) or an array/,
	);
});

test("ConcatDataset goes through its datasets", () => {
	const all = new ConcatDataset([["a", "b"], [], ["c"]]);
	expect([all.length, all.cumulativeSizes]).toEqual([3, [2, 2, 3]]);
	expect([0, 1, 2].map((i) => all.getItem(i))).toEqual(["a", "b", "c"]);
	for (const index of [3, -1, 0.5]) {
		expect(() => all.getItem(index)).toThrow(
			`ConcatDataset: index: expected an integer from 0 to 2, got ${index}`,
		);
	}
	expect(() => new ConcatDataset([])).toThrow(
		"ConcatDataset: datasets: expected one or more, got none",
	);
});

test("StackDataset puts samples side by side, in an array or by name", async () => {
	const data = new TensorDataset(y);
	class Slow extends Dataset<string> {
		readonly length = 4;
		getItem(i: number): Promise<string> {
			return Promise.resolve("abcd"[i] as string);
		}
	}
	const pairs = new StackDataset([["a", "b", "c", "d"], data]);
	expect(pairs.length).toBe(4);
	const [letter, [value]] = pairs.getItem(2) as [string, [Tensor]];
	expect([letter, value.item()]).toEqual(["c", 20]);
	const records = new StackDataset({
		letter: new Slow(),
		number: [1, 2, 3, 4],
	});
	expect(await records.getItem(3)).toEqual({ letter: "d", number: 4 });
	expect(await records.getItems([1, 0])).toEqual([
		{ letter: "b", number: 2 },
		{ letter: "a", number: 1 },
	]);
	expect(() => new StackDataset([[1], [1, 2]])).toThrow(
		"StackDataset: datasets: expected one or more of the same length, got [1, 2]",
	);
});

test("ChainDataset goes through its streams", async () => {
	const all = [];
	for await (const x of new ChainDataset([new Set([1, 2]), new Set([3])]))
		all.push(x);
	expect(all).toEqual([1, 2, 3]);
	expect(() => new ChainDataset([3 as never])).toThrow(
		"ChainDataset: datasets: expected iterables, got number at 0",
	);
});

test("importable wants names, shareMemory dense tensors", () => {
	expect(() => importable("here", () => 1)).toThrow(
		"importable: exported: expected a function with the name under which it is exported",
	);
	expect(() => importable(3 as never, Dataset)).toThrow(
		"importable: module: expected string, got number 3",
	);
	expect(() => shareMemory(x.toSparse())).toThrow(
		"shareMemory: x: expected a dense tensor on the CPU, got sparse_coo on cpu",
	);
	const shared = shareMemory(x.t());
	expect([shared.tolist(), shared.dtype]).toEqual([x.t().tolist(), x.dtype]);
});

const splits = readFixtures<SplitCase>("split.json");

test.each(splits)(
	"randomSplit draws as PyTorch does: $lengths of $length, generator $generatorSeed",
	({ length, lengths, generatorSeed, indices, next }) => {
		manualSeed(1);
		const samples = Array.from({ length }, (_, i) => i);
		const generator =
			generatorSeed === null
				? undefined
				: new Generator().manualSeed(generatorSeed);
		const parts = randomSplit(samples, lengths, { generator });
		expect(parts.map((part) => part.indices)).toEqual(indices);
		expect(rand([1]).item()).toBe(next);
	},
);

test("randomSplit refuses lengths that do not fit", () => {
	const samples = [1, 2, 3];
	expect(() => randomSplit(samples, [1, 1])).toThrow(
		"randomSplit: lengths: expected integers that sum up to 3, the dataset's length, or fractions that sum up to 1, got [1, 1]",
	);
	expect(() => randomSplit(samples, [1.5, 1.5])).toThrow(
		/^randomSplit: lengths: expected integers/,
	);
	expect(() => randomSplit(samples, [4, -1])).toThrow(
		"randomSplit: lengths[1]: expected a number at least 0, got -1",
	);
	expect(() => randomSplit(samples, [3], { seed: 1 } as never)).toThrow(
		"randomSplit: seed: unknown option; known are generator",
	);
});
