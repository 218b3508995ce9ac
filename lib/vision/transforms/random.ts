import { empty, multinomial, randperm } from "../../generated/functions.ts";
import { tensor } from "../../tensor/creation.ts";
import { keep, scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Draws numbers from torch's default generator, one by one, as torchvision's transforms draw theirs. */
export class Random {
	// a tensor that is drawn into takes half the time of a new one
	#float: Tensor | undefined;
	#integer: Tensor | undefined;

	/** A float32 from `low` to `high`: `torch.empty(1).uniform_(low, high)`. */
	uniform(low: number, high: number): number {
		this.#float ??= keep(empty([1]));
		return this.#float.uniform_(low, high).item() as number;
	}

	/** A float32 from 0 to 1: `torch.rand(1)`. */
	unit(): number {
		return this.uniform(0, 1);
	}

	/** An integer from 0 to `end` - 1, or from `low` to `end` - 1: `torch.randint(low, end, ())`. */
	integer(end: number): number;
	integer(low: number, end: number): number;
	integer(a: number, b?: number): number {
		this.#integer ??= keep(empty([], { dtype: "int64" }));
		const [low, end] = b === undefined ? [0, a] : [a, b];
		return Number(this.#integer.random_(low, end).item());
	}

	/** e to the power of `x`, a float32, in float32: `torch.exp(torch.tensor([x]))`. */
	exponentOf(x: number): number {
		this.#float ??= keep(empty([1]));
		return this.#float.fill_(x).exp_().item() as number;
	}

	/** The integers from 0 to `n` - 1 in random order: `torch.randperm(n)`. */
	permutation(n: number): number[] {
		return scope(() => randperm(n).tolist() as number[]);
	}

	/** One of 0 … weights.length - 1, with probabilities as `weights`: `torch.multinomial(torch.tensor(weights), 1)`. */
	choice(weights: readonly number[]): number {
		return scope(() =>
			Number(multinomial(tensor(weights, { dtype: "float32" }), 1).item()),
		);
	}
}
