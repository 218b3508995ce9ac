/** Orthonormal bases in the inner product of B: Duersch, 2015, after Stathopoulos and Wu, 2002. */
import * as check from "../check.ts";
import { eye } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { eigenpairs, form, lengthOf, times } from "./products.ts";
import type { LobpcgState } from "./state.ts";

/** The columns of a matrix of two dimensions for which `keep` [columns] is true. */
function columns(M: Tensor, keep: Tensor): Tensor {
	return M.indexSelect(1, keep.nonzero().flatten());
}

/**
 * Columns that span what U's do, with Uᵀ B U = I, by the eigenvectors of Uᵀ B U (algorithm 4). Parts smaller than `tau` of the largest are
 * dropped, or count as that.
 */
function svqb(
	B: Tensor | null,
	given: Tensor,
	drop: boolean,
	tau: number,
): Tensor {
	let U = given;
	if (U.numel() === 0) return U;
	let UBU = form(B, U);
	const isThere = UBU.diagonal().ne(0);
	if (!isThere.all().item()) {
		U = columns(U, isThere);
		if (U.numel() === 0) return U;
		UBU = form(B, U);
	}
	const scale = UBU.diagonal().pow(-0.5);
	let [E, Z] = eigenpairs(
		UBU.mul(scale.unsqueeze(1)).mul(scale.unsqueeze(0)),
		false,
	);
	const least = E.abs().max().mul(tau);
	if (drop) {
		const keep = E.gt(least);
		E = E.maskedSelect(keep);
		Z = columns(Z, keep);
	} else E = E.maximum(least);
	return U.mul(scale).matmul(Z.mul(E.pow(-0.5)));
}

/** What `orthonormal` needs of an iteration. */
type Settings = Pick<LobpcgState, "B" | "iparams" | "fparams" | "bparams">;

/** New vectors, and the rounds that they took. */
export interface Orthonormal {
	U: Tensor;
	orthoI: number;
	orthoJ: number;
}

/**
 * Columns that span what U's do as far as that is not in V, with Uᵀ B U = I and Vᵀ B U = 0 (algorithm 3, or 6 where vectors may be dropped):
 * none where all lie in V.
 */
export function orthonormal(
	op: string,
	{ B, iparams, fparams, bparams }: Settings,
	given: Tensor,
	V: Tensor,
): Orthonormal {
	const { orthoTol, orthoTolDrop, orthoTolReplace } = fparams;
	const lengthOfV = lengthOf(times(B, V));
	let U = given;
	let overlap = V.mT.matmul(times(B, U));
	let i = 0;
	let j = 0;
	for (; i < iparams.orthoIMax; i++) {
		U = U.sub(V.matmul(overlap));
		for (j = 0; j < iparams.orthoJMax; j++) {
			const mayDrop = bparams.orthoUseDrop && j > 0;
			const tau =
				bparams.orthoUseDrop && j === 0 ? orthoTolDrop : orthoTolReplace;
			U = svqb(B, U, mayDrop, tau);
			if (U.numel() === 0) return { U, orthoI: i, orthoJ: j };
			const BU = times(B, U);
			const { dtype, device } = U;
			const identity = eye(U.size(1), { dtype, device });
			const missing = lengthOf(U.mT.matmul(BU).sub(identity));
			if (missing < orthoTol * lengthOf(BU) * lengthOf(U)) break;
		}
		overlap = V.mT.matmul(times(B, U));
		if (lengthOf(overlap) < orthoTol * lengthOfV * lengthOf(U)) break;
		if (iparams.m < U.size(1) + V.size(1))
			throw check.invalidValue(
				op,
				"n",
				`${U.size(1)} new vectors and ${V.size(1)} others cannot be orthogonal in ${iparams.m} dimensions`,
			);
	}
	const last = (round: number, most: number) => Math.min(round, most - 1);
	return {
		U,
		orthoI: last(i, iparams.orthoIMax),
		orthoJ: last(j, iparams.orthoJMax),
	};
}
