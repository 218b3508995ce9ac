/** Products with matrices that may be left out (the identity) or sparse, and eigenvectors in order. */
import { eigh } from "../generated/linalg.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A X; X where there is no A. */
export function times(A: Tensor | null, X: Tensor): Tensor {
	return A === null ? X : A.matmul(X);
}

/** Sᵀ A S */
export function form(A: Tensor | null, S: Tensor): Tensor {
	return S.mT.matmul(times(A, S));
}

/** The Frobenius norm. */
export function lengthOf(X: Tensor): number {
	return Number(X.square().sum().sqrt().item());
}

/** Eigenvalues and eigenvectors of a small symmetric matrix, from the least on, or from the largest. */
export function eigenpairs(M: Tensor, largest: boolean): [Tensor, Tensor] {
	const [E, Z] = eigh(M, "U");
	return largest ? [E.flip(-1), Z.flip(-1)] : [E, Z];
}
