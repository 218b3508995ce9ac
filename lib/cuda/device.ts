/** Which GPUs there are, and which one is meant where none is named. */
import { cudaProblem, native } from "../binding.ts";
import * as check from "../check.ts";
import { TorchError } from "../errors.ts";
import { noCudaDevice } from "../libtorch/version.ts";

/** A GPU by its number, or as "cuda" (the current one) or "cuda:1". */
export type CudaDevice = number | "cuda" | `cuda:${number}`;

/** "cuda:1" for 1, "cuda" for nothing; throws where there is no GPU. */
export function nameOf(op: string, device: CudaDevice = "cuda"): string {
	const name =
		typeof device === "number"
			? `cuda:${check.integer(op, "device", device, { min: 0 })}`
			: check.string(op, "device", device);
	if (!/^cuda(:\d+)?$/.test(name))
		throw check.invalidValue(
			op,
			"device",
			`expected a number, "cuda" or "cuda:<number>", got ${check.describe(device)}`,
		);
	if (deviceCount() > 0) return name;
	throw new TorchError(
		`"${name}" cannot be used: ${cudaProblem ?? noCudaDevice}`,
		{ code: "ERR_DEVICE_UNAVAILABLE", op, argument: "device" },
	);
}

/**
 * Whether tensors can be on "cuda". Never throws; `npx torch-node doctor` says why not.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.is_available.html
 *
 * @example
 * const device = torch.cuda.isAvailable() ? "cuda" : "cpu";
 * torch.ones([2], { device });
 */
export function isAvailable(): boolean {
	return deviceCount() > 0;
}

/** The number of GPUs; 0 with a CPU build of LibTorch or without a driver. */
export function deviceCount(): number {
	return native.deviceCount("cuda");
}

/**
 * The number of the GPU that "cuda" means.
 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is none
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.current_device.html
 */
export function currentDevice(): number {
	return native.currentDevice(nameOf("currentDevice"));
}

/**
 * Sets which GPU "cuda" means, for this thread.
 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is no such GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.set_device.html
 */
export function setDevice(device: CudaDevice): void {
	native.setCurrentDevice(nameOf("setDevice", device));
}

/**
 * Waits until a GPU has done all that it was given: kernels run on their own, so times are to be taken after this.
 *
 * @param device default: the current one
 * @throws TorchError `ERR_DEVICE_UNAVAILABLE` where there is no such GPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.synchronize.html
 *
 * @example
 * if (torch.cuda.isAvailable()) torch.cuda.synchronize();
 */
export function synchronize(device?: CudaDevice): void {
	native.synchronize(nameOf("synchronize", device));
}
