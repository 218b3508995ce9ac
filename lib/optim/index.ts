/** Optimisers and learning-rate schedulers: PyTorch's `torch.optim`. */

export { Adam, type AdamOptions, type AdamState } from "./adam.ts";
export { AdamW, type AdamWOptions } from "./adamw.ts";
export type { Hyper } from "./hyper.ts";
export * as lrScheduler from "./lrScheduler/index.ts";
export { type Batch, Optimizer } from "./optimizer.ts";
export { SGD, type SGDOptions, type SGDState } from "./sgd.ts";
export type {
	CommonOptions,
	GroupInput,
	NamedTensor,
	OptimizerStateDict,
	ParamGroup,
	ParamState,
	Params,
	SavedGroup,
	SavedValue,
	StateValue,
} from "./types.ts";
