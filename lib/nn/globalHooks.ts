/** Hooks of all modules: for debugging and profiling, since they are global state. They run before a module's own. */

import type { RemovableHandle } from "../removable.ts";
import type { ModuleGradients } from "./backwardHooks.ts";
import { type ForwardHookOptions, globalHooks, type Hook } from "./hooks.ts";
import type { AnyModule } from "./module.ts";

/**
 * Calls `hook(module, inputs)` before the `forward` of every module; what it returns, if anything, becomes the inputs.
 * @see torch.nn.modules.module.register_module_forward_pre_hook
 * @example
 * using _ = torch.nn.registerModuleForwardPreHook((module) => console.log(module.constructor.name));
 */
export function registerModuleForwardPreHook(
	hook: (module: AnyModule, inputs: unknown[]) => unknown[] | undefined,
): RemovableHandle {
	return globalHooks.before.add(hook as Hook, {});
}

/**
 * Calls `hook(module, inputs, output)` after the `forward` of every module; what it returns, if anything, becomes the output.
 * @see torch.nn.modules.module.register_module_forward_hook
 */
export function registerModuleForwardHook(
	hook: (module: AnyModule, inputs: unknown[], output: unknown) => unknown,
	options: Pick<ForwardHookOptions, "alwaysCall"> = {},
): RemovableHandle {
	return globalHooks.after.add(hook as Hook, options);
}

/**
 * Calls `hook(module, gradOutputs)` before the gradients of every module are computed: see `Module.registerFullBackwardPreHook`.
 * @see torch.nn.modules.module.register_module_full_backward_pre_hook
 */
export function registerModuleFullBackwardPreHook(
	hook: (
		module: AnyModule,
		gradOutputs: ModuleGradients,
	) => ModuleGradients | undefined,
): RemovableHandle {
	return globalHooks.beforeBackward.add(hook as Hook, {});
}

/**
 * Calls `hook(module, gradInputs, gradOutputs)` after the gradients of every module's inputs were computed: see
 * `Module.registerFullBackwardHook`.
 * @see torch.nn.modules.module.register_module_full_backward_hook
 */
export function registerModuleFullBackwardHook(
	hook: (
		module: AnyModule,
		gradInputs: ModuleGradients,
		gradOutputs: ModuleGradients,
	) => ModuleGradients | undefined,
): RemovableHandle {
	return globalHooks.afterBackward.add(hook as Hook, {});
}
