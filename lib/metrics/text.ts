import * as check from "../check.ts";
import { flag, nullable, settings, whole } from "../nn/settings.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { labels, Metric, nothingYet, reals, sameShape } from "./metric.ts";
import { checkClasses } from "./predictions.ts";

/**
 * How many equally likely tokens a model hesitates between: exp of the mean of -log p of the right ones. Predictions are logits
 * [..., T, V], targets tokens [..., T].
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/text/perplexity.html
 */
export class Perplexity extends Metric {
	readonly #ignoreIndex: number | null;
	protected sum = 0;
	protected count = 0;

	/** Targets of `ignoreIndex`, such as padding, do not count. */
	constructor(options: { ignoreIndex?: number | null | undefined } = {}) {
		super();
		this.#ignoreIndex = settings("Perplexity", options, {
			ignoreIndex: nullable(whole(0)),
		}).ignoreIndex;
	}

	override update(preds: Tensor, target: Tensor): void {
		const wanted = labels(this.op, "target", target);
		const logits = reals(this.op, "preds", preds);
		if (logits.dim() === 0)
			throw check.invalidValue(this.op, "preds", "expected [..., T, V]");
		sameShape(
			this.op,
			["preds without their vocabulary", logits.select(-1, 0)],
			["target", wanted],
		);
		const vocabulary = logits.size(-1);
		let flat = logits.reshape([-1, vocabulary]);
		let tokens = wanted.flatten();
		if (this.#ignoreIndex !== null) {
			const isKept = tokens.ne(this.#ignoreIndex);
			flat = flat.index(isKept);
			tokens = tokens.index(isKept);
		}
		checkClasses(this.op, "target", tokens, vocabulary);
		const right = flat.logSoftmax(1).gather(1, tokens.unsqueeze(1));
		this.sum -= right.sum().item() as number;
		this.count += tokens.numel();
	}

	override compute(): number {
		if (this.count === 0) throw nothingYet(this.op);
		return Math.exp(this.sum / this.count);
	}

	override reset(): void {
		this.sum = 0;
		this.count = 0;
	}
}

export interface BLEUOptions {
	/** The longest runs of words that are compared. Default 4. */
	nGram?: number | undefined;
	/** Whether one is added to counts of runs of two and more words, so that few matches are not none. Default false. */
	smooth?: boolean | undefined;
	/** Makes words of a text. Default: what stands between blanks. */
	tokenizer?: ((text: string) => readonly string[]) | undefined;
}

/**
 * How much translations resemble their references, over a corpus, 0 to 1: runs of words that they share, and their lengths.
 *
 * ```ts
 * const bleu = new metrics.BLEUScore();
 * bleu.update(["the cat is on the mat"], [["there is a cat on the mat", "a cat is on the mat"]]);
 * bleu.compute(); // 0.7598
 * ```
 *
 * @see https://aclanthology.org/P02-1040
 */
export class BLEUScore extends Metric<
	[preds: readonly string[], target: readonly (readonly string[])[]],
	number
> {
	readonly #nGram: number;
	readonly #smooth: boolean;
	readonly #tokenizer: (text: string) => readonly string[];
	protected matches: number[] = []; // by length of the runs
	protected runs: number[] = [];
	protected length = 0;
	protected targetLength = 0;

	constructor(options: BLEUOptions = {}) {
		super();
		const given = settings("BLEUScore", options, {
			nGram: whole(4, { min: 1 }),
			smooth: flag(false),
			tokenizer: { fallback: words, check: check.callable },
		});
		this.#nGram = given.nGram;
		this.#smooth = given.smooth;
		this.#tokenizer = given.tokenizer;
		this.reset();
	}

	override update(
		preds: readonly string[],
		target: readonly (readonly string[])[],
	): void {
		check.array(this.op, "preds", preds);
		check.array(this.op, "target", target);
		if (preds.length !== target.length)
			throw check.invalidValue(
				this.op,
				"target",
				`expected references for each of ${preds.length} texts, got ${target.length}`,
			);
		const pairs = preds.map((text, i) => {
			check.string(this.op, `preds[${i}]`, text);
			const references = check.array(
				this.op,
				`target[${i}]`,
				target[i] as string[],
			);
			if (references.length === 0)
				throw check.invalidValue(
					this.op,
					`target[${i}]`,
					"expected one or more references, got none",
				);
			for (const [j, reference] of references.entries())
				check.string(this.op, `target[${i}][${j}]`, reference);
			return {
				text: this.#tokenizer(text),
				references: references.map(this.#tokenizer),
			};
		});
		for (const { text, references } of pairs) this.#add(text, references);
	}

	#add(text: readonly string[], references: readonly (readonly string[])[]) {
		this.length += text.length;
		this.targetLength += references
			.map(({ length }) => length)
			.reduce((best, length) =>
				Math.abs(length - text.length) < Math.abs(best - text.length)
					? length
					: best,
			);
		for (let n = 1; n <= this.#nGram; n++) {
			const most = new Map<string, number>();
			for (const reference of references)
				for (const [run, count] of runsOf(reference, n))
					most.set(run, Math.max(count, most.get(run) ?? 0));
			for (const [run, count] of runsOf(text, n)) {
				(this.matches[n - 1] as number) += Math.min(count, most.get(run) ?? 0);
				(this.runs[n - 1] as number) += count;
			}
		}
	}

	override compute(): number {
		if (this.targetLength === 0) throw nothingYet(this.op);
		if (this.matches.includes(0)) return 0;
		const logs = this.matches.map((count, i) => {
			const more = this.#smooth && i > 0 ? 1 : 0;
			return Math.log((count + more) / ((this.runs[i] as number) + more));
		});
		const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
		const brevity =
			this.length > this.targetLength ? 0 : 1 - this.targetLength / this.length;
		return Math.exp(brevity + mean);
	}

	override reset(): void {
		this.matches = new Array<number>(this.#nGram).fill(0);
		this.runs = new Array<number>(this.#nGram).fill(0);
		this.length = 0;
		this.targetLength = 0;
	}
}

function words(text: string): string[] {
	return text.split(/\s+/).filter((word) => word !== "");
}

/** Runs of `n` words, and how often each is there. */
function runsOf(text: readonly string[], n: number): Map<string, number> {
	const counts = new Map<string, number>();
	for (let i = 0; i + n <= text.length; i++) {
		const run = JSON.stringify(text.slice(i, i + n));
		counts.set(run, (counts.get(run) ?? 0) + 1);
	}
	return counts;
}
