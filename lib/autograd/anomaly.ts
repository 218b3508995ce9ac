/** Anomaly mode: errors in backward tell the line of the forward call. */
import { join } from "node:path";
import { native } from "../binding.ts";
import * as check from "../check.ts";
import { packageRoot } from "../package.ts";
import { setAnomalyOn } from "../tensor/anomaly.ts";
import { within } from "../tensor/within.ts";

export interface AnomalyOptions {
	/** Throws where a backward gives NaN. Default: true. */
	checkNan?: boolean;
}

interface State {
	enabled: boolean;
	checkNan: boolean;
}

let state: State = { enabled: false, checkNan: true };

const own = ["lib", "dist/lib", "dist/package"].map((folder) =>
	join(packageRoot, folder),
);

/** The caller's lines: where this package was called, and what called that. */
function userStack(): string {
	const before = Error.stackTraceLimit;
	Error.stackTraceLimit = 100;
	const { stack = "" } = new Error();
	Error.stackTraceLimit = before;
	const lines = stack.split("\n").slice(1);
	const foreign = lines.filter(
		(line) =>
			!line.includes("node:internal") && !own.some((p) => line.includes(p)),
	);
	return (foreign.length > 0 ? foreign : lines).slice(0, 10).join("\n");
}

function apply(next: State): void {
	native.setAnomaly(next.enabled ? userStack : null, next.checkNan);
	setAnomalyOn(next.enabled);
	state = next;
}

function enterMode(next: State): () => void {
	const before = state;
	apply(next);
	return () => apply(before);
}

function stateOf(op: string, enabled: boolean, options: AnomalyOptions): State {
	check.options(op, options, ["checkNan"]);
	const { checkNan = true } = options;
	check.boolean(op, "checkNan", checkNan);
	return { enabled: check.boolean(op, "mode", enabled), checkNan };
}

/**
 * Finds out where a backward goes wrong: while `fn` runs, or until the end of the block. Each node of the graph remembers the line of its
 * forward call; an error in its backward, and by default any NaN, tells it. For debugging: it is slow.
 *
 * An error that is not LibTorch's, such as one from a hook, is thrown as it is, and the line told in a warning.
 *
 * @returns what `fn` returns; without `fn` a Disposable, for `using`
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.detect_anomaly
 *
 * @example
 * torch.autograd.detectAnomaly(() => {
 *   const x = torch.tensor([-1], { dtype: "float32", requiresGrad: true });
 *   x.sqrt().sum().backward(); // Function 'SqrtBackward0' returned nan values in its 0th output. … at file.ts:3
 * });
 */
export function detectAnomaly(options?: AnomalyOptions): Disposable;
export function detectAnomaly<T>(fn: () => T, options?: AnomalyOptions): T;
export function detectAnomaly<T>(
	first: (() => T) | AnomalyOptions = {},
	options: AnomalyOptions = {},
): T | Disposable {
	const op = "detectAnomaly";
	return typeof first === "function"
		? within(op, () => enterMode(stateOf(op, true, options)), first)
		: within(op, () => enterMode(stateOf(op, true, first)), undefined);
}

/**
 * Turns anomaly mode on or off: while `fn` runs; without `fn` until the returned object is disposed of, if it ever is.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.set_detect_anomaly
 */
export function setDetectAnomaly(
	mode: boolean,
	options?: AnomalyOptions,
): Disposable;
export function setDetectAnomaly<T>(
	mode: boolean,
	options: AnomalyOptions,
	fn: () => T,
): T;
export function setDetectAnomaly<T>(
	mode: boolean,
	options: AnomalyOptions = {},
	fn?: () => T,
): T | Disposable {
	const op = "setDetectAnomaly";
	return within(op, () => enterMode(stateOf(op, mode, options)), fn);
}

/** Whether anomaly mode is on now. */
export function isAnomalyEnabled(): boolean {
	return state.enabled;
}

/** Whether it also looks for NaN. */
export function isAnomalyCheckNanEnabled(): boolean {
	return state.checkNan;
}

/**
 * Turns anomaly mode on or off for good; `setDetectAnomaly` can do so for a while.
 * @throws TorchError `ERR_INVALID_ARG_TYPE` where an argument is no boolean
 */
export function setAnomalyEnabled(mode: boolean, checkNan = true): void {
	apply(stateOf("setAnomalyEnabled", mode, { checkNan }));
}
