import * as generated from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType, Scalar } from "../../types.ts";
import { checkTensor, type Optional, optional } from "../arguments.ts";

export {
	gelu,
	glu,
	hardshrink,
	prelu,
	sigmoid,
	softplus,
	softshrink,
	tanh,
} from "../../generated/functions.ts";

type InPlace = Optional<{ inplace: boolean }, ["inplace"]>;

function isInPlace(op: string, input: Tensor, rest: InPlace): boolean {
	checkTensor(op, "input", input);
	const [first] = rest;
	return typeof first === "boolean"
		? first
		: optional(op, { inplace: false }, rest).inplace;
}

/** max(0, x) of each element. With `inplace` (default false) this and the other functions here overwrite their input. */
export function relu(input: Tensor, ...rest: InPlace): Tensor {
	return isInPlace("relu", input, rest) ? input.relu_() : input.relu();
}

/** min(max(0, x), 6). */
export function relu6(input: Tensor, ...rest: InPlace): Tensor {
	return isInPlace("relu6", input, rest)
		? input.relu6_()
		: generated.relu6(input);
}

/** scale · (max(0, x) + min(0, α (eˣ - 1))), with the scale and the α of self-normalising networks. */
export function selu(input: Tensor, ...rest: InPlace): Tensor {
	return isInPlace("selu", input, rest) ? input.selu_() : generated.selu(input);
}

/** x σ(x). */
export function silu(input: Tensor, ...rest: InPlace): Tensor {
	return isInPlace("silu", input, rest) ? input.silu_() : generated.silu(input);
}

/** x tanh(softplus(x)). */
export function mish(input: Tensor, ...rest: InPlace): Tensor {
	return isInPlace("mish", input, rest) ? input.mish_() : generated.mish(input);
}

/** x relu6(x + 3) / 6. */
export function hardswish(input: Tensor, ...rest: InPlace): Tensor {
	return isInPlace("hardswish", input, rest)
		? input.hardswish_()
		: generated.hardswish(input);
}

/** relu6(x + 3) / 6. */
export function hardsigmoid(input: Tensor, ...rest: InPlace): Tensor {
	return isInPlace("hardsigmoid", input, rest)
		? input.hardsigmoid_()
		: generated.hardsigmoid(input);
}

/** max(0, x) + min(0, α (eˣ - 1)); `alpha` is 1 by default. */
export function elu(
	input: Tensor,
	...rest: Optional<{ alpha: number; inplace: boolean }, ["alpha", "inplace"]>
): Tensor {
	checkTensor("elu", "input", input);
	const { alpha, inplace } = optional("elu", eluDefaults, rest);
	return inplace ? input.elu_(alpha) : generated.elu(input, alpha);
}

/** max(0, x) + min(0, α (e^(x / α) - 1)); `alpha` is 1 by default. */
export function celu(
	input: Tensor,
	...rest: Optional<{ alpha: number; inplace: boolean }, ["alpha", "inplace"]>
): Tensor {
	checkTensor("celu", "input", input);
	const { alpha, inplace } = optional("celu", eluDefaults, rest);
	return inplace ? input.celu_(alpha) : generated.celu(input, alpha);
}

const eluDefaults = { alpha: 1, inplace: false };

/** x where it is positive, else `negativeSlope` (default 0.01) times x. */
export function leakyRelu(
	input: Tensor,
	...rest: Optional<
		{ negativeSlope: number; inplace: boolean },
		["negativeSlope", "inplace"]
	>
): Tensor {
	checkTensor("leakyRelu", "input", input);
	const { negativeSlope, inplace } = optional("leakyRelu", leakyDefaults, rest);
	return inplace
		? input.leakyRelu_(negativeSlope)
		: generated.leakyRelu(input, negativeSlope);
}

const leakyDefaults = { negativeSlope: 0.01, inplace: false };

/** x between `minVal` (default -1) and `maxVal` (default 1), and the nearer bound outside. */
export function hardtanh(
	input: Tensor,
	...rest: Optional<
		{ minVal: number; maxVal: number; inplace: boolean },
		["minVal", "maxVal", "inplace"]
	>
): Tensor {
	checkTensor("hardtanh", "input", input);
	const { minVal, maxVal, inplace } = optional(
		"hardtanh",
		hardtanhDefaults,
		rest,
	);
	return inplace
		? input.hardtanh_(minVal, maxVal)
		: generated.hardtanh(input, minVal, maxVal);
}

const hardtanhDefaults = { minVal: -1, maxVal: 1, inplace: false };

/**
 * `leakyRelu` with a slope per element that is drawn, in training, from U(lower, upper); else their mean. Defaults: 1/8, 1/3, no
 * training.
 */
export function rrelu(
	input: Tensor,
	...rest: Optional<
		{ lower: number; upper: number; training: boolean; inplace: boolean },
		["lower", "upper", "training", "inplace"]
	>
): Tensor {
	checkTensor("rrelu", "input", input);
	const { lower, upper, training, inplace } = optional(
		"rrelu",
		rreluDefaults,
		rest,
	);
	return inplace
		? input.rrelu_(lower, upper, training)
		: generated.rrelu(input, lower, upper, training);
}

const rreluDefaults = {
	lower: 1 / 8,
	upper: 1 / 3,
	training: false,
	inplace: false,
};

