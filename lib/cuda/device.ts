/** Which GPUs there are, and which one is meant where none is named. */
import { native } from "../binding.ts";
import * as check from "../check.ts";

/** A GPU by its number, or as "cuda" (the current one) or "cuda:1". */
export type CudaDevice = number | "cuda" | `cuda:${number}`;

/** "cuda:1" for 1, "cuda" for nothing. */
export function nameOf(op: string, device: CudaDevice = "cuda"): string {
	if (typeof device === "number")
		return `cuda:${check.integer(op, "device", device, { min: 0 })}`;
	if (/^cuda(:\d+)?$/.test(check.string(op, "device", device))) return device;
	throw check.invalidValue(
		op,
		"device",
		`expected a number, "cuda" or "cuda:<number>", got ${check.describe(device)}`,
	);
}

/** Whether tensors can be on "cuda". Never throws; `npx torch-node doctor` says why not. */
export function isAvailable(): boolean {
	return deviceCount() > 0;
}

/** The number of GPUs; 0 with a CPU build of LibTorch or without a driver. */
export function deviceCount(): number {
	return native.deviceCount("cuda");
}

/** The number of the GPU that "cuda" means. */
export function currentDevice(): number {
	return native.currentDevice("cuda");
}

/** Sets which GPU "cuda" means. */
export function setDevice(device: CudaDevice): void {
	native.setCurrentDevice(nameOf("setDevice", device));
}

/**
 * Waits until a GPU has done all that it was given: kernels run on their own, so times are to be taken after this.
 *
 * @param device default: the current one
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.synchronize.html
 */
export function synchronize(device?: CudaDevice): void {
	native.synchronize(nameOf("synchronize", device));
}
