/** The derivative of eigenpairs of a symmetric matrix, of which only some may be there. */
import { cat, diagEmbed, eye } from "../generated/functions.ts";
import { solve } from "../generated/linalg.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A symmetric matrix [..., m, m], eigenvalues D [..., k] of it and their vectors U [..., m, k]. */
export interface Eigenpairs {
	A: Tensor;
	D: Tensor;
	U: Tensor;
}

/**
 * dL/dA for dL/dD and dL/dU, not symmetric yet. A change dA moves an eigenvector uᵢ by Σⱼ uⱼ (uⱼᵀ dA uᵢ) / (dᵢ - dⱼ) among the others that
 * are there, and by (dᵢ - A)⁻¹ dA uᵢ in the space of those that are not. Made of operators alone, so it can be differentiated itself.
 */
export function gradientOf(
	{ A, D, U }: Eigenpairs,
	forD: Tensor,
	forU: Tensor,
): Tensor {
	const { dtype, device } = A;
	const k = D.size(-1);
	const inside = U.mT.matmul(forU);
	const diagonal = eye(k, { dtype, device });
	const gaps = D.unsqueeze(-2).sub(D.unsqueeze(-1)); // dᵢ - dⱼ in row j
	const factors = gaps.add(diagonal).reciprocal().sub(diagonal);
	const gradient = U.matmul(diagEmbed(forD).add(inside.mul(factors))).matmul(
		U.mT,
	);
	if (k === U.size(-2)) return gradient;
	const outside = outsideOf({ A, D, U }, forU.sub(U.matmul(inside)));
	return gradient.add(outside.matmul(U.mT));
}

/** (dᵢ - A)⁻¹ times column i of `columns`, which are orthogonal to U, for each i. */
function outsideOf({ A, D, U }: Eigenpairs, columns: Tensor): Tensor {
	const { dtype, device } = A;
	const known = U.matmul(U.mT);
	const others = eye(U.size(-2), { dtype, device }).sub(known);
	// Within the space of U, where dᵢ - A has no inverse, any number will do: this one is of A's size.
	const size = D.abs().amax(-1).clampMin(1e-30).detach();
	const rest = U.mul(D.add(size.unsqueeze(-1)).unsqueeze(-2))
		.matmul(U.mT)
		.sub(A);
	const solved = D.unbind(-1).map((value, i) => {
		const shifted = others.mul(value.unsqueeze(-1).unsqueeze(-1)).add(rest);
		return solve(shifted, columns.narrow(-1, i, 1));
	});
	return others.matmul(cat(solved, -1));
}
