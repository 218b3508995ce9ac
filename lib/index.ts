/** torch-node: PyTorch for Node.js. `import * as torch from "torch-node"`. */
import "./tensor/tensor.ts";

export {
	autocast,
	autocastDecrementNesting,
	autocastIncrementNesting,
	clearAutocastCache,
	getAutocastCpuDtype,
	getAutocastDtype,
	getAutocastGpuDtype,
	isAutocastCacheEnabled,
	isAutocastCpuEnabled,
	isAutocastEnabled,
	setAutocastCacheEnabled,
	setAutocastCpuDtype,
	setAutocastCpuEnabled,
	setAutocastDtype,
	setAutocastEnabled,
	setAutocastGpuDtype,
} from "./amp/autocast.ts";
export { GradScaler } from "./amp/gradScaler.ts";
export * as amp from "./amp/index.ts";
export {
	isAnomalyCheckNanEnabled,
	isAnomalyEnabled,
	setAnomalyEnabled,
} from "./autograd/anomaly.ts";
export * as autograd from "./autograd/index.ts";
export {
	enableGrad,
	inferenceMode,
	isGradEnabled,
	isInferenceModeEnabled,
	noGrad,
	setGradEnabled,
} from "./autograd/modes.ts";
export * as backends from "./backends/index.ts";
export * from "./composed/index.ts";
export * as linalg from "./composed/linalg.ts";
export * from "./constants.ts";
export * as cuda from "./cuda/index.ts";
export * as data from "./data/index.ts";
export { TorchError, type TorchErrorDetails } from "./errors.ts";
export * as func from "./func/index.ts";
export { vmap } from "./func/index.ts";
export {
	arange,
	bartlettWindow,
	blackmanWindow,
	empty,
	emptyPermuted,
	emptyQuantized,
	emptyStrided,
	eye,
	full,
	hammingWindow,
	hannWindow,
	kaiserWindow,
	linspace,
	logspace,
	ones,
	rand,
	randint,
	randn,
	randperm,
	range,
	scalarTensor,
	trilIndices,
	triuIndices,
	zeros,
} from "./generated/factories.ts";
export * as fft from "./generated/fft.ts";
export * from "./generated/functions.ts";
export * as special from "./generated/special.ts";
export { Generator } from "./generator.ts";
export * as io from "./io/index.ts";
export {
	type Eigen,
	type LobpcgOptions,
	type LobpcgState,
	lobpcg,
	type OrthoBparams,
	type OrthoFparams,
	type OrthoIparams,
} from "./lobpcg/index.ts";
export * as masked from "./masked/index.ts";
export * as metrics from "./metrics/index.ts";
export * as nested from "./nested/index.ts";
export * as nn from "./nn/index.ts";
export * as optim from "./optim/index.ts";
export * as plot from "./plot/index.ts";
export * from "./random.ts";
export * as modelSelection from "./select/index.ts";
export {
	areDeterministicAlgorithmsEnabled,
	type DeterministicDebugMode,
	type DeterministicOptions,
	type Float32MatmulPrecision,
	getDeterministicDebugMode,
	getFloat32MatmulPrecision,
	getNumInteropThreads,
	isDeterministicAlgorithmsWarnOnlyEnabled,
	isWarnAlwaysEnabled,
	setDeterministicDebugMode,
	setFloat32MatmulPrecision,
	setFlushDenormal,
	setNumInteropThreads,
	setWarnAlways,
	useDeterministicAlgorithms,
} from "./settings.ts";
export * as signal from "./signal/index.ts";
export type {
	CompressedOptions,
	CooOptions,
	SparseOptions,
} from "./sparse/creation.ts";
export {
	sparseBscTensor,
	sparseBsrTensor,
	sparseCompressedTensor,
	sparseCooTensor,
	sparseCscTensor,
	sparseCsrTensor,
} from "./sparse/creation.ts";
export * as sparse from "./sparse/index.ts";
export { dsmm, hsmm, saddmm, spmm } from "./sparse/operations.ts";
export {
	type AsarrayOptions,
	type AsTensorOptions,
	asarray,
	asTensor,
	isInference,
	numel,
	typename,
} from "./tensor/asTensor.ts";
export {
	type Element,
	type FromBlobOptions,
	fromBlob,
	type Nested,
	type NestedScalars,
	type TensorOptions,
} from "./tensor/creation.ts";
export {
	getDefaultDevice,
	onDevice,
	setDefaultDevice,
} from "./tensor/defaultDevice.ts";
export { getDefaultDtype, setDefaultDtype } from "./tensor/defaults.ts";
export { type Index, Slice, slice } from "./tensor/indexing.ts";
export {
	getPrintoptions,
	type Printoptions,
	printoptions,
	setPrintoptions,
} from "./tensor/printing.ts";
export { keep, memoryUsage, scope } from "./tensor/scope.ts";
export {
	type BackwardOptions,
	isTensor,
	Tensor,
	type ToOptions,
} from "./tensor/tensor.ts";
export { tensor } from "./tensor/tensorOf.ts";
export type { TypedArray } from "./tensor/typedArray.ts";
export {
	type Finfo,
	finfo,
	type Iinfo,
	iinfo,
} from "./tensor/typeInfo.ts";
export * from "./threads.ts";
export * as train from "./train/index.ts";
export type {
	Complex,
	Device,
	DType,
	Int,
	Layout,
	MemoryFormat,
	Scalar,
} from "./types.ts";
export * as utils from "./utils/index.ts";
export * as vision from "./vision/index.ts";
