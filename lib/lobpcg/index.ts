/** Some eigenvalues of a large symmetric matrix, and their vectors: the largest or the least. */
import { as, type Optional, optional } from "../arguments.ts";
import {
	AutogradFunction,
	type FunctionCtx,
	type FunctionGradients,
} from "../autograd/function.ts";
import { noGrad } from "../autograd/modes.ts";
import * as check from "../check.ts";
import { randn, stack } from "../generated/functions.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gradientOf } from "./gradient.ts";
import { BasicIteration, OrthoIteration } from "./iteration.ts";
import { defaults, type LobpcgOptions, type Plan, planOf } from "./plan.ts";

export type { LobpcgOptions } from "./plan.ts";
export type {
	LobpcgState,
	OrthoBparams,
	OrthoFparams,
	OrthoIparams,
} from "./state.ts";

/** Eigenvalues [..., k] and eigenvectors [..., m, k], the first ones first. */
export type Eigen = [E: Tensor, X: Tensor];

/**
 * The k largest (or least) eigenvalues of a symmetric matrix and their vectors, by products with it alone: locally optimal block
 * preconditioned conjugate gradients. For large, also sparse matrices; `torch.linalg.eigh` finds all pairs of small ones.
 *
 * Gradients go to a dense A where there is no B; they are symmetric, as A is taken to be.
 *
 * @param A float32 or float64, [..., m, m], m at least 3 n; or sparse, [m, m]
 * @returns [E, X]: eigenvalues [..., k], eigenvectors [..., m, k]
 * @throws TorchError where A is too small for n vectors; with method "basic" also where they become dependent
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lobpcg.html (Knyazev, 2001; Stathopoulos and Wu, 2002; Duersch et al., 2018)
 *
 * @example
 * const A = torch.diag(torch.arange(1, 101, { dtype: "float64" }));
 * const [E, X] = torch.lobpcg(A, 3); // [100, 99, 98], [100, 3]
 * torch.lobpcg(A.toSparse(), { k: 2, largest: false });
 */
export function lobpcg(
	A: Tensor,
	...rest: Optional<
		LobpcgOptions,
		[
			...["k", "B", "X", "n", "iK", "niter", "tol", "largest", "method"],
			...["tracker", "orthoIparams", "orthoFparams", "orthoBparams"],
		]
	>
): Eigen {
	const given = optional("lobpcg", defaults, rest);
	const plan = planOf(A, given);
	const { B } = given;
	if (!A.requiresGrad && !B?.requiresGrad)
		return noGrad(() => find(plan, A, B));
	const symmetric = (M: Tensor) => M.add(M.transpose(-2, -1)).div(2);
	return LOBPCGAutogradFunction.apply(
		symmetric(A),
		B === null ? null : symmetric(B),
		plan,
	);
}

/** The pairs of each matrix of a batch in turn. */
function find(plan: Plan, A: Tensor, B: Tensor | null): Eigen {
	const batch = A.shape.slice(0, -2);
	if (batch.length === 0) return findOne(plan, A, B, {});
	const { m, k } = plan.iparams;
	const flat = (M: Tensor | null) =>
		M === null || M.ndim === 2 ? null : M.flatten(0, -3).unbind(0);
	const [Bs, Xs, iKs] = [flat(B), flat(plan.X), flat(plan.iK)];
	const found = (flat(A) ?? []).map((each, i) => {
		const X = Xs?.[i] ?? plan.X;
		const iK = iKs?.[i] ?? plan.iK;
		return findOne({ ...plan, X, iK }, each, Bs?.[i] ?? null, {
			batchIndex: i,
		});
	});
	if (found.length === 0)
		return [A.newEmpty([...batch, k]), A.newEmpty([...batch, m, k])];
	return [
		stack(found.map(([E]) => E)).reshape([...batch, k]),
		stack(found.map(([, X]) => X)).reshape([...batch, m, k]),
	];
}

function findOne(
	{ iK, iparams, fparams, bparams, method, tracker, ...given }: Plan,
	A: Tensor,
	B: Tensor | null,
	place: { batchIndex?: number },
): Eigen {
	const { m, n, k } = iparams;
	const { dtype, device } = A;
	const X = given.X?.detach() ?? randn([m, n], { dtype, device });
	const own = { ...iparams, ...place };
	const start = { A, B, iK, X, iparams: own, fparams, bparams };
	const Method = method === "ortho" ? OrthoIteration : BasicIteration;
	return as("lobpcg", () => {
		const iteration = new Method("lobpcg", start);
		iteration.run(tracker);
		return [iteration.E.narrow(0, 0, k), iteration.X.narrow(1, 0, k)];
	});
}

class LOBPCGAutogradFunction extends AutogradFunction {
	static forward(
		ctx: FunctionCtx,
		A: Tensor,
		B: Tensor | null,
		plan: Plan,
	): Eigen {
		const [E, X] = find(plan, A, B);
		ctx.saveForBackward(A, B, E, X);
		return [E, X];
	}

	static backward(
		ctx: FunctionCtx,
		forE: Tensor,
		forX: Tensor,
	): FunctionGradients {
		const [A, B, D, U] = ctx.savedTensors as [
			Tensor,
			Tensor | null,
			Tensor,
			Tensor,
		];
		const refused =
			B !== null ? "with a B" : A.layout !== "strided" ? "to a sparse A" : null;
		if (refused !== null)
			throw check.invalidValue(
				"lobpcg",
				B !== null ? "B" : "A",
				`there is no gradient ${refused}; detach what needs none`,
			);
		return [
			as("lobpcg", () => gradientOf({ A, D, U }, forE, forX)),
			null,
			null,
		];
	}
}
