/**
 * Pictures of what a training and its measures gave: SVG, PNG, and a report of a run as one HTML file. Drawn by the package @observablehq/plot, which is
 * installed beside this one, and loaded by the first picture.
 *
 * ```ts
 * const figure = await plot.roc(roc.compute());
 * await figure.save("roc.svg");
 * ```
 */
export {
	type CalibrationPoints,
	calibration,
} from "./calibration.ts";
export {
	type ConfusionMatrixOptions,
	confusionMatrix,
	type Matrix,
} from "./confusionMatrix.ts";
export {
	type CurveFigureOptions,
	type PrecisionRecallPoints,
	precisionRecall,
	type RocPoints,
	roc,
} from "./curves.ts";
export { Figure, type PngOptions } from "./figure.ts";
export { type GainPoints, gain, type LiftPoints, lift } from "./gain.ts";
export { type HistoryLike, type HistoryOptions, history } from "./history.ts";
export {
	type LearningCurveFigureOptions,
	type LearningCurvePoints,
	learningCurve,
} from "./learningCurve.ts";
export type { FigureOptions } from "./options.ts";
export type { Images } from "./pixels.ts";
export type { Curves, Numbers } from "./points.ts";
export { Report, type ReportOptions, report } from "./report/report.ts";
export {
	type SampleLabels,
	type SamplesOptions,
	samples,
} from "./samples.ts";
