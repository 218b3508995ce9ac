/** What is not generated as it stands: a name, or the start of one, and the reason. */
import type { Argument, Schema } from "../../lib/schema.ts";

/** Base names that get neither function nor method. */
export const skipped: Record<string, string> = {
	size: "Tensor.size is written by hand: without an argument it is the shape",
	stride: "Tensor.stride is written by hand: without an argument it is a list",
	sym_size: "for tracing",
	sym_stride: "for tracing",
	sym_numel: "for tracing",
	sym_storage_offset: "for tracing",
	sym_is_contiguous: "for tracing",
	is_leaf: "a property of Tensor, written by hand",
	data: "a property of Tensor, written by hand",
	set_data: "a property of Tensor, written by hand",
	output_nr: "autograd's own",
	requires_grad_: "a method of Tensor, written by hand",
	retain_grad: "a method of Tensor, written by hand",
	retains_grad: "autograd's own",
	to: "a method of Tensor, written by hand",
	cpu: "a method of Tensor, written by hand",
	cuda: "a method of Tensor, written by hand",
	storage_offset: "a method of Tensor, written by hand",
	is_inference: "a method of Tensor, written by hand",
	item: "a method of Tensor, written by hand",
	tensor: "torch.tensor is written by hand: it takes arrays",
	is_contiguous: "a method of Tensor, written by hand",
	numel: "a method of Tensor, written by hand",
	dim: "a method of Tensor, written by hand",
	contiguous_format: "no operator",
	from_file: "maps a file without any check; torch.fromBlob and torch.io serve",
	record_stream: "needs a stream, which is not there yet",
	rename: "named dimensions, which PyTorch itself has given up",
	rename_: "named dimensions, which PyTorch itself has given up",
	refine_names: "named dimensions",
	align_to: "named dimensions",
	align_as: "named dimensions",
	align_tensors: "named dimensions",
	sparse_coo_tensor: "written by hand, with the other sparse tensors",
};

/** Endings and beginnings that mark what PyTorch does not offer to its users. */
export const hidden: { pattern: RegExp; reason: string }[] = [
	{ pattern: /^_/, reason: "private in PyTorch" },
	{
		pattern:
			/_backward(_|$)|_backward_(data|input|weight)|_double_backward|backward$/,
		reason: "part of autograd",
	},
	{
		pattern: /^(cudnn|miopen|mps|xpu|fbgemm|thnn|slow)_/,
		reason: "the kernel of one kind of device behind a public function",
	},
	{
		pattern: /_for_backward$|_outf$|(?<!index)_copy_$|^copy$/,
		reason: "internal",
	},
	{
		pattern:
			/_cachemask|^fake_quantize_.*qparams|^quantize_per_tensor_dynamic_/,
		reason: "what fake quantisation keeps for its backward",
	},
	{
		pattern: /^quantized_(lstm|gru|rnn)|^mkldnn_rnn|^rrelu_with_noise/,
		reason: "trusts its arguments: a wrong one ends the process",
	},
	{ pattern: /^(lift|lift_fresh|new_empty_strided_)/, reason: "internal" },
];

/** Whether it writes its results to given tensors: of the overload that returns them it is the option `out`. */
export function isOut({
	overload,
	arguments: args,
}: Pick<Schema, "overload" | "arguments">): boolean {
	return /out$/.test(overload) || args.some((a) => a.written && a.keywordOnly);
}

