/** torch.cuda: the GPUs. With a CPU build of LibTorch `isAvailable()` is false, and what needs a GPU says so in one sentence. */

export {
	type CudaDevice,
	currentDevice,
	deviceCount,
	isAvailable,
	setDevice,
	synchronize,
} from "./device.ts";
export * from "./memory.ts";
export * from "./random.ts";
