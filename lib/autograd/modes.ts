/** Whether operators record gradients, as functions or with `using`. */
import { native } from "../binding.ts";
import { within } from "../tensor/within.ts";

function gradMode(enabled: boolean): () => void {
	const before = native.isGradEnabled();
	native.setGradEnabled(enabled);
	return () => native.setGradEnabled(before);
}

/**
 * Records no gradients: while `fn` runs, or until the end of the block.
 *
 * `fn` must not be async: the mode is the thread's, so other code that runs meanwhile would have it, too.
 *
 * @returns what `fn` returns; without `fn` a Disposable, for `using`, that restores the mode before
 * @throws what `fn` throws, after the mode is restored; TorchError `ERR_INVALID_ARG_VALUE` where `fn` is async
 * @see https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html
 *
 * @example
 * const x = torch.ones([2], { requiresGrad: true });
 * torch.noGrad(() => x.mul(2)).requiresGrad; // false
 * {
 *   using _ = torch.noGrad();
 *   x.mul(2).requiresGrad; // false
 * }
 */
export function noGrad(): Disposable;
export function noGrad<T>(fn: () => T): T;
export function noGrad<T>(fn?: () => T): T | Disposable {
	return within("noGrad", () => gradMode(false), fn);
}

/**
 * Records gradients, also within `noGrad`: while `fn` runs, or until the end of the block. (Not within `inferenceMode`.)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.enable_grad.html
 *
 * @example
 * const x = torch.ones([2], { requiresGrad: true });
 * torch.noGrad(() => torch.enableGrad(() => x.mul(2))).requiresGrad; // true
 */
export function enableGrad(): Disposable;
export function enableGrad<T>(fn: () => T): T;
export function enableGrad<T>(fn?: () => T): T | Disposable {
	return within("enableGrad", () => gradMode(true), fn);
}

/**
 * Records gradients or not: while `fn` runs; without `fn` until the returned object is disposed of, if it ever is.
 *
 * @throws TorchError `ERR_INVALID_ARG_TYPE` where `enabled` is no boolean
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_grad_enabled.html
 *
 * @example
 * const isTraining = false;
 * torch.setGradEnabled(isTraining, () => torch.ones([2], { requiresGrad: true }).mul(2)).requiresGrad; // false
 */
export function setGradEnabled(enabled: boolean): Disposable;
export function setGradEnabled<T>(enabled: boolean, fn: () => T): T;
export function setGradEnabled<T>(
	enabled: boolean,
	fn?: () => T,
): T | Disposable {
	return within("setGradEnabled", () => gradMode(enabled), fn);
}

/** Whether operators record gradients now. Default: true. */
export function isGradEnabled(): boolean {
	return native.isGradEnabled();
}

/**
 * As `noGrad`, and faster: what is made in it can never take part in autograd.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html
 *
 * @example
 * const y = torch.inferenceMode(() => torch.ones([2]).mul(2));
 * y.isInference(); // true
 */
export function inferenceMode(): Disposable;
export function inferenceMode<T>(fn: () => T): T;
export function inferenceMode<T>(fn?: () => T): T | Disposable {
	const enter = () => {
		const depth = native.pushInferenceMode(true);
		let isOpen = true;
		return () => {
			if (!isOpen) return;
			isOpen = false;
			native.popInferenceMode(depth);
		};
	};
	return within("inferenceMode", enter, fn);
}

/** Whether `inferenceMode` is on now. */
export function isInferenceModeEnabled(): boolean {
	return native.isInferenceMode();
}
