/** torch.nn.functional: what modules compute, as functions. Those that LibTorch has as they are come from there. */
export {
	bilinear,
	conv1d,
	conv2d,
	conv3d,
	convTbc,
	convTranspose1d,
	convTranspose2d,
	convTranspose3d,
	cosineSimilarity,
	linear,
	pairwiseDistance,
	pdist,
	scaledDotProductAttention,
} from "../../generated/functions.ts";
export * from "./activation.ts";
export {
	type MultiHeadAttentionOptions,
	multiHeadAttentionForward,
} from "./attention.ts";
export * from "./dropout.ts";
export {
	groupedMm,
	type ScalingType,
	type SwizzleType,
	scaledGroupedMm,
	scaledMm,
} from "./grouped.ts";
export * from "./loss/index.ts";
export * from "./normalization.ts";
export * from "./places.ts";
export * from "./pooling/index.ts";
export {
	affineGrid,
	type GridSampleMode,
	type GridSamplePadding,
	gridSample,
	type InterpolateMode,
	type InterpolateOptions,
	interpolate,
	upsample,
	upsampleBilinear,
	upsampleNearest,
} from "./sampling.ts";
export {
	type BagMode,
	type EmbeddingFunctionOptions,
	embedding,
	embeddingBag,
	oneHot,
} from "./sparse.ts";
