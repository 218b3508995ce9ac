/**
 * Training: `fit`, `evaluate`, `predict`, what is called while a model trains, and what keeps it from overfitting.
 *
 * ```ts
 * const history = await train.fit(model, { data, validation, loss, optimizer, epochs: 10 });
 * ```
 */
export type { Batches, Items } from "./batches.ts";
export type { BatchEvent, Callback, Run } from "./callback.ts";
export {
	type AveragingOptions,
	EMA,
	type EMAOptions,
	SWA,
	type SWAOptions,
} from "./callbacks/averaging.ts";
export {
	BackupAndRestore,
	type BackupAndRestoreOptions,
} from "./callbacks/backupAndRestore.ts";
export { CSVLogger } from "./callbacks/csvLogger.ts";
export {
	EarlyStopping,
	type EarlyStoppingOptions,
} from "./callbacks/earlyStopping.ts";
export {
	GradualUnfreezing,
	type GradualUnfreezingOptions,
} from "./callbacks/gradualUnfreezing.ts";
export { LRFinder, type LRFinderOptions } from "./callbacks/lrFinder.ts";
export {
	ModelCheckpoint,
	type ModelCheckpointOptions,
} from "./callbacks/modelCheckpoint.ts";
export type { MonitorOptions } from "./callbacks/monitor.ts";
export {
	ProgressBar,
	type ProgressBarOptions,
} from "./callbacks/progressBar.ts";
export {
	ReduceLROnPlateau,
	type ReduceLROnPlateauOptions,
} from "./callbacks/reduceLROnPlateau.ts";
export {
	TensorBoard,
	type TensorBoardOptions,
} from "./callbacks/tensorBoard.ts";
export { TerminateOnNaN } from "./callbacks/terminateOnNaN.ts";
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
export {
	BinaryFocalLoss,
	classWeights,
	FocalLoss,
	type FocalLossOptions,
} from "./losses.ts";
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
