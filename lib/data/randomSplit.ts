import * as check from "../check.ts";
import { randperm } from "../generated/functions.ts";
import type { Generator } from "../generator.ts";
import { type DatasetLike, Subset, toDataset } from "./dataset.ts";

export interface RandomSplitOptions {
	/** Where the permutation is drawn; default: the default generator. */
	generator?: Generator | undefined;
}

/**
 * Splits a dataset at random into parts that do not overlap. `lengths` are numbers of samples that sum up to the dataset's
 * length, or fractions that sum up to 1: then each part has floor(fraction × length) samples, and those that are left go to the
 * parts in turn.
 *
 * ```ts
 * const [train, test] = randomSplit(dataset, [0.8, 0.2], { generator: new torch.Generator().manualSeed(42) });
 * ```
 *
 * @throws TorchError when the lengths do not fit
 */
export function randomSplit<Sample, const Lengths extends readonly number[]>(
	dataset: DatasetLike<Sample>,
	lengths: Lengths,
	options: RandomSplitOptions = {},
): { -readonly [I in keyof Lengths]: Subset<Sample> } {
	const op = "randomSplit";
	check.options(op, options, ["generator"]);
	const whole = toDataset(op, dataset);
	const sizes = sizesOf(op, whole.length, lengths);
	const order = randperm(whole.length, {
		generator: options.generator ?? null,
	}).tolist() as number[];
	let end = 0;
	return sizes.map((size) => {
		end += size;
		return new Subset(whole, order.slice(end - size, end));
	}) as { -readonly [I in keyof Lengths]: Subset<Sample> };
}

function sizesOf(
	op: string,
	length: number,
	lengths: readonly number[],
): readonly number[] {
	lengths.forEach((part, i) => {
		check.number(op, `lengths[${i}]`, part, { min: 0 });
	});
	const sum = lengths.reduce((total, part) => total + part, 0);
	if (sum <= 1 && sum > 1 - 1e-9) {
		const sizes = lengths.map((fraction) => Math.floor(length * fraction));
		let rest = length - sizes.reduce((total, size) => total + size, 0);
		for (let i = 0; rest > 0; i = (i + 1) % sizes.length, rest--) {
			sizes[i] = (sizes[i] as number) + 1;
		}
		return sizes;
	}
	if (sum !== length || !lengths.every(Number.isInteger)) {
		throw check.invalidValue(
			op,
			"lengths",
			`expected integers that sum up to ${length}, the dataset's length, or fractions that sum up to 1, got [${lengths.join(", ")}]`,
		);
	}
	return lengths;
}
