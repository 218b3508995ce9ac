/** Memory of a GPU: what tensors hold, and what LibTorch keeps for the next ones. All in bytes; `device` is the current one by default. */
import { native } from "../binding.ts";
import { type CudaDevice, nameOf } from "./device.ts";

/**
 * Bytes in tensors.
 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is no such GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.memory_allocated.html
 *
 * @example
 * if (torch.cuda.isAvailable()) console.log(torch.cuda.memoryAllocated());
 */
export function memoryAllocated(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("memoryAllocated", device)).allocated;
}

/**
 * The most bytes that were in tensors since the start, or since `resetPeakMemoryStats`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.max_memory_allocated.html
 */
export function maxMemoryAllocated(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("maxMemoryAllocated", device)).maxAllocated;
}

/**
 * Bytes that LibTorch has taken from the GPU: those in tensors and those kept for the next ones.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.memory_reserved.html
 */
export function memoryReserved(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("memoryReserved", device)).reserved;
}

/**
 * The most bytes that LibTorch had taken since the start, or since `resetPeakMemoryStats`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.max_memory_reserved.html
 */
export function maxMemoryReserved(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("maxMemoryReserved", device)).maxReserved;
}

/**
 * From here on `maxMemoryAllocated` and `maxMemoryReserved` count anew.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.reset_peak_memory_stats.html
 */
export function resetPeakMemoryStats(device?: CudaDevice): void {
	native.resetPeakMemory(nameOf("resetPeakMemoryStats", device));
}

/**
 * Gives what LibTorch keeps for the next tensors back to the GPU. Does nothing where there is none.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.empty_cache.html
 *
 * @example
 * torch.cuda.emptyCache();
 */
export function emptyCache(): void {
	native.emptyCache("cuda");
}
