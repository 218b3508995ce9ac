/** torch.nn: modules, their functions (`functional`) and initial values (`init`). */

export type { ModuleToOptions, ModuleToTarget } from "./conversion.ts";
export * as functional from "./functional/index.ts";
export type { HookOptions, RemovableHandle } from "./hooks.ts";
export * as init from "./init/index.ts";
export {
	type AnyModule,
	type MemberOptions,
	Module,
} from "./module.ts";
export * from "./modules/index.ts";
export { Buffer, Parameter } from "./parameter.ts";
export type {
	IncompatibleKeys,
	LoadStateDictOptions,
	StateDict,
} from "./stateDict.ts";
