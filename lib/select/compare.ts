import * as check from "../check.ts";
import type { CrossValidation } from "./crossValidate.ts";
import { correctedTTest } from "./tests.ts";

/** A model's scores over the splits. */
export interface ComparisonRow {
	name: string;
	mean: number;
	std: number;
	min: number;
	max: number;
	/** Of the best model's mean. 0 for the best. */
	difference: number;
	/** How likely a difference to the best model like this is by chance: `correctedTTest`. 1 for the best. */
	pValue: number;
}

export interface CompareOptions {
	/** Whether smaller scores are better, as losses are. Default false. */
	lowerIsBetter?: boolean | undefined;
}

/** Models, the best first; printed as a table. */
export class Comparison {
	readonly score: string;
	readonly rows: readonly ComparisonRow[];

	constructor(score: string, rows: readonly ComparisonRow[]) {
		this.score = score;
		this.rows = rows;
	}

	toString(): string {
		const head = ["model", this.score, "std", "min", "max", "difference", "p"];
		const number = (value: number) => value.toFixed(4);
		const lines = this.rows.map((row) => [
			row.name,
			...[row.mean, row.std, row.min, row.max, row.difference].map(number),
			row.pValue < 1e-4 ? "<0.0001" : number(row.pValue),
		]);
		const widths = head.map((title, i) =>
			Math.max(title.length, ...lines.map((line) => line[i]?.length ?? 0)),
		);
		return [head, ...lines]
			.map((line) =>
				line
					.map((cell, i) =>
						i === 0
							? cell.padEnd(widths[i] as number)
							: cell.padStart(widths[i] as number),
					)
					.join("  "),
			)
			.join("\n");
	}

	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/**
 * Models side by side by one of their scores: results of `crossValidate` on the same splits.
 *
 * ```ts
 * const splitter = new select.KFold({ nSplits: 5, shuffle: true, seed: 0 });
 * const table = select.compare("accuracy", {
 *   linear: await select.crossValidate(dataset, splitter, scoreOfLinear),
 *   deep: await select.crossValidate(dataset, splitter, scoreOfDeep),
 * });
 * console.log(table);
 * ```
 */
export function compare<Name extends string>(
	score: Name,
	results: Readonly<Record<string, CrossValidation<Record<Name, number>>>>,
	options: CompareOptions = {},
): Comparison {
	const op = "compare";
	check.string(op, "score", score);
	check.options(op, options, ["lowerIsBetter"]);
	const { lowerIsBetter = false } = options;
	const names = Object.keys(results);
	if (names.length === 0)
		throw check.invalidValue(op, "results", "expected one or more, got none");
	const of = (name: string) =>
		results[name] as CrossValidation<Record<Name, number>>;
	for (const name of names)
		if (!Array.isArray(of(name)?.scores?.[score]))
			throw check.invalidValue(
				op,
				`results.${name}`,
				`expected a result of crossValidate with the score "${score}"`,
			);
	const sign = lowerIsBetter ? 1 : -1;
	names.sort((a, b) => sign * (of(a).mean[score] - of(b).mean[score]));
	const best = of(names[0] as string);
	const rows = names.map((name): ComparisonRow => {
		const result = of(name);
		const values = result.scores[score];
		const isBest = result === best;
		return {
			name,
			mean: result.mean[score],
			std: result.std[score],
			min: Math.min(...values),
			max: Math.max(...values),
			difference: result.mean[score] - best.mean[score],
			pValue: isBest
				? 1
				: correctedTTest(values, best.scores[score], result).pValue,
		};
	});
	return new Comparison(score, rows);
}
