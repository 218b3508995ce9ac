/**
 * Training: `fit`, `evaluate`, `predict`, and what is called while a model trains.
 *
 * ```ts
 * const history = await train.fit(model, { data, validation, loss, optimizer, epochs: 10 });
 * ```
 */
export type { Batches, Items } from "./batches.ts";
export type { BatchEvent, Callback, Run } from "./callback.ts";
export {
	type EvaluateOptions,
	type Evaluation,
	evaluate,
} from "./evaluate.ts";
export { fit } from "./fit.ts";
export {
	type CommonLogs,
	type EpochLogs,
	History,
	type Logs,
	type ValidationName,
} from "./history.ts";
export type { MetricsBy } from "./measures.ts";
export type {
	DataOptions,
	FitOptions,
	LossFunction,
	Unpack,
} from "./options.ts";
export { elasticPenalty, type Strength } from "./penalties.ts";
export { type PredictOptions, predict } from "./predict.ts";
export {
	loadTrainState,
	loadTrainStateAsync,
	type TrainState,
} from "./state.ts";