/** x where it is above `threshold`, else `value`. */
export function threshold(
	input: Tensor,
	threshold: number,
	value: number,
	...rest: InPlace
): Tensor {
	return isInPlace("threshold", input, rest)
		? input.threshold_(threshold, value)
		: generated.threshold(input, threshold, value);
}

/** `relu` that overwrites its input, as do the others with an underscore. */
export function relu_(input: Tensor): Tensor {
	checkTensor("relu_", "input", input);
	return input.relu_();
}

export function selu_(input: Tensor): Tensor {
	checkTensor("selu_", "input", input);
	return input.selu_();
}

export function elu_(input: Tensor, alpha: Scalar = 1): Tensor {
	checkTensor("elu_", "input", input);
	return input.elu_(alpha);
}

export function celu_(input: Tensor, alpha: Scalar = 1): Tensor {
	checkTensor("celu_", "input", input);
	return input.celu_(alpha);
}

export function leakyRelu_(
	input: Tensor,
	negativeSlope: Scalar = 0.01,
): Tensor {
	checkTensor("leakyRelu_", "input", input);
	return input.leakyRelu_(negativeSlope);
}

export function hardtanh_(
	input: Tensor,
	minVal: Scalar = -1,
	maxVal: Scalar = 1,
): Tensor {
	checkTensor("hardtanh_", "input", input);
	return input.hardtanh_(minVal, maxVal);
}

export function rrelu_(
	input: Tensor,
	lower: Scalar = 1 / 8,
	upper: Scalar = 1 / 3,
	training = false,
): Tensor {
	checkTensor("rrelu_", "input", input);
	return input.rrelu_(lower, upper, training);
}

export function threshold_(
	input: Tensor,
	threshold: Scalar,
	value: Scalar,
): Tensor {
	checkTensor("threshold_", "input", input);
	return input.threshold_(threshold, value);
}

/** log(1 / (1 + e⁻ˣ)), computed without overflow. */
export function logsigmoid(input: Tensor): Tensor {
	checkTensor("logsigmoid", "input", input);
	return generated.logSigmoid(input);
}

/** x / (1 + |x|). */
export function softsign(input: Tensor): Tensor {
	checkTensor("softsign", "input", input);
	return input.div(input.abs().add(1));
}

/** x - tanh(x). */
export function tanhshrink(input: Tensor): Tensor {
	checkTensor("tanhshrink", "input", input);
	return input.sub(input.tanh());
}

/** Which dimension sums to one, and the dtype to compute in (default: the input's). */
export interface SoftmaxOptions {
	dim?: number | null | undefined;
	dtype?: DType | undefined;
}

type SoftmaxArguments = Optional<Required<SoftmaxOptions>, ["dim", "dtype"]>;

/** exp(x) / Σ exp(x) along `dim`. Without `dim` PyTorch's old choice is made: 0 for 0, 1 or 3 dimensions, else 1. */
export function softmax(input: Tensor, ...rest: SoftmaxArguments): Tensor {
	checkTensor("softmax", "input", input);
	const { dim, dtype } = optional("softmax", softmaxDefaults, rest);
	return generated.softmax(input, dim ?? implicitDim(input), dtype);
}

/** softmax(-x) along `dim`. */
export function softmin(input: Tensor, ...rest: SoftmaxArguments): Tensor {
	checkTensor("softmin", "input", input);
	const { dim, dtype } = optional("softmin", softmaxDefaults, rest);
	return generated.softmax(input.neg(), dim ?? implicitDim(input), dtype);
}

/** log(softmax(x)) along `dim`, computed without overflow. Without `dim` as in `softmax`. */
export function logSoftmax(input: Tensor, ...rest: SoftmaxArguments): Tensor {
	checkTensor("logSoftmax", "input", input);
	const { dim, dtype } = optional("logSoftmax", softmaxDefaults, rest);
	return generated.logSoftmax(input, dim ?? implicitDim(input), dtype);
}

const softmaxDefaults = {
	dim: null as number | null,
	dtype: undefined as DType | undefined,
};

function implicitDim(input: Tensor): number {
	return [0, 1, 3].includes(input.dim()) ? 0 : 1;
}

/**
 * A sample of the Gumbel-softmax distribution: softmax((logits + noise) / tau) along `dim` (default -1). With `hard` it is one-hot, and
 * has the soft sample's gradient. `tau` is 1 by default; `eps` is not used, as in PyTorch.
 */
export function gumbelSoftmax(
	logits: Tensor,
	...rest: Optional<
		{ tau: number; hard: boolean; eps: number; dim: number },
		["tau", "hard", "eps", "dim"]
	>
): Tensor {
	checkTensor("gumbelSoftmax", "logits", logits);
	const { tau, hard, dim } = optional("gumbelSoftmax", gumbelDefaults, rest);
	const fresh = { memoryFormat: "contiguous_format" } as const;
	const noise = generated.emptyLike(logits, fresh).exponential_().log().neg();
	const soft = generated.softmax(logits.add(noise).div(tau), dim);
	if (!hard) return soft;
	const [, largest] = soft.max(dim, true);
	const oneHot = generated.zerosLike(logits, fresh).scatter_(dim, largest, 1);
	return oneHot.sub(soft.detach()).add(soft);
}

const gumbelDefaults = { tau: 1, hard: false, eps: 1e-10, dim: -1 };
