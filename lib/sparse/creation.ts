/** Sparse tensors from their parts. These are checked: operators trust them, and would read beyond memory. */
import { as } from "../arguments.ts";
import * as check from "../check.ts";
import { $sparseCompressedTensor } from "../generated/operators.ts";
import { isTensor } from "../handle.ts";
import { Operator, privateOperator } from "../operator.ts";
import { chosenDevice } from "../placement.ts";
import { type NestedScalars, tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Device, DType, Layout } from "../types.ts";

export interface SparseOptions {
	/** Default: that of the values. */
	dtype?: DType | undefined;
	/** Default: `torch.getDefaultDevice()` if one is set, else that of the values. */
	device?: Device | undefined;
	/** Record gradients for it. Default: false. */
	requiresGrad?: boolean | undefined;
}

/** A tensor, or what `torch.tensor` makes it of. */
type Data = Tensor | NestedScalars;

const asTensor = (
	op: string,
	name: string,
	data: Data,
	options: object,
): Tensor =>
	isTensor(data)
		? (data as Tensor).to(options)
		: as(op, () => tensor(data as NestedScalars, options), { data: name });

interface Parts {
	place: { dtype?: DType; device?: Device };
	requiresGrad: boolean;
	values: Tensor;
}

function partsOf(
	op: string,
	values: Data,
	options: SparseOptions,
	names: readonly string[] = [],
): Parts {
	check.options(op, options, ["dtype", "device", "requiresGrad", ...names]);
	const { dtype, requiresGrad = false } = options;
	const device = options.device ?? chosenDevice();
	check.boolean(op, "requiresGrad", requiresGrad);
	const place = { ...(dtype && { dtype }), ...(device && { device }) };
	return { place, requiresGrad, values: asTensor(op, "values", values, place) };
}

function finished(made: Tensor, { requiresGrad }: Parts): Tensor {
	return requiresGrad ? made.detach().requiresGrad_() : made;
}

function sizesOf(op: string, size: readonly number[]): readonly number[] {
	check.array(op, "size", size);
	for (const each of size) check.integer(op, "size", each, { min: 0 });
	return size;
}

const coo = new Operator(
	"aten::sparse_coo_tensor.indices(Tensor indices, Tensor values, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool? is_coalesced=None) -> Tensor",
	"aten::sparse_coo_tensor.indices_size(Tensor indices, Tensor values, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool? is_coalesced=None) -> Tensor",
);
const checkCoo = privateOperator("_validate_sparse_coo_tensor_args");

export interface CooOptions extends SparseOptions {
	/** Whether the indices are sorted, each once; then it is not made so again. Default: false. */
	isCoalesced?: boolean | undefined;
}

/**
 * A sparse tensor of coordinates and values; values of equal coordinates add up.
 *
 * @param indices [dimensions, n] integers: a column for each value
 * @param values [n], or [n, ...] where the last dimensions are dense
 * @param size default: what holds all indices
 * @throws TorchError where an index is negative or beyond `size`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_coo_tensor.html
 *
 * @example
 * torch.sparseCooTensor([[0, 1], [2, 0]], [3, 4], [2, 3]).toDense(); // [[0, 0, 3], [4, 0, 0]]
 */
export function sparseCooTensor(
	indices: Data,
	values: Data,
	size: readonly number[] | null = null,
	options: CooOptions = {},
): Tensor {
	const op = "sparseCooTensor";
	const parts = partsOf(op, values, options, ["isCoalesced"]);
	const { device } = parts.values;
	const coordinates = asTensor(op, "indices", indices, {
		dtype: "int64",
		device,
	});
	const isCoalesced = options.isCoalesced ?? null;
	if (coordinates.ndim !== 2)
		throw check.invalidValue(
			op,
			"indices",
			`expected [dimensions, n], got [${coordinates.shape}]`,
		);
	if (coordinates.numel() > 0 && (coordinates.min().item() as number) < 0)
		throw check.invalidValue(op, "indices", "an index is negative");
	if (size === null) {
		const made = coo.callNamed([coordinates, parts.values], {
			isCoalesced: isCoalesced ?? undefined,
		});
		return finished(made as Tensor, parts);
	}
	const sizes = sizesOf(op, size);
	as(op, () => checkCoo(coordinates, parts.values, sizes, isCoalesced));
	const made = coo.callNamed([coordinates, parts.values, size], {
		isCoalesced: isCoalesced ?? undefined,
	});
	return finished(made as Tensor, parts);
}

const checkCompressed = privateOperator(
	"_validate_sparse_compressed_tensor_args",
);

