import { noGrad } from "../autograd/index.ts";
import * as check from "../check.ts";
import type { Storable } from "../io/index.ts";
import { Metric, type MetricState } from "../metrics/index.ts";
import { scope } from "../tensor/scope.ts";

/** Metrics by the names that their numbers have in the history: `{ accuracy: new metrics.Accuracy() }`. */
export type MetricsBy<Names extends string, Output, Target> = {
	readonly [Name in Names]: Metric<[preds: Output, target: Target], number>;
};

type AnyMetric = Metric<[preds: unknown, target: unknown], number>;

const taken = /^(epoch|loss|lr|seconds|val[A-Z].*)$/;

/** The metrics of a pass over data. */
export class Measures {
	readonly #metrics: readonly (readonly [string, AnyMetric])[];

	constructor(op: string, metrics: object) {
		check.options(op, metrics, Object.keys(metrics));
		this.#metrics = Object.entries(metrics);
		for (const [name, metric] of this.#metrics) {
			if (!(metric instanceof Metric))
				throw check.invalidType(op, `metrics.${name}`, "Metric", metric);
			if (taken.test(name))
				throw check.invalidValue(
					op,
					"metrics",
					`expected another name than "${name}", which stands for something else`,
				);
		}
	}

	get isEmpty(): boolean {
		return this.#metrics.length === 0;
	}

	reset(): void {
		for (const [, metric] of this.#metrics) metric.reset();
	}

	update(output: unknown, target: unknown): void {
		if (this.isEmpty) return;
		noGrad(() => {
			for (const [, metric] of this.#metrics) metric.update(output, target);
		});
	}

	/** What is counted so far. */
	stateDict(): Record<string, Storable> {
		return Object.fromEntries(
			this.#metrics.map(([name, metric]) => [name, metric.stateDict()]),
		);
	}

	loadStateDict(state: Readonly<Record<string, Storable>>): void {
		for (const [name, metric] of this.#metrics)
			if (Object.hasOwn(state, name))
				metric.loadStateDict(state[name] as MetricState);
	}

	compute(): Record<string, number> {
		return scope(() =>
			Object.fromEntries(
				this.#metrics.map(([name, metric]) => [name, metric.compute()]),
			),
		);
	}
}
