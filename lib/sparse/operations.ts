/** torch.sparse: what is done with sparse tensors. */
import { as, checkTensor, type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import { Operator, privateOperator } from "../operator.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { DType, Layout, Scalar } from "../types.ts";

// Older names of `torch` for products of sparse matrices.
export {
	hspmm as hsmm,
	mm as dsmm,
	mm as spmm,
	sparseSampledAddmm as sampledAddmm,
	sspaddmm as saddmm,
} from "../generated/functions.ts";

const multiply = privateOperator("_sparse_mm");
const multiplyReduce = privateOperator("_sparse_mm", "reduce");

/**
 * The product of a sparse matrix and a sparse or dense one, with gradients for both.
 *
 * @param reduce how the products of an element come together, for a CSR matrix on the CPU. Default: "sum"
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.mm.html
 *
 * @example
 * const a = torch.tensor([[0, 2.5], [1, 0]]).toSparse();
 * torch.sparse.mm(a, torch.ones(2, 3)); // [[2.5, 2.5, 2.5], [1, 1, 1]]
 */
export function mm(
	mat1: Tensor,
	mat2: Tensor,
	reduce?: "sum" | "mean" | "amax" | "amin",
): Tensor {
	checkTensor("sparse.mm", "mat1", mat1);
	checkTensor("sparse.mm", "mat2", mat2);
	return as("sparse.mm", () =>
		reduce === undefined
			? multiply(mat1, mat2)
			: multiplyReduce(mat1, mat2, reduce),
	) as Tensor;
}

const multiplyAdd = privateOperator("_sparse_addmm");

export interface AddmmOptions {
	/** The factor of `mat`. Default: 1. */
	beta: Scalar;
	/** The factor of the product. Default: 1. */
	alpha: Scalar;
}

/**
 * beta mat + alpha (mat1 mat2) for a sparse mat1, with gradients for both factors.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.addmm.html
 */
export function addmm(
	mat: Tensor,
	mat1: Tensor,
	mat2: Tensor,
	...rest: Optional<AddmmOptions, ["beta", "alpha"]>
): Tensor {
	const defaults: AddmmOptions = { beta: 1, alpha: 1 };
	const { beta, alpha } = optional("sparse.addmm", defaults, rest);
	return as("sparse.addmm", () =>
		multiplyAdd(mat, mat1, mat2, beta, alpha),
	) as Tensor;
}

export interface SumOptions {
	/** The dimensions to sum over. Default: null, all. */
	dim: number | readonly number[] | null;
	/** Default: null, the input's. */
	dtype: DType | null;
}

const total = new Operator(
	"aten::_sparse_sum(Tensor self) -> Tensor",
	"aten::_sparse_sum.dtype(Tensor self, *, ScalarType dtype) -> Tensor",
	"aten::_sparse_sum.dim(Tensor self, int[1] dim) -> Tensor",
	"aten::_sparse_sum.dim_dtype(Tensor self, int[1] dim, *, ScalarType dtype) -> Tensor",
);

/**
 * The sum of a sparse tensor, over all or some dimensions: sparse, unless it is over all sparse ones.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.sum.html
 */
export function sum(
	input: Tensor,
	...rest: Optional<SumOptions, ["dim", "dtype"]>
): Tensor {
	const defaults: SumOptions = { dim: null, dtype: null };
	const { dim, dtype } = optional("sparse.sum", defaults, rest);
	return as("sparse.sum", () =>
		total.callNamed(
			dim === null ? [input] : [input, dim],
			dtype === null ? {} : { dtype },
		),
	) as Tensor;
}

const softmaxOf = privateOperator("_sparse_softmax", "int");
const logSoftmaxOf = privateOperator("_sparse_log_softmax", "int");

interface DTypeOption {
	/** Convert to it first. Default: null, the input's. */
	dtype: DType | null;
}

/**
 * e^x over its sum along a dimension, of the values that there are: the others count as -Infinity.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.softmax.html
 */
export function softmax(
	input: Tensor,
	dim: number,
	...rest: Optional<DTypeOption, ["dtype"]>
): Tensor {
	const { dtype } = optional("sparse.softmax", { dtype: null }, rest);
	return as("sparse.softmax", () => softmaxOf(input, dim, dtype)) as Tensor;
}

/**
 * The logarithm of `softmax`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.log_softmax.html
 */
export function logSoftmax(
	input: Tensor,
	dim: number,
	...rest: Optional<DTypeOption, ["dtype"]>
): Tensor {
	const { dtype } = optional("sparse.logSoftmax", { dtype: null }, rest);
	return as("sparse.logSoftmax", () =>
		logSoftmaxOf(input, dim, dtype),
	) as Tensor;
}

const diagonalMatrix = privateOperator("_spdiags");

/**
 * A sparse matrix whose diagonals are the rows of `diagonals`.
 *
 * @param offsets for each row its diagonal: 0 the main one, above it positive
 * @param layout "sparse_coo" (default), "sparse_csr" or "sparse_csc"
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.spdiags.html
 *
 * @example
 * torch.sparse.spdiags(torch.tensor([[1, 2, 3]]), torch.tensor([0]), [3, 3]).toDense();
 */
export function spdiags(
	diagonals: Tensor,
	offsets: Tensor,
	shape: readonly [rows: number, columns: number],
	layout: Layout | null = null,
): Tensor {
	check.array("sparse.spdiags", "shape", shape);
	return as("sparse.spdiags", () =>
		diagonalMatrix(diagonals, offsets, shape, layout),
	) as Tensor;
}

const solveSparse = privateOperator("_spsolve");

/**
 * X of A X = B for a sparse A in CSR layout; with CUDA only, by cuDSS.
 *
 * @param left false: X A = B. Default: true
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.spsolve.html
 */
export function spsolve(
	input: Tensor,
	other: Tensor,
	options: { left?: boolean } = {},
): Tensor {
	check.options("sparse.spsolve", options, ["left"]);
	return as("sparse.spsolve", () =>
		solveSparse(input, other, options.left ?? true),
	) as Tensor;
}
