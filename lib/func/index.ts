/** torch.func: functions that transform functions. */
export * from "../autograd/transforms/index.ts";
export {
	type FunctionalCallOptions,
	functionalCall,
} from "../nn/utils/stateless.ts";
export { stackModuleState } from "./stackModuleState.ts";
