/** Automatic mixed precision: operators that gain from it compute in a shorter dtype, others in float32. */

import { native } from "../binding.ts";
import * as check from "../check.ts";
import { within } from "../tensor/within.ts";

const devices = ["cpu", "cuda"] as const;
/** A kind of device that has autocast. */
export type AutocastDevice = (typeof devices)[number];

/** A dtype that autocast can compute in. */
export type AutocastDtype = "bfloat16" | "float16";

export interface AutocastOptions {
	/** The shorter dtype: "bfloat16" or "float16". Default: `torch.getAutocastDtype(deviceType)`, bfloat16 on the CPU, float16 with CUDA. */
	dtype?: AutocastDtype | undefined;
	/** false: off, within another one. Default: true. */
	enabled?: boolean | undefined;
	/** Whether a parameter that was cast is kept for the next operator. Default: as it is set. */
	cacheEnabled?: boolean | undefined;
}

const deviceOf = (op: string, device: unknown): AutocastDevice =>
	check.oneOf(op, "deviceType", device, devices);

const dtypeOf = (op: string, dtype: unknown): AutocastDtype =>
	check.oneOf<AutocastDtype>(op, "dtype", dtype, ["bfloat16", "float16"]);

function enter(
	device: AutocastDevice,
	{ dtype, enabled = true, cacheEnabled }: AutocastOptions,
): () => void {
	const before = {
		enabled: native.isAutocastEnabled(device),
		dtype: native.autocastDtype(device),
		cache: native.getSwitch("autocastCache"),
	};
	native.setAutocastEnabled(device, enabled);
	native.setAutocastDtype(device, dtype ?? before.dtype);
	native.setSwitch("autocastCache", cacheEnabled ?? before.cache);
	native.nestAutocast(true);
	let isOpen = true;
	return () => {
		if (!isOpen) return;
		isOpen = false;
		native.nestAutocast(false);
		native.setAutocastEnabled(device, before.enabled);
		native.setAutocastDtype(device, before.dtype);
		native.setSwitch("autocastCache", before.cache);
	};
}

/**
 * Mixed precision while `fn` runs, or until the end of the block: products of matrices and convolutions compute in `dtype`, what needs
 * range or precision (losses, norms, …) in float32. Parameters stay as they are. For the forward pass and the loss; the backward
 * pass belongs behind it. With float16 a `GradScaler` keeps small gradients from vanishing.
 *
 * `fn` must not be async: the mode is the thread's, so other code that runs meanwhile would have it, too.
 *
 * @param deviceType "cpu" or "cuda": operators on tensors there
 * @returns what `fn` returns; without `fn` a Disposable, for `using`
 * @throws TorchError `ERR_INVALID_ARG_TYPE` for another device or dtype, `ERR_INVALID_ARG_VALUE` where `fn` is async
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.autocast
 *
 * @example
 * const [x, w] = [torch.ones(2, 3), torch.ones(3, 4)];
 * torch.autocast("cpu", () => x.matmul(w)).dtype; // "bfloat16"
 * {
 *   using _ = torch.autocast("cpu", { dtype: "float16" });
 *   x.matmul(w).dtype; // "float16"
 * }
 */
export function autocast(
	deviceType: AutocastDevice,
	options?: AutocastOptions,
): Disposable;
export function autocast<T>(deviceType: AutocastDevice, fn: () => T): T;
export function autocast<T>(
	deviceType: AutocastDevice,
	options: AutocastOptions,
	fn: () => T,
): T;
export function autocast<T>(
	deviceType: AutocastDevice,
	second: AutocastOptions | (() => T) = {},
	third?: () => T,
): T | Disposable {
	const op = "autocast";
	const device = deviceOf(op, deviceType);
	const [options, fn] =
		typeof second === "function" ? [{}, second] : [second, third];
	check.options(op, options, ["dtype", "enabled", "cacheEnabled"]);
	const { dtype, enabled, cacheEnabled } = options;
	if (dtype !== undefined) dtypeOf(op, dtype);
	if (enabled !== undefined) check.boolean(op, "enabled", enabled);
	if (cacheEnabled !== undefined)
		check.boolean(op, "cacheEnabled", cacheEnabled);
	return within(op, () => enter(device, options), fn);
}

/** Whether a kind of device has autocast. */
export function isAutocastAvailable(deviceType: string): boolean {
	return (devices as readonly string[]).includes(deviceType);
}

/** Whether autocast is on now; PyTorch's default device is "cuda". */
export function isAutocastEnabled(
	deviceType: AutocastDevice = "cuda",
): boolean {
	return native.isAutocastEnabled(deviceOf("isAutocastEnabled", deviceType));
}

/** Turns it on or off; `autocast` is the usual way. */
export function setAutocastEnabled(
	deviceType: AutocastDevice,
	enabled: boolean,
): void {
	const op = "setAutocastEnabled";
	native.setAutocastEnabled(
		deviceOf(op, deviceType),
		check.boolean(op, "enabled", enabled),
	);
}

/** The dtype that `autocast` takes where none is given. */
export function getAutocastDtype(deviceType: AutocastDevice): AutocastDtype {
	return native.autocastDtype(
		deviceOf("getAutocastDtype", deviceType),
	) as AutocastDtype;
}

/** Sets the dtype that `autocast` takes where none is given: "bfloat16" or "float16". */
export function setAutocastDtype(
	deviceType: AutocastDevice,
	dtype: AutocastDtype,
): void {
	const op = "setAutocastDtype";
	native.setAutocastDtype(deviceOf(op, deviceType), dtypeOf(op, dtype));
}

/** `isAutocastEnabled("cpu")`, by its older name. */
export const isAutocastCpuEnabled = (): boolean => isAutocastEnabled("cpu");

/** `setAutocastEnabled("cpu", enabled)`, by its older name. */
export const setAutocastCpuEnabled = (enabled: boolean): void =>
	setAutocastEnabled("cpu", enabled);

/** `getAutocastDtype("cpu")`, by its older name. */
export const getAutocastCpuDtype = (): AutocastDtype => getAutocastDtype("cpu");

/** `setAutocastDtype("cpu", dtype)`, by its older name. */
export const setAutocastCpuDtype = (dtype: AutocastDtype): void =>
	setAutocastDtype("cpu", dtype);

/** `getAutocastDtype("cuda")`, by its older name. */
export const getAutocastGpuDtype = (): AutocastDtype =>
	getAutocastDtype("cuda");

/** `setAutocastDtype("cuda", dtype)`, by its older name. */
export const setAutocastGpuDtype = (dtype: AutocastDtype): void =>
	setAutocastDtype("cuda", dtype);

/** Whether a parameter that was cast is kept for the next operator. Default: true. */
export function isAutocastCacheEnabled(): boolean {
	return native.getSwitch("autocastCache");
}

/** Sets whether a parameter that was cast is kept for the next operator. */
export function setAutocastCacheEnabled(enabled: boolean): void {
	native.setSwitch(
		"autocastCache",
		check.boolean("setAutocastCacheEnabled", "enabled", enabled),
	);
}

/** Drops the casts that are kept. */
export function clearAutocastCache(): void {
	native.clearAutocastCache();
}

/** One autocast more within others; for those who write such a mode themselves. Returns how many there are. */
export const autocastIncrementNesting = (): number => native.nestAutocast(true);

/** One autocast less. */
export const autocastDecrementNesting = (): number =>
	native.nestAutocast(false);
