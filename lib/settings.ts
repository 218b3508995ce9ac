/** LibTorch's own switches, which hold for the whole process: how exact and how reproducible operators are. */
import { native } from "./binding.ts";
import * as check from "./check.ts";

/** What is done where an operator has no deterministic algorithm. */
const debugModes = ["default", "warn", "error"] as const;
export type DeterministicDebugMode = (typeof debugModes)[number];

const precisions = ["highest", "high", "medium"] as const;
export type Float32MatmulPrecision = (typeof precisions)[number];

export interface DeterministicOptions {
	/** Warns where an operator has no deterministic algorithm, instead of an error. Default: false. */
	warnOnly?: boolean;
}

/**
 * Whether operators must give the same result for the same input each time, on the same machine: they then take deterministic algorithms,
 * which may be slower, and refuse where there is none.
 *
 * @throws TorchError `ERR_INVALID_ARG_TYPE` where `mode` is no boolean
 * @see https://docs.pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
 *
 * @example
 * torch.useDeterministicAlgorithms(true);
 * torch.areDeterministicAlgorithmsEnabled(); // true
 */
export function useDeterministicAlgorithms(
	mode: boolean,
	options: DeterministicOptions = {},
): void {
	const op = "useDeterministicAlgorithms";
	check.boolean(op, "mode", mode);
	check.options(op, options, ["warnOnly"]);
	const { warnOnly = false } = options;
	check.boolean(op, "warnOnly", warnOnly);
	native.setDeterministicMode(mode ? (warnOnly ? 1 : 2) : 0);
}

/** Whether `useDeterministicAlgorithms` is on. Default: false. */
export function areDeterministicAlgorithmsEnabled(): boolean {
	return native.deterministicMode() > 0;
}

/** Whether it is on and only warns. */
export function isDeterministicAlgorithmsWarnOnlyEnabled(): boolean {
	return native.deterministicMode() === 1;
}

/**
 * The same switch in one word: "default" (or 0) is off, "warn" (1) warns, "error" (2) refuses.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_deterministic_debug_mode.html
 *
 * @example
 * torch.setDeterministicDebugMode("warn");
 * torch.getDeterministicDebugMode(); // 1
 */
export function setDeterministicDebugMode(
	debugMode: DeterministicDebugMode | 0 | 1 | 2,
): void {
	const op = "setDeterministicDebugMode";
	const mode =
		typeof debugMode === "string"
			? debugModes.indexOf(check.oneOf(op, "debugMode", debugMode, debugModes))
			: check.integer(op, "debugMode", debugMode, { min: 0, max: 2 });
	native.setDeterministicMode(mode);
}

/** 0: off, 1: warns, 2: refuses. */
export function getDeterministicDebugMode(): number {
	return native.deterministicMode();
}

/**
 * How exact products of float32 matrices are: "highest" (the default) in float32; "high" in TensorFloat32 or three bfloat16 products;
 * "medium" in bfloat16. Where a device has no such shorter way, nothing changes.
 *
 * @throws TorchError `ERR_INVALID_ARG_TYPE` for any other word
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_float32_matmul_precision.html
 *
 * @example
 * torch.setFloat32MatmulPrecision("high");
 * torch.getFloat32MatmulPrecision(); // "high"
 */
export function setFloat32MatmulPrecision(
	precision: Float32MatmulPrecision,
): void {
	const op = "setFloat32MatmulPrecision";
	native.setFloat32MatmulPrecision(
		check.oneOf(op, "precision", precision, precisions),
	);
}

/** How exact products of float32 matrices are. */
export function getFloat32MatmulPrecision(): Float32MatmulPrecision {
	return native.float32MatmulPrecision() as Float32MatmulPrecision;
}

/**
 * Whether numbers too small for full precision count as 0 on the CPU, which is faster where there are many. For this thread and those that
 * LibTorch starts after it.
 *
 * @returns whether this processor can do so
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_flush_denormal.html
 *
 * @example
 * torch.setFlushDenormal(true); // true
 * torch.tensor([1e-40]).mul(1).tolist(); // [0]
 * torch.setFlushDenormal(false);
 */
export function setFlushDenormal(mode: boolean): boolean {
	return native.setFlushDenormal(
		check.boolean("setFlushDenormal", "mode", mode),
	);
}

/** How many threads LibTorch has for operators side by side, as TorchScript's `fork` starts them. */
export function getNumInteropThreads(): number {
	return native.numInteropThreads();
}

/**
 * Sets that number, from 1 to 4096: once, before anything has run side by side.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_num_interop_threads.html
 */
export function setNumInteropThreads(count: number): void {
	native.setNumInteropThreads(
		check.integer("setNumInteropThreads", "count", count, { min: 1 }),
	);
}

/** Whether a warning that is told once only is told each time. Default: false. */
export function isWarnAlwaysEnabled(): boolean {
	return native.getSwitch("warnAlways");
}

/** Sets whether a warning that LibTorch tells once only is told each time. (https://docs.pytorch.org/docs/stable/generated/torch.set_warn_always.html) */
export function setWarnAlways(on: boolean): void {
	native.setSwitch("warnAlways", check.boolean("setWarnAlways", "on", on));
}
