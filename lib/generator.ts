/** Sources of random numbers. */
import { type GeneratorSlot, native } from "./binding.ts";
import * as check from "./check.ts";
import { isTensor, slotOf } from "./handle.ts";
import type { Tensor } from "./tensor/tensor.ts";

/** A seed as native code takes it: 64 bits, with a sign or without one. */
export function toSeed(seed: number | bigint): number | bigint {
	if (typeof seed !== "bigint")
		return check.integer("manualSeed", "seed", seed);
	if (seed < -(2n ** 63n) || seed >= 2n ** 64n)
		throw check.invalidValue(
			"manualSeed",
			"seed",
			`expected an integer of 64 bits, got ${seed}`,
		);
	return BigInt.asIntN(64, seed);
}

/**
 * A stream of random numbers of its own, the same as PyTorch's for the same seed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Generator.html
 *
 * @example
 * const generator = new torch.Generator().manualSeed(0);
 * torch.randn([2], { generator });
 */
export class Generator {
	#slot: GeneratorSlot;
	readonly device: string;

	/**
	 * @param device "cpu" (the default), "cuda" or "cuda:1"
	 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is no such GPU
	 */
	constructor(device = "cpu", create = native.createGenerator) {
		this.device = device;
		this.#slot = create(this, device);
	}

	/**
	 * Begins the stream anew.
	 *
	 * @param seed any integer of 64 bits, from -2^63 to 2^64 - 1; beyond 2^53 as a bigint
	 */
	manualSeed(seed: number | bigint): this {
		native.setSeed(this.#slot, toSeed(seed));
		return this;
	}

	/** Begins a stream that cannot be foretold, and returns its seed; beyond 2^53 it is a bigint. */
	seed(): number | bigint {
		return native.randomSeed(this.#slot);
	}

	/** The seed that the stream began with; 67280421310721 where none was given. */
	initialSeed(): number | bigint {
		return native.initialSeed(this.#slot);
	}

	/** The state, as a uint8 tensor that `setState` takes. */
	getState(): Tensor {
		return native.generatorState(this.#slot) as Tensor;
	}

	/** Puts the stream where `getState` found it, here or in another generator. @throws TorchError where `state` is no such tensor */
	setState(state: Tensor): this {
		if (!isTensor(state))
			throw check.invalidType("setState", "state", "Tensor", state);
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
