import * as check from "../check.ts";
import { flag, settings, unchecked, whole } from "../nn/settings.ts";
import {
	type Count,
	checkFolds,
	countOf,
	type Labels,
	membersOf,
	permuter,
	range,
	type ShuffleOptions,
	type Split,
	Splitter,
	splitOf,
} from "./splitter.ts";

export interface KFoldOptions extends ShuffleOptions {
	/** Default 5. */
	nSplits?: number | undefined;
}

/** Splits that hold out each of `nSplits` parts once. */
abstract class Folds<Input> extends Splitter<Input> {
	readonly nSplits: number;
	readonly shuffle: boolean;
	readonly seed: number | undefined;

	constructor(op: string, options: KFoldOptions) {
		super();
		const { nSplits, shuffle, seed } = settings(op, options, {
			nSplits: whole(5, { min: 2 }),
			shuffle: flag(false),
			seed: unchecked<number | undefined>(undefined),
		});
		if (seed !== undefined) {
			check.integer(op, "seed", seed);
			if (!shuffle)
				throw check.invalidValue(
					op,
					"seed",
					"it changes nothing without shuffle: true",
				);
		}
		this.nSplits = nSplits;
		this.shuffle = shuffle;
		this.seed = seed;
	}

	override count(_data?: Input): number {
		return this.nSplits;
	}

	/** The parts, and how many samples there are. */
	protected abstract parts(data: Input): { count: number; parts: number[][] };

	override *split(data: Input): Generator<Split> {
		const { count, parts } = this.parts(data);
		for (const part of parts) yield splitOf(count, part);
	}

	/** The values, shuffled if that is asked for. */
	protected shuffler(): (values: readonly number[]) => readonly number[] {
		return this.shuffle ? permuter(this.op, this.seed) : (values) => values;
	}
}

/**
 * Parts of equal size (up to one), each held out once.
 *
 * ```ts
 * for (const { train, test } of new select.KFold({ nSplits: 5, shuffle: true, seed: 0 }).split(dataset)) {
 *   const [trainSet, testSet] = [new data.Subset(dataset, train), new data.Subset(dataset, test)];
 * }
 * ```
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.KFold.html
 */
export class KFold extends Folds<Count> {
	constructor(options: KFoldOptions = {}) {
		super("KFold", options);
	}

	protected override parts(data: Count) {
		const count = countOf(this.op, data);
		checkFolds(this.op, this.nSplits, count, "samples");
		return { count, parts: cut(this.shuffler()(range(count)), this.nSplits) };
	}
}

/** Equal parts in order; the first ones have one more where it does not come out even. */
function cut(order: readonly number[], parts: number): number[][] {
	let end = 0;
	return range(parts).map((i) => {
		const start = end;
		end +=
			Math.floor(order.length / parts) + (i < order.length % parts ? 1 : 0);
		return order.slice(start, end);
	});
}

/**
 * As `KFold`, and each part has of every class the same share (up to one sample). `split` takes the samples' classes.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.StratifiedKFold.html
 */
export class StratifiedKFold extends Folds<Labels> {
	constructor(options: KFoldOptions = {}) {
		super("StratifiedKFold", options);
	}

	protected override parts(labels: Labels) {
		const { op, nSplits } = this;
		const { count, members } = membersOf(op, "labels", labels);
		checkFolds(op, nSplits, count, "samples");
		checkFolds(
			op,
			nSplits,
			Math.max(...members.map(({ length }) => length)),
			"samples of the largest class",
		);
		const shuffled = this.shuffler();
		const parts: number[][] = range(nSplits).map(() => []);
		let dealt = 0; // samples in the order of their classes, dealt to the parts in turn
		for (const own of members) {
			const shares = range(nSplits).map(() => 0);
			for (let i = 0; i < own.length; i++)
				(shares[(dealt + i) % nSplits] as number)++;
			dealt += own.length;
			const homes = shuffled(
				shares.flatMap((share, part) => new Array<number>(share).fill(part)),
			);
			for (const [i, sample] of own.entries())
				parts[homes[i] as number]?.push(sample);
		}
		return { count, parts };
	}
}

/**
 * As `KFold`, but a group's samples are never on both sides: all images of a patient, all days of a shop. `split` takes the samples'
 * groups. The largest groups are dealt out first, each to the smallest part.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.GroupKFold.html
 */
export class GroupKFold extends Folds<Labels> {
	constructor(options: KFoldOptions = {}) {
		super("GroupKFold", options);
	}

	protected override parts(groups: Labels) {
		const { op, nSplits } = this;
		const { count, members } = membersOf(op, "groups", groups);
		checkFolds(op, nSplits, members.length, "groups");
		const order = this.shuffler()(range(members.length))
			.map((i) => members[i] as number[])
			.sort((a, b) => a.length - b.length)
			.reverse();
		const parts: number[][] = range(nSplits).map(() => []);
		for (const own of order) {
			const smallest = parts.reduce((best, part) =>
				part.length < best.length ? part : best,
			);
			smallest.push(...own);
		}
		return { count, parts };
	}
}

/** Holds out each sample once, by itself: as many splits as samples. */
export class LeaveOneOut extends Splitter<Count> {
	override count(data: Count): number {
		return countOf(this.op, data);
	}

	override *split(data: Count): Generator<Split> {
		const count = countOf(this.op, data);
		if (count < 2)
			throw check.invalidValue(
				this.op,
				"data",
				"expected two or more samples, got 1",
			);
		for (let i = 0; i < count; i++) yield splitOf(count, [i]);
	}
}

export interface RepeatedOptions {
	/** Default 5. */
	nSplits?: number | undefined;
	/** Default 10. */
	nRepeats?: number | undefined;
	/** Default: the default generator. */
	seed?: number | undefined;
}

/** Folds, shuffled anew several times. */
abstract class Repeated<Input> extends Splitter<Input> {
	readonly nSplits: number;
	readonly nRepeats: number;
	readonly seed: number | undefined;

	constructor(op: string, options: RepeatedOptions) {
		super();
		const { nSplits, nRepeats, seed } = settings(op, options, {
			nSplits: whole(5, { min: 2 }),
			nRepeats: whole(10, { min: 1 }),
			seed: unchecked<number | undefined>(undefined),
		});
		if (seed !== undefined) check.integer(op, "seed", seed);
		this.nSplits = nSplits;
		this.nRepeats = nRepeats;
		this.seed = seed;
	}

	protected abstract folds(options: KFoldOptions): Splitter<Input>;

	override count(_data?: Input): number {
		return this.nSplits * this.nRepeats;
	}

	override *split(data: Input): Generator<Split> {
		for (let i = 0; i < this.nRepeats; i++) {
			const seed = this.seed === undefined ? undefined : this.seed + i;
			const { nSplits } = this;
			yield* this.folds({ nSplits, shuffle: true, seed }).split(data);
		}
	}
}

/** `KFold`, shuffled anew `nRepeats` times. */
export class RepeatedKFold extends Repeated<Count> {
	constructor(options: RepeatedOptions = {}) {
		super("RepeatedKFold", options);
	}

	protected override folds(options: KFoldOptions): KFold {
		return new KFold(options);
	}
}

/** `StratifiedKFold`, shuffled anew `nRepeats` times. */
export class RepeatedStratifiedKFold extends Repeated<Labels> {
	constructor(options: RepeatedOptions = {}) {
		super("RepeatedStratifiedKFold", options);
	}

	protected override folds(options: KFoldOptions): StratifiedKFold {
		return new StratifiedKFold(options);
	}
}
