import { empty } from "../../generated/functions.ts";
import { keep } from "../../tensor/scope.ts";
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

	/** An integer from 0 to `end` - 1: `torch.randint(0, end, ())`. */
	integer(end: number): number {
		this.#integer ??= keep(empty([], { dtype: "int64" }));
		return Number(this.#integer.random_(0, end).item());
	}
}
