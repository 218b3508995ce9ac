/** Optimisers, learning-rate schedulers and averages of weights: PyTorch's `torch.optim`. */

export {
	Adadelta,
	type AdadeltaOptions,
	type AdadeltaState,
} from "./adadelta.ts";
export {
	Adafactor,
	type AdafactorOptions,
	type AdafactorState,
} from "./adafactor.ts";
export { Adagrad, type AdagradOptions, type AdagradState } from "./adagrad.ts";
export { Adam, type AdamOptions, type AdamState } from "./adam.ts";
export { Adamax, type AdamaxOptions, type AdamaxState } from "./adamax.ts";
export { AdamW, type AdamWOptions } from "./adamw.ts";
export { ASGD, type ASGDOptions, type ASGDState } from "./asgd.ts";
export {
	type Batch,
	Elementwise,
	type StateLanes,
} from "./elementwise.ts";
export {
	type LoadStateDictPostHook,
	type LoadStateDictPreHook,
	registerOptimizerStepPostHook,
	registerOptimizerStepPreHook,
	type StateDictPostHook,
	type StateDictPreHook,
	type StepPostHook,
	type StepPreHook,
} from "./hooks.ts";
export type { Hyper } from "./hyper.ts";
export type { Lanes } from "./lanes.ts";
export { LBFGS, type LBFGSOptions, type LBFGSState } from "./lbfgs/lbfgs.ts";
export * as lrScheduler from "./lrScheduler/index.ts";
export { Muon, type MuonOptions, type MuonState } from "./muon.ts";
export { NAdam, type NAdamOptions, type NAdamState } from "./nadam.ts";
export { Optimizer } from "./optimizer.ts";
export { RAdam, type RAdamOptions, type RAdamState } from "./radam.ts";
export { RMSprop, type RMSpropOptions, type RMSpropState } from "./rmsprop.ts";
export { Rprop, type RpropOptions, type RpropState } from "./rprop.ts";
export { SGD, type SGDOptions, type SGDState } from "./sgd.ts";
export {
	SparseAdam,
	type SparseAdamOptions,
	type SparseAdamState,
} from "./sparseAdam.ts";
export * as swaUtils from "./swaUtils/index.ts";
export type {
	BaseOptions,
	CommonOptions,
	GroupInput,
	LoopOptions,
	NamedTensor,
	OptimizerStateDict,
	ParamGroup,
	ParamState,
	Params,
	SavedGroup,
	SavedValue,
	StateValue,
} from "./types.ts";