/** Overloads that are left out. */
export function isSkippedOverload({
	baseName,
	overload,
	arguments: args,
}: Schema): string | null {
	if (isOut({ overload, arguments: args })) return "see isOut";
	if (numbersAsTensors.has(baseName) && /^Scalar/.test(overload))
		return "see numbersAsTensors";
	if (baseName === "stft" && overload === "")
		return "Python's stft is the overload with `center`";
	if (/Dimname|dimname|names/.test(overload)) return "named dimensions";
	for (const { type } of args) {
		if (/Storage|Stream|Any|Future|__torch__|QScheme/.test(type))
			return `a ${type} cannot be given from JavaScript`;
		if (/^str\[/.test(type)) return "named dimensions";
	}
	return null;
}

/** Names of which Python takes a list of numbers also as separate arguments: x.view(2, 3), torch.zeros(2, 3). */
export const spread = new Set([
	...["zeros", "ones", "empty", "rand", "randn"],
	...[
		"view",
		"reshape",
		"expand",
		"permute",
		"repeat",
		"tile",
		"flip",
		"sum_to_size",
	],
	...["new_empty", "new_ones", "new_zeros"],
]);

/** Names that JavaScript keeps for itself, and what the function is called within its file. */
export const reserved = new Set([
	"var",
	"delete",
	"in",
	"new",
	"typeof",
	"void",
	"with",
]);

/** Operators that hand-written code calls: what is public under their name, if anything, is written in lib/composed or lib/tensor. */
export const operatorOnly = new Set([
	"index",
	...["numpy_T", "matrix_H", "mT", "mH"],
	...["norm", "cdist", "tensordot", "einsum", "nonzero", "nonzero_numpy"],
	...["unique_consecutive", "unique_dim", "unique_dim_consecutive"],
	...["block_diag", "broadcast_tensors", "cartesian_prod", "chain_matmul"],
	...["meshgrid", "atleast_1d", "atleast_2d", "atleast_3d"],
	...["native_batch_norm", "native_group_norm", "linalg_eigvals"],
	"choose_qparams_optimized",
	...["csr", "csc", "bsr", "bsc", "compressed"].map(
		(l) => `sparse_${l}_tensor`,
	),
]);

/** Operators that change their first argument and are functions too in Python: torch.relu_(x). */
export const inPlaceFunctions = new Set(
	`abs acos acosh addmv alpha_dropout arccos arccosh arcsin arcsinh arctan arctanh as_strided asin asinh atan atanh bernoulli
	ceil celu clamp clamp_max clamp_min clip conj_physical cos cosh deg2rad detach dropout embedding_renorm erf erfc exp exp2 expm1
	feature_alpha_dropout feature_dropout fill fix floor frac gcd i0 index_put lcm ldexp log log10 log1p log2 logit nan_to_num neg negative
	rad2deg reciprocal relu resize_as resize_as_sparse round rrelu rsqrt selu sigmoid sin sinc sinh sqrt square tan tanh threshold
	trunc xlogy zero`
		.split(/\s+/)
		.map((name) => `${name}_`),
);

/**
 * Functions that make tensors on `torch.getDefaultDevice()` where they are told no device: PyTorch's list (torch/utils/_device.py). The library
 * itself calls those without that, of lib/generated/functions.ts.
 */
export const onDefaultDevice = new Set([
	...["empty", "empty_permuted", "empty_quantized", "empty_strided"],
	...["zeros", "ones", "full", "scalar_tensor", "eye", "arange", "range"],
	...["linspace", "logspace", "rand", "randn", "randint", "randperm"],
	...["bartlett_window", "blackman_window", "hamming_window"],
	...["hann_window", "kaiser_window", "tril_indices", "triu_indices"],
	...["fft_fftfreq", "fft_rfftfreq"],
]);

/** In Python a method only, or of the Tensor only: no function of the module. */
export const methodOnly = new Set([
	...[
		"view",
		"view_as",
		"expand",
		"expand_as",
		"repeat",
		"new_empty",
		"new_full",
		"new_ones",
		"new_zeros",
		"new_empty_strided",
	],
	...[
		"contiguous",
		"type_as",
		"unfold",
		"coalesce",
		"is_coalesced",
		"to_dense",
		"to_sparse",
		"sum_to_size",
		"is_set_to",
		"slice",
		"alias",
		"chalf",
	],
]);

/**
 * Of these Python has no overload for a number: it makes a tensor of it, which takes part in promotion as a number does and keeps its
 * precision. (The C++ overload rounds the number to the tensor's dtype first in `mul`, and names another backward.)
 */
export const numbersAsTensors = new Set([
	...["add", "add_", "sub", "sub_", "mul", "mul_", "div", "div_"],
]);

/** Of one dimension's lists in schemas, those of windows and their outputs; others (`dim`, `shifts`, `s`) may have any length. */
const window =
	/^(kernelSize|stride|padding|dilation|outputPadding|outputSize)$/;

/** Whether a list has one number for each of `length` dimensions or sides, no more and no fewer. */
export function isPerDimension({ name }: Argument, length: number): boolean {
	return length > 1 || (length === 1 && window.test(name));
}

/** Lists without a length in the schema that must have two numbers: operator → argument. */
export const pairs: { readonly [operator: string]: string } = {
	rot90: "dims",
	linalg_matrix_norm: "dim",
};

/** Operators that take a list of one number for all dimensions (test/operators/lengths.test.ts). */
export const repeatsOne =
	/^conv(_transpose)?[123]d$|^(max|avg)_pool[123]d|^mkldnn_/;
