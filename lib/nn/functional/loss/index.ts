export type { LinearCrossEntropyOptions } from "./chunkedLinearCrossEntropy.ts";
export {
	type BceOptions,
	type BceWithLogitsOptions,
	binaryCrossEntropy,
	binaryCrossEntropyWithLogits,
	type CrossEntropyOptions,
	crossEntropy,
	ctcLoss,
	type LinearCrossEntropyFunctionOptions,
	linearCrossEntropy,
	multilabelSoftMarginLoss,
	type NllLossOptions,
	nllLoss,
} from "./classification.ts";
export {
	cosineEmbeddingLoss,
	type DistanceFunction,
	hingeEmbeddingLoss,
	marginRankingLoss,
	multilabelMarginLoss,
	multiMarginLoss,
	softMarginLoss,
	type TripletMarginWithDistanceOptions,
	tripletMarginLoss,
	tripletMarginWithDistanceLoss,
} from "./margin.ts";
export type { Reduction, ReductionOption } from "./reduction.ts";
export {
	gaussianNllLoss,
	huberLoss,
	type KlDivReduction,
	klDiv,
	l1Loss,
	mseLoss,
	poissonNllLoss,
	smoothL1Loss,
	type WeightedLossOptions,
} from "./regression.ts";
