import { flatten } from "../../autograd/transforms/tree.ts";
import type { CudaDevice } from "../../cuda/index.ts";
import * as cuda from "../../cuda/index.ts";
import { isTensor } from "../../handle.ts";
import { getRngState, setRngState } from "../../random.ts";
import type { Tensor } from "../../tensor/tensor.ts";

interface RandomState {
	cpu: Tensor;
	cuda: Map<CudaDevice, Tensor>;
}

function current(devices: Iterable<CudaDevice>): RandomState {
	const states = new Map<CudaDevice, Tensor>();
	for (const device of devices) states.set(device, cuda.getRngState(device));
	return { cpu: getRngState(), cuda: states };
}

function restore(state: RandomState): void {
	setRngState(state.cpu);
	for (const [device, each] of state.cuda) cuda.setRngState(each, device);
}

/** Remembers where the random numbers stand now: of the CPU, and of the GPUs that `args` are on. Returns what runs a function from there. */
export function rememberRandomState(
	args: readonly unknown[],
): <T>(fn: () => T) => T {
	const devices = new Set<CudaDevice>();
	for (const leaf of flatten(args).leaves)
		if (isTensor(leaf) && (leaf as Tensor).isCuda)
			devices.add((leaf as Tensor).device as CudaDevice);
	const state = current(devices);
	return (fn) => {
		const before = current(devices);
		restore(state);
		try {
			return fn();
		} finally {
			restore(before);
		}
	};
}
