import { native } from "./binding.ts";

/** How many threads one operator may use on the CPU. */
export function getNumThreads(): number {
	return native.numThreads();
}

/** Sets how many threads one operator may use on the CPU, from 1 to 4096. (https://docs.pytorch.org/docs/stable/generated/torch.set_num_threads.html) */
export function setNumThreads(count: number): void {
	native.setNumThreads(count);
}
