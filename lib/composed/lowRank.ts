/** Decompositions of matrices: LU, and approximations of low rank by random projections. */
import { as, checkTensor, type Optional, optional } from "../arguments.ts";
import * as check from "../check.ts";
import { randn } from "../generated/functions.ts";
import { luFactorEx, qr, svd } from "../generated/linalg.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface LuOptions {
	/** Exchange rows. Default: true. */
	pivot: boolean;
	/** Also return, for each matrix, 0 or the row of the first zero on the diagonal, and do not throw. Default: false. */
	getInfos: boolean;
}

/**
 * The LU factorisation of matrices in one tensor, as `torch.luUnpack` and `torch.luSolve` take it.
 *
 * @returns [LU, pivots], with `getInfos` [LU, pivots, infos]
 * @throws TorchError where a matrix is singular, unless `getInfos`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lu.html
 */
export function lu(
	A: Tensor,
	...rest: Optional<LuOptions, ["pivot", "getInfos"]>
): Tensor[] {
	const defaults = { pivot: true, getInfos: false };
	const { pivot, getInfos } = optional("lu", defaults, rest);
	checkTensor("lu", "A", A);
	const [factors, pivots, infos] = as("lu", () =>
		luFactorEx(A, { pivot, checkErrors: !getInfos }),
	);
	return getInfos ? [factors, pivots, infos] : [factors, pivots];
}

/** A - M, which is never written out: A may be sparse, and M be broadcast. */
interface Difference {
	A: Tensor;
	M: Tensor | null;
}

const times = ({ A, M }: Difference, x: Tensor): Tensor =>
	minus(A.matmul(x), M?.matmul(x) ?? null);

const minus = (x: Tensor, y: Tensor | null): Tensor =>
	y === null ? x : x.sub(y);

const adjoint = ({ A, M }: Difference): Difference => ({
	A: A.layout === "strided" ? A.mH : A.transpose(-2, -1).conj(),
	M: M?.mH ?? null,
});

/** An orthonormal basis of nearly the range of A - M, of q vectors: algorithm 4.4 of Halko et al., 2009. */
function basisOf(matrix: Difference, q: number, niter: number): Tensor {
	const { dtype, device, shape } = matrix.A;
	const start = randn([shape.at(-1) as number, q], { dtype, device });
	let [Q] = qr(times(matrix, start));
	for (let i = 0; i < niter; i++) {
		[Q] = qr(times(adjoint(matrix), Q));
		[Q] = qr(times(matrix, Q));
	}
	return Q;
}

export interface SvdLowrankOptions {
	/** A little more than the rank. Default: 6. */
	q: number;
	/** Iterations that bring it nearer. Default: 2. */
	niter: number;
	/** Subtracted from A first, broadcast to it. Default: null. */
	M: Tensor | null;
}

/** U, S, V of A - M nearly; V is not the adjoint. */
export type LowRank = [U: Tensor, S: Tensor, V: Tensor];

/**
 * The singular value decomposition of a matrix of low rank, nearly: A ≈ U diag(S) Vᴴ. Draws from torch's random numbers.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.svd_lowrank.html (Halko et al., 2009, algorithm 5.1)
 *
 * @example
 * const [U, S, V] = torch.svdLowrank(torch.randn(100, 20), { q: 4 }); // [100, 4], [4], [20, 4]
 */
export function svdLowrank(
	A: Tensor,
	...rest: Optional<SvdLowrankOptions, ["q", "niter", "M"]>
): LowRank {
	const op = "svdLowrank";
	const defaults = { q: 6, niter: 2, M: null as Tensor | null };
	const { q, niter, M } = optional(op, defaults, rest);
	checkTensor(op, "A", A);
	check.integer(op, "q", q, { min: 0 });
	check.integer(op, "niter", niter, { min: 0 });
	return lowRank({ A, M: M?.broadcastTo(A.shape) ?? null }, q, niter);
}

function lowRank(matrix: Difference, q: number, niter: number): LowRank {
	const [rows = 0, columns = 0] = matrix.A.shape.slice(-2);
	const isWide = rows < columns;
	const tall = isWide ? adjoint(matrix) : matrix;
	const Q = basisOf(tall, q, niter);
	// Qᴴ (A - M), as ((A - M)ᴴ Q)ᴴ where A is sparse: it stands on the left only.
	const { A, M } = tall;
	const projected =
		A.layout === "strided"
			? minus(Q.mH.matmul(A), M === null ? null : Q.mH.matmul(M))
			: times(adjoint(tall), Q).mH;
	const [U, S, Vh] = svd(projected, false);
	const [left, right] = [Q.matmul(U), Vh.mH];
	return isWide ? [right, S, left] : [left, S, right];
}

export interface PcaLowrankOptions {
	/** A little more than the rank. Default: 6, or the smaller size where that is less. */
	q: number | null;
	/** Subtract the mean of each column. Default: true. */
	center: boolean;
	/** Iterations that bring it nearer. Default: 2. */
	niter: number;
}

/**
 * Principal components of a matrix whose rows are samples, nearly: V's columns are the directions, S² / (rows - 1) their variances.
 *
 * @throws TorchError where q is more than the smaller size
 * @see https://docs.pytorch.org/docs/stable/generated/torch.pca_lowrank.html
 *
 * @example
 * const [, , V] = torch.pcaLowrank(torch.randn(100, 5), { q: 2 });
 */
export function pcaLowrank(
	A: Tensor,
	...rest: Optional<PcaLowrankOptions, ["q", "center", "niter"]>
): LowRank {
	const op = "pcaLowrank";
	const defaults = { q: null as number | null, center: true, niter: 2 };
	const { q, center, niter } = optional(op, defaults, rest);
	checkTensor(op, "A", A);
	const smaller = Math.min(...A.shape.slice(-2));
	const rank = q ?? Math.min(6, smaller);
	check.integer(op, "q", rank, { min: 0, max: smaller });
	check.integer(op, "niter", niter, { min: 0 });
	if (!center) return lowRank({ A, M: null }, rank, niter);
	if (A.layout === "strided")
		return lowRank({ A: A.sub(A.mean(-2, true)), M: null }, rank, niter);
	const rows = A.shape.at(-2) as number;
	const means = A.sum(-2, true).toDense().div(rows);
	return lowRank({ A, M: means.broadcastTo(A.shape) }, rank, niter);
}
