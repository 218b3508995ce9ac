export * from "./activation/index.ts";
export {
	type AdaptiveLogSoftmaxOptions,
	type AdaptiveLogSoftmaxOutput,
	AdaptiveLogSoftmaxWithLoss,
} from "./adaptive.ts";
export {
	type AttentionOptions,
	MultiheadAttention,
	type MultiheadAttentionOptions,
} from "./attention.ts";
export {
	BatchNorm1d,
	BatchNorm2d,
	BatchNorm3d,
	type BatchNormModuleOptions,
	InstanceNorm1d,
	InstanceNorm2d,
	InstanceNorm3d,
	type InstanceNormModuleOptions,
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
export {
	ConvTranspose1d,
	ConvTranspose2d,
	ConvTranspose3d,
	type ConvTransposeOptions,
} from "./convTranspose.ts";
export * from "./distance.ts";
export * from "./dropout.ts";
export { Flatten, type FlattenOptions, Unflatten } from "./flatten.ts";
export * from "./lazy.ts";
export { Bilinear, Identity, Linear, type LinearOptions } from "./linear.ts";
export * from "./loss/index.ts";
export * from "./normalization.ts";
export * from "./padding.ts";
export { ParameterDict, ParameterList } from "./parameters.ts";
export * from "./places.ts";
export * from "./pooling/index.ts";
export {
	GRU,
	GRUCell,
	type GRUOptions,
	LSTM,
	LSTMCell,
	type LSTMOptions,
	type LSTMState,
	RNN,
	RNNBase,
	RNNCell,
	RNNCellBase,
	type RNNCellModuleOptions,
	type RNNCellOptions,
	type RNNOptions,
} from "./rnn/index.ts";
export {
	Embedding,
	EmbeddingBag,
	type EmbeddingBagOptions,
	type EmbeddingOptions,
	type PretrainedEmbeddingBagOptions,
	type PretrainedEmbeddingOptions,
} from "./sparse.ts";
export { SyncBatchNorm } from "./syncBatchnorm.ts";
export {
	type Activation,
	type DecoderMasks,
	type EncoderLayerMasks,
	type EncoderMasks,
	Transformer,
	TransformerDecoder,
	TransformerDecoderLayer,
	TransformerEncoder,
	TransformerEncoderLayer,
	type TransformerEncoderOptions,
	type TransformerLayerOptions,
	type TransformerMasks,
	type TransformerOptions,
} from "./transformer/index.ts";
