/** torch.nn: modules, their functions (`functional`) and initial values (`init`). */
export * as functional from "./functional/index.ts";
export * as init from "./init.ts";
export {
	type AnyModule,
	type IncompatibleKeys,
	type MemberOptions,
	Module,
	type ModuleToOptions,
	type RemovableHandle,
	type StateDict,
} from "./module.ts";
export * from "./modules/index.ts";
export { Buffer, Parameter } from "./parameter.ts";
