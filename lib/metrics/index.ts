/**
 * What models reach, measured over many batches: `update`, `compute`, `reset`. The numbers are scikit-learn's and torchmetrics'.
 *
 * ```ts
 * const f1 = new metrics.F1Score({ average: "macro" });
 * for (const [x, y] of loader) f1.update(model(x), y);
 * console.log(f1.compute());
 * ```
 */
export { Accuracy, type AccuracyOptions } from "./accuracy.ts";
export {
	CohenKappa,
	type CohenKappaOptions,
	MatthewsCorrCoef,
} from "./agreement.ts";
export type { Average, Averaged } from "./averages.ts";
export {
	type CalibrationCurve,
	CalibrationError,
	type CalibrationOptions,
} from "./calibration.ts";
export {
	ConfusionMatrix,
	type ConfusionOptions,
	type Normalize,
} from "./confusion.ts";
export {
	type Detections,
	type GroundTruth,
	MeanAveragePrecision,
	type MeanAveragePrecisionResult,
} from "./detection.ts";
export { CumulativeGain, type Gain, type Lift, LiftCurve } from "./gain.ts";
export {
	ByGroup,
	Fairness,
	type FairnessResult,
	type GroupRates,
	type Groups,
} from "./groups.ts";
export { LogLoss, type LogLossOptions } from "./logLoss.ts";
export { Metric, type MetricState } from "./metric.ts";
export {
	type AveragedOptions,
	DiceScore,
	F1Score,
	FBetaScore,
	JaccardIndex,
	Precision,
	Recall,
	Specificity,
} from "./precisionRecall.ts";
export {
	AveragePrecision,
	type PrecisionRecall,
	PrecisionRecallCurve,
} from "./precisionRecallCurve.ts";
export {
	MeanAbsoluteError,
	MeanSquaredError,
	type MultiOutput,
	type R2Options,
	R2Score,
} from "./regression.ts";
export {
	AUROC,
	type CurveAverage,
	type CurveOptions,
	ROC,
	type RocCurve,
} from "./roc.ts";
export { type BLEUOptions, BLEUScore, Perplexity } from "./text.ts";
