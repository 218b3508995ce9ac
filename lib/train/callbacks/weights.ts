import { noGrad } from "../../autograd/index.ts";
import type { AnyModule, StateDict } from "../../nn/index.ts";
import { keep } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A copy of a model's weights and buffers, in memory that is used again for the next one. */
export class Weights {
	#copies: StateDict | null = null;

	copy(model: AnyModule): void {
		const state = model.stateDict();
		noGrad(() => {
			const copies = this.#copies;
			if (copies === null)
				this.#copies = Object.fromEntries(
					Object.entries(state).map(([name, x]) => [name, keep(x.clone())]),
				);
			else
				for (const [name, x] of Object.entries(state))
					(copies[name] as Tensor).copy_(x);
		});
	}

	/** Puts the copy into the model, if there is one. */
	restore(model: AnyModule): void {
		if (this.#copies !== null) model.loadStateDict(this.#copies);
	}

	forget(): void {
		this.#copies = null;
	}

	get state(): StateDict | null {
		return this.#copies;
	}

	set state(state: StateDict | null) {
		this.#copies = state;
	}
}
