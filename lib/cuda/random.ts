/** Random numbers of the GPUs. `torch.manualSeed` seeds them, too. */
import { Generator } from "../generator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type CudaDevice, deviceCount, nameOf } from "./device.ts";

/** Seeds the current GPU. Without one nothing happens, as in Python. */
export function manualSeed(seed: number | bigint): void {
	if (deviceCount() > 0) Generator.default("cuda").manualSeed(seed);
}

/** Seeds every GPU. */
export function manualSeedAll(seed: number | bigint): void {
	for (let i = 0; i < deviceCount(); i++)
		Generator.default(`cuda:${i}`).manualSeed(seed);
}

/** The seed that the current GPU's random numbers began with. */
export function initialSeed(): number | bigint {
	return Generator.default("cuda").initialSeed();
}

/** The state of a GPU's random numbers, as a uint8 tensor on the CPU. */
export function getRngState(device?: CudaDevice): Tensor {
	return Generator.default(nameOf("getRngState", device)).getState();
}

export function setRngState(state: Tensor, device?: CudaDevice): void {
	Generator.default(nameOf("setRngState", device)).setState(state);
}