function compressed(
	op: string,
	layout: Layout,
	[compressedIndices, plainIndices, values]: readonly [Data, Data, Data],
	size: readonly number[] | null,
	options: SparseOptions,
	names: readonly string[] = [],
): Tensor {
	const parts = partsOf(op, values, options, names);
	const { device } = parts.values;
	const byRow = /[sb]sr$/.test(layout);
	const indices = (name: string, each: Data) => {
		const options = isTensor(each) ? { device } : { dtype: "int64", device };
		return asTensor(op, name, each, options);
	};
	const isPlain = op === "sparseCompressedTensor";
	const [outer, inner] = isPlain
		? ["compressedIndices", "plainIndices"]
		: byRow
			? ["crowIndices", "colIndices"]
			: ["ccolIndices", "rowIndices"];
	const first = indices(outer as string, compressedIndices);
	const second = indices(inner as string, plainIndices);
	const given = [first, second, parts.values];
	const inspect = (shape: readonly number[]) =>
		as(op, () => checkCompressed(...given, shape, layout));
	if (size !== null) inspect(sizesOf(op, size));
	const made = $sparseCompressedTensor.callNamed(
		size === null ? given : [...given, size],
		{ layout, dtype: parts.values.dtype, device },
	) as Tensor;
	if (size === null) inspect(made.shape);
	return finished(made, parts);
}

export interface CompressedOptions extends SparseOptions {
	/** Which of the four compressed layouts; required. */
	layout: "sparse_csr" | "sparse_csc" | "sparse_bsr" | "sparse_bsc";
}

/**
 * A sparse tensor in one of the compressed layouts: see `sparseCsrTensor`, `sparseCscTensor`, `sparseBsrTensor` and `sparseBscTensor`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_compressed_tensor.html
 */
export function sparseCompressedTensor(
	compressedIndices: Data,
	plainIndices: Data,
	values: Data,
	size: readonly number[] | null,
	options: CompressedOptions,
): Tensor {
	const op = "sparseCompressedTensor";
	const layout = check.oneOf(op, "layout", options?.layout, [
		"sparse_csr",
		"sparse_csc",
		"sparse_bsr",
		"sparse_bsc",
	]);
	const parts = [compressedIndices, plainIndices, values] as const;
	return compressed(op, layout, parts, size, options, ["layout"]);
}

/**
 * A sparse matrix by rows: the values of row i are those from `crowIndices[i]` to before `crowIndices[i + 1]`.
 *
 * @param crowIndices [rows + 1] integers
 * @param colIndices [n] integers: the column of each value
 * @throws TorchError where the indices are no such matrix
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_csr_tensor.html
 *
 * @example
 * torch.sparseCsrTensor([0, 1, 3], [1, 0, 1], [1, 2, 3], [2, 2]).toDense(); // [[0, 1], [2, 3]]
 */
export function sparseCsrTensor(
	crowIndices: Data,
	colIndices: Data,
	values: Data,
	size: readonly number[] | null = null,
	options: SparseOptions = {},
): Tensor {
	const parts = [crowIndices, colIndices, values] as const;
	return compressed("sparseCsrTensor", "sparse_csr", parts, size, options);
}

/**
 * A sparse matrix by columns: the values of column j are those from `ccolIndices[j]` to before `ccolIndices[j + 1]`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_csc_tensor.html
 */
export function sparseCscTensor(
	ccolIndices: Data,
	rowIndices: Data,
	values: Data,
	size: readonly number[] | null = null,
	options: SparseOptions = {},
): Tensor {
	const parts = [ccolIndices, rowIndices, values] as const;
	return compressed("sparseCscTensor", "sparse_csc", parts, size, options);
}

/**
 * As `sparseCsrTensor`, of blocks: each value is a matrix, and indices count blocks.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_bsr_tensor.html
 */
export function sparseBsrTensor(
	crowIndices: Data,
	colIndices: Data,
	values: Data,
	size: readonly number[] | null = null,
	options: SparseOptions = {},
): Tensor {
	const parts = [crowIndices, colIndices, values] as const;
	return compressed("sparseBsrTensor", "sparse_bsr", parts, size, options);
}

/**
 * As `sparseCscTensor`, of blocks: each value is a matrix, and indices count blocks.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_bsc_tensor.html
 */
export function sparseBscTensor(
	ccolIndices: Data,
	rowIndices: Data,
	values: Data,
	size: readonly number[] | null = null,
	options: SparseOptions = {},
): Tensor {
	const parts = [ccolIndices, rowIndices, values] as const;
	return compressed("sparseBscTensor", "sparse_bsc", parts, size, options);
}
