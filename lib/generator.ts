/** Sources of random numbers. */
import { type GeneratorSlot, native } from "./binding.ts";
import { slotOf } from "./handle.ts";
import type { Tensor } from "./tensor/tensor.ts";

/**
 * A stream of random numbers of its own, the same as PyTorch's for the same seed. (https://docs.pytorch.org/docs/stable/generated/torch.Generator.html)
 *
 * @example
 * const generator = new torch.Generator().manualSeed(0);
 * torch.randn([2], { generator });
 */
export class Generator {
	#slot: GeneratorSlot;
	readonly device: string;

	/** @param device "cpu", "cuda" or "cuda:1" */
	constructor(device = "cpu", create = native.createGenerator) {
		this.device = device;
		this.#slot = create(this, device);
	}

	/** Begins the stream anew. @param seed any 64-bit integer */
	manualSeed(seed: number | bigint): this {
		native.setSeed(this.#slot, seed);
		return this;
	}

	/** Begins a stream that cannot be foretold, and returns its seed. */
	seed(): number | bigint {
		return native.randomSeed(this.#slot);
	}

	initialSeed(): number | bigint {
		return native.initialSeed(this.#slot);
	}

	/** The state, as a uint8 tensor that `setState` takes. */
	getState(): Tensor {
		return native.generatorState(this.#slot) as Tensor;
	}

	setState(state: Tensor): this {
		native.setGeneratorState(this.#slot, slotOf(state));
		return this;
	}

	/** The slot of a Generator, or null for anything else. */
	static slotOf(value: unknown): GeneratorSlot | null {
		return typeof value === "object" && value !== null && #slot in value
			? value.#slot
			: null;
	}

	/** LibTorch's own generator of a device, which every function uses where none is given. */
	static default(device = "cpu"): Generator {
		return new Generator(device, native.defaultGenerator);
	}
}

export const slotOfGenerator: (value: unknown) => GeneratorSlot | null =
	Generator.slotOf;
