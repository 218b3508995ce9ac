import { empty, multinomial, randperm } from "../../generated/functions.ts";
import { fromBlob, tensor } from "../../tensor/creation.ts";
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

const { fround } = Math;
const blockLength = 128;

/**
 * The same numbers as `Random`'s, made of blocks of the generator's bits: for a batch, which takes many. What is left of a block is not given
 * back.
 */
export class BlockRandom extends Random {
	readonly #block = new BigInt64Array(blockLength);
	readonly #words = new Uint32Array(this.#block.buffer);
	readonly #tensor = keep(fromBlob(this.#block, [blockLength]));
	#next = this.#words.length;

	/** Throws away what is left of a block: what follows begins where the generator is, which may have another seed now. */
	begin(): void {
		this.#next = this.#words.length;
	}

	/** The next 32 bits of the generator: of 64 bits the upper half comes first. */
	#bits(): number {
		if (this.#next === this.#words.length) {
			this.#tensor.random_(-(2n ** 63n), null); // all 64 bits
			this.#next = 0;
		}
		return this.#words[this.#next++ ^ 1] as number;
	}

	override uniform(low: number, high: number): number {
		const [from, to] = [fround(low), fround(high)];
		const unit = (this.#bits() & 0xffffff) / 2 ** 24;
		return fround(unit * fround(to - from) + from);
	}

	override integer(a: number, b?: number): number {
		return b === undefined ? this.#bits() % a : a + (this.#bits() % (b - a));
	}

	override exponentOf(x: number): number {
		return fround(Math.exp(x));
	}

	override permutation(n: number): number[] {
		const order = Array.from({ length: n }, (_, i) => i);
		for (let i = 0; i < n - 1; i++) {
			const other = i + (this.#bits() % (n - i));
			[order[i], order[other]] = [order[other] as number, order[i] as number];
		}
		return order;
	}

	override choice(weights: readonly number[]): number {
		let rest = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
		const at = weights.findIndex((weight) => {
			rest -= weight;
			return rest < 0;
		});
		return at < 0 ? weights.length - 1 : at;
	}
}
