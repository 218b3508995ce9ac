/** The random numbers of `torch` itself: the generators that every function uses where none is given. */
import { native } from "./binding.ts";
import { Generator, toSeed } from "./generator.ts";
import type { Tensor } from "./tensor/tensor.ts";

/**
 * Begins the random numbers of every device anew: the same seed gives the numbers that PyTorch gives in Python.
 *
 * @param seed any integer of 64 bits, from -2^63 to 2^64 - 1; beyond 2^53 as a bigint
 * @returns the CPU's generator
 * @see https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html
 *
 * @example
 * torch.manualSeed(0);
 * torch.rand(2); // tensor([0.4963, 0.7682])
 */
export function manualSeed(seed: number | bigint): Generator {
	native.manualSeed(toSeed(seed));
	return Generator.default();
}

/**
 * Seeds every device with a number that cannot be foretold, and returns it; beyond 2^53 it is a bigint.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.seed.html
 *
 * @example
 * console.log(torch.seed());
 */
export function seed(): number | bigint {
	const drawn = Generator.default().seed();
	native.manualSeed(BigInt.asIntN(64, BigInt(drawn)));
	return drawn;
}

/**
 * The seed that the CPU's random numbers began with; beyond 2^53 it is a bigint.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.initial_seed.html
 */
export function initialSeed(): number | bigint {
	return Generator.default().initialSeed();
}

/**
 * The state of the CPU's random numbers, as a uint8 tensor that `setRngState` takes.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_rng_state.html
 *
 * @example
 * const state = torch.getRngState();
 * const x = torch.rand(2);
 * torch.setRngState(state);
 * torch.rand(2); // x again
 */
export function getRngState(): Tensor {
	return Generator.default().getState();
}

/**
 * Puts the CPU's random numbers where `getRngState` found them.
 *
 * @throws TorchError where `state` is no such tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_rng_state.html
 */
export function setRngState(state: Tensor): void {
	Generator.default().setState(state);
}
