/** What is not generated as it stands: a name, or the start of one, and the reason. */
import type { Schema } from "../../lib/schema.ts";

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
	sparse_coo_tensor:
		"its checks are in Python; written by hand with sparse tensors",
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
		pattern:
			/^(cudnn|miopen|mkldnn|mps|xpu|hspmm|fbgemm|native|thnn|slow|to_mkldnn|mkldnn)_/,
		reason: "the kernel behind a public function",
	},
	{ pattern: /_for_backward$|_outf$|_copy_$/, reason: "internal" },
	{
		pattern:
			/^(fake_quantize|fused_moving|quantized|q_|choose_qparams|int_repr|dequantize|quantize)/,
		reason: "quantisation, which this package does not offer yet",
	},
	{
		pattern: /^(lift|lift_fresh|sspaddmm|split_copy|new_empty_strided_)/,
		reason: "internal",
	},
];

/** Overloads that are left out. */
export function isSkippedOverload({
	baseName,
	overload,
	arguments: args,
}: Schema): string | null {
	if (/out$/.test(overload) || args.some((a) => a.written && a.keywordOnly))
		return "the `out` form";
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

/** Operators that hand-written code calls; nothing public bears their name. */
export const operatorOnly = new Set(["index", "index_put_"]);

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
		"view_as_complex_copy",
	],
]);

/**
 * Of these Python has no overload for a number: it makes a tensor of it, which takes part in promotion as a number does and keeps its
 * precision. (The C++ overload rounds the number to the tensor's dtype first in `mul`, and names another backward.)
 */
export const numbersAsTensors = new Set([
	...["add", "add_", "sub", "sub_", "mul", "mul_", "div", "div_"],
]);
