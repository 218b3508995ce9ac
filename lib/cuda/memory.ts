/** Memory of a GPU: what tensors hold, and what LibTorch keeps for the next ones. All in bytes. */
import { native } from "../binding.ts";
import { type CudaDevice, nameOf } from "./device.ts";

/** Bytes in tensors. (https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.memory_allocated.html) */
export function memoryAllocated(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("memoryAllocated", device)).allocated;
}

/** The most bytes that were in tensors since the start, or since `resetPeakMemoryStats`. */
export function maxMemoryAllocated(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("maxMemoryAllocated", device)).maxAllocated;
}

/** Bytes that LibTorch has taken from the GPU: those in tensors and those kept for the next ones. */
export function memoryReserved(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("memoryReserved", device)).reserved;
}

export function maxMemoryReserved(device?: CudaDevice): number {
	return native.deviceMemory(nameOf("maxMemoryReserved", device)).maxReserved;
}

export function resetPeakMemoryStats(device?: CudaDevice): void {
	native.resetPeakMemory(nameOf("resetPeakMemoryStats", device));
}

/** Gives what LibTorch keeps for the next tensors back to the GPU. Does nothing where there is none. */
export function emptyCache(): void {
	native.emptyCache("cuda");
}
