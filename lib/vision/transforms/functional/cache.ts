import { keep } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";

/** Tensors that many calls share, made once; the least recently used one goes when there are more than `size`. */
export class TensorCache {
	readonly #tensors = new Map<string, Tensor>();
	readonly #size: number;

	constructor(size: number) {
		this.#size = size;
	}

	get(key: string, make: () => Tensor): Tensor {
		const found = this.#tensors.get(key);
		const tensor = found ?? keep(make()); // whatever scope the caller is in
		this.#tensors.delete(key);
		this.#tensors.set(key, tensor);
		if (this.#tensors.size > this.#size) {
			const [oldest] = this.#tensors.keys();
			this.#tensors.delete(oldest as string);
		}
		return tensor;
	}
}
