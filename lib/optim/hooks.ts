import {
	type Hook,
	type HookOptions,
	Hooks,
	type RemovableHandle,
} from "../nn/hooks.ts";
import type { OptimizerStateDict } from "./types.ts";

type Closure = (() => unknown) | undefined;

/** May return another closure for the step. */
export type StepPreHook<Optimizer> = (
	optimizer: Optimizer,
	closure: Closure,
	// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is one
) => Closure | void;
export type StepPostHook<Optimizer> = (
	optimizer: Optimizer,
	closure: Closure,
) => void;
export type StateDictPreHook<Optimizer> = (optimizer: Optimizer) => void;
/** May return another state dict to hand out. */
export type StateDictPostHook<Optimizer> = (
	optimizer: Optimizer,
	stateDict: OptimizerStateDict,
	// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is one
) => OptimizerStateDict | void;
/** May return another state dict to load. */
export type LoadStateDictPreHook<Optimizer> = StateDictPostHook<Optimizer>;
export type LoadStateDictPostHook<Optimizer> = (optimizer: Optimizer) => void;

/** The hooks of all optimisers' steps. */
export const globalStepHooks: {
	readonly before: Hooks;
	readonly after: Hooks;
} = {
	before: new Hooks("registerOptimizerStepPreHook"),
	after: new Hooks("registerOptimizerStepPostHook"),
};

/**
 * Calls `hook(optimizer, closure)` before every step of any optimizer, before the optimizer's own hooks.
 *
 * @see torch.optim.optimizer.register_optimizer_step_pre_hook
 */
export function registerOptimizerStepPreHook(
	hook: StepPreHook<unknown>,
	options: HookOptions = {},
): RemovableHandle {
	return globalStepHooks.before.add(hook as Hook, options);
}

/**
 * Calls `hook(optimizer, closure)` after every step of any optimizer, after the optimizer's own hooks.
 *
 * @see torch.optim.optimizer.register_optimizer_step_post_hook
 */
export function registerOptimizerStepPostHook(
	hook: StepPostHook<unknown>,
	options: HookOptions = {},
): RemovableHandle {
	return globalStepHooks.after.add(hook as Hook, options);
}
