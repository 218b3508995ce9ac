/** Random numbers of the GPUs. `torch.manualSeed` seeds them, too. */
import { Generator, toSeed } from "../generator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type CudaDevice, deviceCount, nameOf } from "./device.ts";

/**
 * Seeds the current GPU. Without one nothing happens, as in Python.
 *
 * @param seed any integer of 64 bits
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.manual_seed.html
 *
 * @example
 * torch.cuda.manualSeed(0);
 */
export function manualSeed(seed: number | bigint): void {
	toSeed(seed);
	if (deviceCount() > 0) Generator.default("cuda").manualSeed(seed);
}

/** Seeds every GPU. Without one nothing happens. @param seed any integer of 64 bits */
export function manualSeedAll(seed: number | bigint): void {
	toSeed(seed);
	for (let i = 0; i < deviceCount(); i++)
		Generator.default(`cuda:${i}`).manualSeed(seed);
}

/** The seed that the current GPU's random numbers began with. @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is none */
export function initialSeed(): number | bigint {
	return Generator.default(nameOf("initialSeed")).initialSeed();
}

/**
 * The state of a GPU's random numbers, as a uint8 tensor on the CPU, which `setRngState` takes.
 *
 * @param device default: the current one
 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is no such GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.get_rng_state.html
 */
export function getRngState(device?: CudaDevice): Tensor {
	return Generator.default(nameOf("getRngState", device)).getState();
}

/**
 * Puts a GPU's random numbers where `getRngState` found them.
 *
 * @param device default: the current one
 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is no such GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.set_rng_state.html
 */
export function setRngState(state: Tensor, device?: CudaDevice): void {
	Generator.default(nameOf("setRngState", device)).setState(state);
}
