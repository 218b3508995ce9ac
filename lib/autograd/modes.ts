/** Whether operators record gradients, as functions or with `using`. */
import { native } from "../binding.ts";

/** Changes a mode now, or around `fn`; returns what changes it back. */
function within<T>(
	enter: () => () => void,
	fn: (() => T) | undefined,
): T | Disposable {
	const leave = enter();
	if (fn === undefined) return { [Symbol.dispose]: leave };
	try {
		return fn();
	} finally {
		leave();
	}
}

function gradMode(enabled: boolean): () => void {
	const before = native.isGradEnabled();
	native.setGradEnabled(enabled);
	return () => native.setGradEnabled(before);
}

/**
 * Records no gradients: while `fn` runs, or until the end of the block.
 *
 * `fn` must not be async: the mode is the thread's, so other code that runs meanwhile would have it, too.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html
 *
 * @example
 * const y = torch.noGrad(() => model(x));
 * {
 *   using _ = torch.noGrad();
 *   model(x);
 * }
 */
export function noGrad(): Disposable;
export function noGrad<T>(fn: () => T): T;
export function noGrad<T>(fn?: () => T): T | Disposable {
	return within(() => gradMode(false), fn);
}

/** Records gradients, also within `noGrad`. */
export function enableGrad(): Disposable;
export function enableGrad<T>(fn: () => T): T;
export function enableGrad<T>(fn?: () => T): T | Disposable {
	return within(() => gradMode(true), fn);
}

/** Records gradients or not. With no function it lasts until the returned object is disposed of, if it ever is. */
export function setGradEnabled(enabled: boolean): Disposable;
export function setGradEnabled<T>(enabled: boolean, fn: () => T): T;
export function setGradEnabled<T>(
	enabled: boolean,
	fn?: () => T,
): T | Disposable {
	return within(() => gradMode(enabled), fn);
}

export function isGradEnabled(): boolean {
	return native.isGradEnabled();
}

/**
 * As `noGrad`, and faster: what is made in it can never take part in autograd.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html
 */
export function inferenceMode(): Disposable;
export function inferenceMode<T>(fn: () => T): T;
export function inferenceMode<T>(fn?: () => T): T | Disposable {
	return within(() => {
		const depth = native.pushInferenceMode(true);
		let isOpen = true;
		return () => {
			if (!isOpen) return;
			isOpen = false;
			native.popInferenceMode(depth);
		};
	}, fn);
}

export function isInferenceModeEnabled(): boolean {
	return native.isInferenceMode();
}
