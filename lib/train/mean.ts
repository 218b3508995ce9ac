import { noGrad } from "../autograd/index.ts";
import { zeros } from "../generated/functions.ts";
import { keep, scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device } from "../types.ts";

/** The mean of batches' losses, by their sizes. On a GPU it is summed up there: reading each loss would make the program wait for it. */
export class Mean {
	#sum = 0;
	/** How many samples there were. */
	count = 0;
	/** float64, on the device of the losses. */
	#onDevice: Tensor | null = null;

	add(loss: Tensor, size: number): void {
		this.count += size;
		if (loss.device === "cpu") {
			this.#sum += Number(loss.item()) * size;
			return;
		}
		noGrad(() =>
			scope(() => {
				this.#onDevice ??= keep(
					zeros([], { dtype: "float64", device: loss.device as Device }),
				);
				this.#onDevice.add_(loss.double(), { alpha: size });
			}),
		);
	}

	/** NaN before the first one. */
	get value(): number {
		return this.#total() / this.count;
	}

	#total(): number {
		return this.#sum + Number(this.#onDevice?.item() ?? 0);
	}

	state(): { sum: number; count: number } {
		return { sum: this.#total(), count: this.count };
	}

	load({ sum, count }: { sum: number; count: number }): void {
		this.#sum = sum;
		this.count = count;
		this.#onDevice = null;
	}
}
