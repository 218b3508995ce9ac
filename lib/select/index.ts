/** Choosing between models: splits, cross-validation, learning curves, tests and tables. */
export {
	type CompareOptions,
	Comparison,
	type ComparisonRow,
	compare,
} from "./compare.ts";
export {
	type CrossValidateOptions,
	type CrossValidation,
	crossValidate,
	type Fold,
	type LearningCurve,
	type LearningCurveOptions,
	learningCurve,
	type Score,
} from "./crossValidate.ts";
export {
	GroupKFold,
	KFold,
	type KFoldOptions,
	LeaveOneOut,
	RepeatedKFold,
	type RepeatedOptions,
	RepeatedStratifiedKFold,
	StratifiedKFold,
} from "./kFold.ts";
export {
	type Count,
	type Labels,
	type ShuffleOptions,
	type Split,
	Splitter,
} from "./splitter.ts";
export {
	correctedTTest,
	type McNemarResult,
	mcNemar,
	pairedTTest,
	type TestResult,
} from "./tests.ts";
export {
	type TrainTestSplitOptions,
	trainTestSplit,
} from "./trainTestSplit.ts";
