/** Why a public name of PyTorch is not here under its own name: where it is instead, or why it cannot be. */

/** Names that are here in another place or form. The first word, where it is a path, must exist. */
export const elsewhere: { readonly [name: string]: string } = {
	"torch.load": "`torch.io.load`",
	"torch.save": "`torch.io.save`",
	"torch.from_numpy": "`torch.fromBlob`",
	"torch.frombuffer": "`torch.fromBlob`",
	"torch.default_generator": "`torch.Generator.default`",
	"torch.device":
		'`Device`: a word, "cuda:0"; as a context it is `torch.onDevice`',
	"torch.dtype": '`DType`: a word, "float32", which has a constant of its name',
	"torch.layout": '`Layout`: a word, "sparse_coo"',
	"torch.memory_format": '`MemoryFormat`: a word, "channels_last"',
	"torch.Size": "`number[]`",
	"torch.is_storage": "always false: see Storage",
	"torch.AcceleratorError": "`torch.TorchError`",
	"torch.OutOfMemoryError":
		'`torch.TorchError` with `code` "ERR_OUT_OF_MEMORY"',
	"torch.FatalError": "`torch.TorchError`",
	"torch.get_file_path": "Node's own `path`",
	"torch.Stream": "`torch.cuda`",
	"torch.Event": "`torch.cuda`",
	"torch.get_device_module": "`torch.cuda`",
	"Tensor.numpy": "`toTypedArray`",
	"Tensor.new": "`newTensor`, `newEmpty`",
	"Tensor.const_data_ptr": "`dataPtr`",
	"Tensor.volatile": "`torch.noGrad`; gone from PyTorch, too",
	"linalg.LinAlgError": "`torch.TorchError`",
};

interface Reason {
	/** "torch.svd": the namespace and the name. */
	pattern: RegExp;
	reason: string;
}

/** For the names that are nowhere here; the first that fits holds. */
export const reasons: readonly Reason[] = [
	{
		pattern:
			/\.(float4_|bit$|bits\d|u?int[1-7]$|quint(4x2|2x4)$|per_(tensor|channel)_)/,
		reason: "a dtype or scheme that LibTorch's operators do not compute with",
	},
	{
		pattern: /Storage|storage|share_memory_|is_shared|get_file_path/,
		reason:
			"memory is not shown apart from tensors; `dataPtr`, `storageOffset`, `toTypedArray` and `torch.fromBlob` serve, between threads a SharedArrayBuffer",
	},
	{
		pattern:
			/^torch\.(BFloat16|Bool|Byte|Char|Double|Float|Half|Int|Long|Short)Tensor$|set_default_tensor_type/,
		reason:
			"the names of types that dtypes have replaced; `torch.tensor(data, { dtype })`",
	},
	{
		pattern:
			/^torch\.(Sym(Bool|Float|Int)$|sym_)|output_nr|module_load|as_subclass|DisableTorchFunction|torch_function|^nn\.functional\.boolean_dispatch/,
		reason:
			"for tracing and for subclasses in Python: nothing in JavaScript calls it",
	},
	{
		pattern:
			/Type$|^torch\.([A-Z]\w*(Spec|Graph\w*|Module\w*|Dict\w*|List|Plan|Logger\w*|Script\w*|Unit|Info|State|Config|Stats|Future|Guard|Set|Reader|Writer|Table|Context|Benchmark|Method|Function|Class|Serializer|Exception|Schema|Object\w*|Report|Iterator|Check|Ops|Key|Descriptor)|AliasDb|LoggerBase|Argument|Block|CallStack|Capsule|Code|Gradient|Graph|Node|Tag|Type|Use|Value|AVG|SUM|PRIVATE_OPS|Future|BufferDict|FileCheck|ScriptFunction)$|^torch\.(import_ir|parse_|merge_type|unify_type|fork$|wait$|init_num_threads|prepare_multi|profiler_|compiled_with|has_(lapack|mkl|openmp|spectral)|USE_|TYPE_CHECKING|classproperty|thread_safe_generator)/,
		reason: "inner workings of TorchScript or of Python's binding",
	},
	{
		pattern: /quantized_(lstm|gru|rnn)|mkldnn_rnn/,
		reason:
			"trusts its arguments: a wrong one ends the process, in PyTorch too",
	},
	{
		pattern: /^torch\.(compile|cond|while_loop)$/,
		reason: "a compiler for Python code",
	},
	{
		pattern: /\.(cudnn|miopen|fbgemm|mkldnn)_/,
		reason:
			"the kernel of one kind of device behind a public function; call that",
	},
	{
		pattern:
			/\.(eig|symeig|solve|lstsq|matrix_rank)$|\.reinforce$|^torch\.legacy_/,
		reason:
			"gone from PyTorch: the name only throws there; `torch.linalg` has it",
	},
	{
		pattern: /autocast_(ipu|xla)/,
		reason: "for devices that LibTorch's builds for Linux do not have",
	},
	{
		pattern: /\.(is_)?(ipu|maia|mtia|vulkan|xla|xpu|mkldnn)$/,
		reason: "for devices that LibTorch's builds for Linux do not have",
	},
	{
		pattern: /dlpack/,
		reason: "no other library in Node has DLPack; typed arrays are shared",
	},
	{
		pattern: /from_file/,
		reason: "maps a file without any check; `torch.fromBlob` serves",
	},
	{
		pattern: /record_stream/,
		reason: "needs streams of CUDA, which are not here yet",
	},
	{
		pattern: /\.(name|grad_dtype)$/,
		reason: "Python's own: named tensors, and a check of gradients' dtypes",
	},
	{
		pattern: /batch_norm_backward_(elemt|reduce)/,
		reason: "part of autograd for synchronised batch norm with CUDA",
	},
	{
		pattern: /^sparse\.(SparseSemi|to_sparse_semi)/,
		reason: "a subclass in Python around kernels of CUDA",
	},
	{
		pattern: /^sparse\.(as_sparse_gradcheck|check_sparse)/,
		reason: "sparse tensors are always checked where they are made",
	},
	{
		pattern: /^torch\.jagged$/,
		reason:
			"a class in Python: LibTorch has the names of its operators (`_nested_view_from_jagged`, …), and no kernels; nested tensors here are strided",
	},
	{
		pattern:
			/^nn\.functional\.(BroadcastingList|GRID_SAMPLE|assert_int_or_pair|ScalingType|SwizzleType)/,
		reason: "inner workings of TorchScript or of Python's binding",
	},
];
