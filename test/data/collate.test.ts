import { defaultCollate } from "../../lib/data/index.ts";
import { ones, zeros } from "../../lib/generated/functions.ts";
import { TorchError } from "../../lib/index.ts";

test("tensors, numbers, booleans, strings and typed arrays", () => {
	const batch = defaultCollate([zeros([2, 3]), ones([2, 3])]);
	expect([batch.shape, batch.sum([1, 2]).tolist()]).toEqual([
		[2, 2, 3],
		[0, 6],
	]);
	const integers = defaultCollate([1, 2n, -3]);
	expect([integers.dtype, integers.tolist()]).toEqual(["int64", [1, 2, -3]]);
	const big = defaultCollate([2n ** 60n]);
	expect(big.tolist()).toEqual([2n ** 60n]);
	const numbers = defaultCollate([0.1, 2]);
	expect([numbers.dtype, numbers.tolist()]).toEqual(["float64", [0.1, 2]]);
	const booleans = defaultCollate([true, false]);
	expect([booleans.dtype, booleans.tolist()]).toEqual(["bool", [true, false]]);
	expect(defaultCollate(["a", "b"])).toEqual(["a", "b"]);
	const arrays = defaultCollate([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
	expect([arrays.dtype, arrays.tolist()]).toEqual([
		"uint8",
		[
			[1, 2],
			[3, 4],
		],
	]);
});

test("arrays and objects, to any depth", () => {
	const sample = (i: number) => ({
		name: `s${i}`,
		parts: [i, [zeros([i === 0 ? 2 : 2]), i / 2]] as [
			number,
			[ReturnType<typeof zeros>, number],
		],
	});
	const { name, parts } = defaultCollate([sample(0), sample(1)]);
	expect(name).toEqual(["s0", "s1"]);
	expect(parts[0].tolist()).toEqual([0, 1]);
	expect(parts[1][0].shape).toEqual([2, 2]);
	expect(parts[1][1].tolist()).toEqual([0, 0.5]);
});

const wrong: [string, unknown[], RegExp][] = [
	["nothing", [], /^defaultCollate: samples: expected at least one, got none/],
	[
		"null",
		[null],
		/^defaultCollate: samples: expected tensors, typed arrays, .*, got null; pass a collateFn/,
	],
	[
		"an instance",
		[{ when: new Date() }],
		/^defaultCollate: samples\.when: .*, got Date/,
	],
	[
		"a missing key",
		[{ a: 1 }, { b: 1 }],
		/^defaultCollate: samples\.a: expected a number in every sample, as in the first, got undefined in sample 1 of the batch/,
	],
	[
		"arrays of two lengths",
		[[[1, 2]], [[1]]],
		/^defaultCollate: samples\[0\]: expected an array of 2 in every sample, as in the first, got an array of 1 in sample 1/,
	],
	[
		"two kinds",
		[
			[1, zeros([1])],
			[1, 2],
		],
		/^defaultCollate: samples\[1\]: expected a tensor in every sample, as in the first, got a number in sample 1/,
	],
	[
		"two shapes",
		[zeros([1]), zeros([2])],
		/stack expects each tensor to be equal size, but got \[1\] at entry 0 and \[2\] at entry 1/,
	],
];

test.each(wrong)("refuses %s", (_, samples, message) => {
	expect(() => defaultCollate(samples)).toThrow(TorchError);
	expect(() => defaultCollate(samples)).toThrow(message);
});
