/** torch.masked: reductions and normalisations over the elements that a mask lets through, and tensors that have a mask. */
export type { Operand } from "./elementwise.ts";
export type { MaskOptions, ReductionOptions } from "./mask.ts";
export {
	asMaskedTensor,
	isMaskedTensor,
	MaskedTensor,
	type MaskedTensorOptions,
	maskedTensor,
} from "./maskedTensor.ts";
export {
	cumprod,
	cumsum,
	type LogaddexpOptions,
	logaddexp,
	logSoftmax,
	type NormalizeOptions,
	normalize,
	softmax,
	softmin,
} from "./normalizations.ts";
export {
	type ArgOptions,
	amax,
	amin,
	argmax,
	argmin,
	logsumexp,
	type MedianOptions,
	mean,
	median,
	type NormOptions,
	norm,
	prod,
	std,
	sum,
	type VarOptions,
	var,
} from "./reductions.ts";
