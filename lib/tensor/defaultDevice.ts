/** Where new tensors are made when nobody says where. */
import { as } from "../arguments.ts";
import * as check from "../check.ts";
import { empty } from "../generated/functions.ts";
import { chooseDevice, chosenDevice } from "../placement.ts";
import type { Device } from "../types.ts";
import { within } from "./within.ts";

function choose(op: string, device: Device): void {
	check.string(op, "device", device);
	as(op, () => empty([0], { device })).dispose();
	chooseDevice(device === "cpu" ? undefined : device);
}

/**
 * Sets where functions that make tensors (`zeros`, `tensor`, `randn`, `arange`, `asTensor`, … ) and modules make them, unless they are given a
 * `device`. Default: "cpu". It holds for this thread. What has a place already stays there: `zerosLike`, `x.newZeros`, `fromBlob`, files
 * that are loaded; and the library's own work on the CPU, such as a sampler's draws.
 *
 * @param device "cpu", "cuda", "cuda:1", or "meta" for tensors without memory; null: the CPU again
 * @throws TorchError where there is no such device
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_device.html
 *
 * @example
 * torch.setDefaultDevice("meta");
 * torch.zeros(2).device; // "meta"
 * torch.setDefaultDevice(null);
 */
export function setDefaultDevice(device: Device | null): void {
	choose("setDefaultDevice", device ?? "cpu");
}

/**
 * Where tensors are made when nobody says where.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_default_device.html
 */
export function getDefaultDevice(): Device {
	return chosenDevice() ?? "cpu";
}

/**
 * Another default device: while `fn` runs, or until the end of the block. Python's `with torch.device("meta"):`.
 *
 * `fn` must not be async: the device is the thread's, so other code that runs meanwhile would have it, too.
 *
 * @param device such as "meta", where nothing has memory: for shapes and counts, or for weights that are loaded with `assign`
 * @returns what `fn` returns; without `fn` a Disposable, for `using`, that restores the device before
 * @throws what `fn` throws, after the device is restored; TorchError where there is no such device, or `fn` is async
 * @see https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.device (the context manager)
 *
 * @example
 * const model = torch.onDevice("meta", () => new torch.nn.Linear(1e5, 1e5)); // takes no memory
 * {
 *   using _ = torch.onDevice("meta");
 *   torch.ones([1e6, 1e6]).shape; // [1000000, 1000000]
 * }
 */
export function onDevice(device: Device): Disposable;
export function onDevice<T>(device: Device, fn: () => T): T;
export function onDevice<T>(device: Device, fn?: () => T): T | Disposable {
	const enter = () => {
		const before = chosenDevice();
		choose("onDevice", device);
		return () => chooseDevice(before);
	};
	return within("onDevice", enter, fn);
}
