export { GELU, LogSoftmax, ReLU, Softmax } from "./activation.ts";
export {
	BatchNorm1d,
	BatchNorm2d,
	type BatchNormModuleOptions,
} from "./batchnorm.ts";
export {
	ModuleDict,
	ModuleList,
	type NamedModules,
	Sequential,
} from "./container.ts";
export {
	Conv1d,
	Conv2d,
	Conv3d,
	type ConvOptions,
	type PaddingMode,
} from "./conv.ts";
export { Dropout, Dropout2d, type DropoutModuleOptions } from "./dropout.ts";
export { Flatten, type FlattenOptions, Unflatten } from "./flatten.ts";
export {
	type FactoryOptions,
	Identity,
	Linear,
	type LinearOptions,
} from "./linear.ts";
export {
	BCEWithLogitsLoss,
	CrossEntropyLoss,
	MSELoss,
	NLLLoss,
} from "./loss.ts";
export { LayerNorm, type LayerNormModuleOptions } from "./normalization.ts";
export {
	AdaptiveAvgPool2d,
	AvgPool2d,
	type AvgPool2dOptions,
	MaxPool2d,
	type MaxPool2dModuleOptions,
} from "./pooling.ts";
export {
	Embedding,
	type EmbeddingOptions,
	type PretrainedEmbeddingOptions,
} from "./sparse.ts";
