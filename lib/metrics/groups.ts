import { checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { divided } from "./averages.ts";
import { ConfusionMatrix, type ConfusionOptions } from "./confusion.ts";
import { type Counts, countsOf } from "./counts.ts";
import { Metric, type MetricState, noData, nothingYet } from "./metric.ts";

/** Of each sample its group: whole numbers [N], or names. */
export type Groups = Tensor | readonly (string | number)[];

/**
 * Any metric of each group of samples by itself: where does a model do worse?
 *
 * ```ts
 * const byGroup = new metrics.ByGroup(() => new metrics.Accuracy());
 * byGroup.update(torch.tensor([0, 1, 1]), torch.tensor([0, 1, 0]), ["a", "a", "b"]);
 * byGroup.compute(); // Map { "a" => 1, "b" => 0 }
 * ```
 */
export class ByGroup<Result> extends Metric<
	[preds: Tensor, target: Tensor, groups: Groups],
	Map<string, Result>
> {
	readonly #make: () => Metric<[preds: Tensor, target: Tensor], Result>;
	readonly #metrics = new Map<
		string,
		Metric<[preds: Tensor, target: Tensor], Result>
	>();

	/** `make` makes the metric of a group. */
	constructor(make: () => Metric<[preds: Tensor, target: Tensor], Result>) {
		super();
		check.callable("ByGroup", "make", make);
		this.#make = make;
	}

	override update(preds: Tensor, target: Tensor, groups: Groups): void {
		checkTensor(this.op, "preds", preds);
		checkTensor(this.op, "target", target);
		const names = namesOf(this.op, groups);
		for (const [name, size] of [
			["preds", preds.shape[0]],
			["target", target.shape[0]],
		] as const)
			if (size !== names.length)
				throw check.invalidValue(
					this.op,
					"groups",
					`expected one for each of ${size} ${name}, got ${names.length}`,
				);
		for (const [name, rows] of rowsOf(names)) {
			const metric = this.#metrics.get(name) ?? this.#make();
			metric.update(preds.index(rows), target.index(rows));
			this.#metrics.set(name, metric);
		}
	}

	/** The results by group, in the order of their names. */
	override compute(): Map<string, Result> {
		if (this.#metrics.size === 0) throw nothingYet(this.op);
		return new Map(
			[...this.#metrics]
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([name, metric]) => [name, metric.compute()]),
		);
	}

	override reset(): void {
		this.#metrics.clear();
	}

	override stateDict(): MetricState {
		return Object.fromEntries(
			[...this.#metrics].map(([name, metric]) => [name, metric.stateDict()]),
		);
	}

	override loadStateDict(state: MetricState): void {
		this.reset();
		for (const [name, own] of Object.entries(state)) {
			const metric = this.#make();
			metric.loadStateDict(own as MetricState);
			this.#metrics.set(name, metric);
		}
	}
}

function namesOf(op: string, groups: Groups): string[] {
	if (Array.isArray(groups)) return groups.map(String);
	checkTensor(op, "groups", groups);
	const tensor = groups as Tensor;
	if (tensor.dim() !== 1 || tensor.isFloatingPoint())
		throw check.invalidValue(
			op,
			"groups",
			`expected integers [N] or names, got ${tensor.dtype} [${tensor.shape.join(", ")}]`,
		);
	return tensor.toArray().map(String);
}

function rowsOf(names: readonly string[]): Map<string, number[]> {
	const rows = new Map<string, number[]>();
	for (const [i, name] of names.entries()) {
		const own = rows.get(name);
		if (own === undefined) rows.set(name, [i]);
		else own.push(i);
	}
	return rows;
}

/** What decisions of 0 and 1 do to a group; null where it has no such samples. */
export interface GroupRates {
	count: number;
	/** The share that is taken for 1. */
	selectionRate: number;
	/** Of those that are 1, the share taken for 1. */
	truePositiveRate: number | null;
	/** Of those that are 0, the share taken for 1. */
	falsePositiveRate: number | null;
	accuracy: number;
}

export interface FairnessResult {
	groups: Map<string, GroupRates>;
	/** The largest selection rate minus the smallest: 0 is parity. */
	demographicParityDifference: number;
	/** The smallest by the largest: 1 is parity. */
	demographicParityRatio: number;
	/** The larger of the differences of true and of false positive rates: 0 is equal odds. */
	equalizedOddsDifference: number;
	/** Of true positive rates alone. */
	equalOpportunityDifference: number;
}

/**
 * Whether decisions of 0 and 1 treat groups alike: rates by group, and their largest differences.
 *
 * Predictions are 0 and 1, or scores of class 1 (`threshold` decides).
 *
 * @see https://fairlearn.org/stable/user_guide/assessment/common_fairness_metrics.html
 * @example
 * const fairness = new metrics.Fairness();
 * fairness.update(torch.tensor([1, 0, 1, 1]), torch.tensor([1, 0, 0, 1]), ["a", "a", "b", "b"]);
 * fairness.compute().demographicParityDifference; // 0.5
 */
export class Fairness extends Metric<
	[preds: Tensor, target: Tensor, groups: Groups],
	FairnessResult
> {
	readonly #byGroup: ByGroup<Tensor>;

	constructor(options: Pick<ConfusionOptions, "threshold"> = {}) {
		super();
		check.options("Fairness", options, ["threshold"]);
		this.#byGroup = new ByGroup(
			() => new ConfusionMatrix({ ...options, numClasses: 2 }),
		);
	}

	override update(preds: Tensor, target: Tensor, groups: Groups): void {
		this.#byGroup.update(preds, target, groups);
	}

	override compute(): FairnessResult {
		const groups = new Map(
			[...this.#byGroup.compute()].map(([name, matrix]) => [
				name,
				ratesOf(countsOf(matrix)[1] as Counts),
			]),
		);
		if (groups.size < 2)
			throw noData(this.op, "there is one group only, and nothing to compare");
		const rates = [...groups.values()];
		const spread = (key: keyof GroupRates) => {
			const known = rates
				.map((rate) => rate[key])
				.filter((rate) => rate !== null);
			return known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
		};
		const selected = rates.map(({ selectionRate }) => selectionRate);
		const found = spread("truePositiveRate");
		return {
			groups,
			demographicParityDifference: spread("selectionRate"),
			demographicParityRatio: divided(
				Math.min(...selected),
				Math.max(...selected),
				1,
			),
			equalizedOddsDifference: Math.max(found, spread("falsePositiveRate")),
			equalOpportunityDifference: found,
		};
	}

	override reset(): void {
		this.#byGroup.reset();
	}

	override stateDict(): MetricState {
		return this.#byGroup.stateDict();
	}

	override loadStateDict(state: MetricState): void {
		this.#byGroup.loadStateDict(state);
	}
}

function ratesOf({ tp, fp, fn, tn }: Counts): GroupRates {
	const count = tp + fp + fn + tn;
	return {
		count,
		selectionRate: (tp + fp) / count,
		truePositiveRate: tp + fn === 0 ? null : tp / (tp + fn),
		falsePositiveRate: fp + tn === 0 ? null : fp / (fp + tn),
		accuracy: (tp + tn) / count,
	};
}
