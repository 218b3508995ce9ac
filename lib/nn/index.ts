/** torch.nn: modules, their functions (`functional`) and initial values (`init`). */

export type { ModuleGradients } from "./backwardHooks.ts";
export type { ModuleToOptions, ModuleToTarget } from "./conversion.ts";
export { deepcopy } from "./deepcopy.ts";
export * as functional from "./functional/index.ts";
export * from "./globalHooks.ts";
export type {
	ForwardHookOptions,
	HookOptions,
	RemovableHandle,
} from "./hooks.ts";
export * as init from "./init/index.ts";
export {
	type AnyModule,
	type MemberOptions,
	Module,
} from "./module.ts";
export * from "./modules/index.ts";
export {
	Buffer,
	Parameter,
	UninitializedBuffer,
	UninitializedParameter,
} from "./parameter.ts";
export type { FactoryOptions } from "./settings.ts";
export type {
	IncompatibleKeys,
	LoadStateDictOptions,
	StateDict,
} from "./stateDict.ts";
export * as utils from "./utils/index.ts";
