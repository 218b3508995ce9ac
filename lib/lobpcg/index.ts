/** Some eigenvalues of a large symmetric matrix, and their vectors: the largest or the least. */
import { as, checkTensor, type Optional, optional } from "../arguments.ts";
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
import { BasicIteration, type Given, OrthoIteration } from "./iteration.ts";
import type {
	LobpcgState,
	OrthoBparams,
	OrthoFparams,
	OrthoIparams,
} from "./state.ts";

export type {
	LobpcgState,
	OrthoBparams,
	OrthoFparams,
	OrthoIparams,
} from "./state.ts";

const methods = ["basic", "ortho"] as const;

export interface LobpcgOptions {
	/** How many pairs. Default: as many as X has columns, or 1. */
	k: number | null;
	/** Of A x = λ B x: positive definite, of A's shape. Default: the identity. */
	B: Tensor | null;
	/** A first guess at the vectors: [..., m, n], n at least k. Default: drawn from torch's random numbers. */
	X: Tensor | null;
	/** How many vectors are drawn where there is no X. Default: k. */
	n: number | null;
	/** Nearly A's inverse, as a preconditioner: [m, m] or A's shape. Method "basic" takes it. Default: the identity. */
	iK: Tensor | null;
	/** The most steps; -1: any number. Default: 1000. */
	niter: number | null;
	/** The residual at which a pair is found, of what it could be. Default: the root of the dtype's precision. */
	tol: number | null;
	/** The largest eigenvalues, or the least. Default: true. */
	largest: boolean | null;
	/** "ortho" keeps its vectors orthonormal, which is robust; "basic" (Knyazev's of 2001) has cheaper steps. Default: "ortho". */
	method: (typeof methods)[number] | null;
	/** Called after each step. Setting `state.bvars.forceStop` ends the iteration. Default: null. */
	tracker: ((state: LobpcgState) => void) | null;
	/** Bounds of method "ortho". */
	orthoIparams: OrthoIparams | null;
	orthoFparams: OrthoFparams | null;
	orthoBparams: OrthoBparams | null;
}

const defaults: LobpcgOptions = {
	k: null,
	B: null,
	X: null,
	n: null,
	iK: null,
	niter: null,
	tol: null,
	largest: null,
	method: null,
	tracker: null,
	orthoIparams: null,
	orthoFparams: null,
	orthoBparams: null,
};

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

/** The arguments, checked and with their defaults. */
interface Plan extends Pick<Given, "iK" | "iparams" | "fparams" | "bparams"> {
	X: Tensor | null;
	method: (typeof methods)[number];
	tracker: LobpcgOptions["tracker"];
}

/** The distances between 1 and the next number, as PyTorch rounds them here. */
const precisions: { readonly [dtype: string]: number } = {
	float32: 1.2e-7,
	float64: 2.23e-16,
};

function planOf(A: Tensor, given: LobpcgOptions): Plan {
	const op = "lobpcg";
	checkTensor(op, "A", A);
	const precision = precisions[A.dtype];
	if (precision === undefined)
		throw check.invalidValue(
			op,
			"A",
			`expected float32 or float64, got ${A.dtype}`,
		);
	const m = A.ndim < 2 ? -1 : A.size(-1);
	if (A.ndim < 2 || A.size(-2) !== m)
		throw check.invalidValue(
			op,
			"A",
			`expected square matrices, got shape [${A.shape.join(", ")}]`,
		);
	if (A.layout !== "strided" && A.ndim > 2)
		throw check.invalidValue(op, "A", "a sparse A is one matrix, not a batch");
	const { B, X, iK, tracker } = given;
	const batch = A.shape.slice(0, -2);
	if (B !== null) checkShape("B", A, B, A.shape);
	if (iK !== null) checkShape("iK", A, iK, iK.ndim === 2 ? [m, m] : A.shape);
	if (X !== null) {
		checkTensor(op, "X", X);
		checkShape("X", A, X, [...batch, m, X.ndim < 2 ? 1 : X.size(-1)]);
	}
	const most = Math.floor(m / 3);
	const k = given.k ?? X?.size(-1) ?? 1;
	check.integer(op, "k", k, { min: 1 });
	const n = X?.size(-1) ?? given.n ?? k;
	check.integer(op, "n", n, { min: 1 });
	if (n > most)
		throw check.invalidValue(
			op,
			given.n === null && X === null ? "k" : "n",
			`expected at most ${most} vectors for ${m} rows, a third of them, got ${n}`,
		);
	if (k > n)
		throw check.invalidValue(
			op,
			"k",
			`expected at most ${n} of ${n}, got ${k}`,
		);
	const niter = check.integer(op, "niter", given.niter ?? 1000, { min: -1 });
	if (niter === 0)
		throw check.invalidValue(op, "niter", "expected a step at least, or -1");
	const tol = check.number(op, "tol", given.tol ?? Math.sqrt(precision), {
		min: 0,
	});
	const method = check.oneOf(op, "method", given.method ?? "ortho", methods);
	if (tracker !== null) check.callable(op, "tracker", tracker);
	const largest = check.boolean(op, "largest", given.largest ?? true);
	const bounds = {
		orthoIparams: { orthoIMax: 3, orthoJMax: 3 },
		orthoFparams: { orthoTol: tol, orthoTolDrop: tol, orthoTolReplace: tol },
		orthoBparams: { orthoUseDrop: false },
	};
	const { orthoIMax, orthoJMax } = boundsOf(given, bounds, "orthoIparams");
	for (const [name, value] of Object.entries({ orthoIMax, orthoJMax }))
		check.integer(op, name, value, { min: 1 });
	const tolerances = boundsOf(given, bounds, "orthoFparams");
	for (const [name, value] of Object.entries(tolerances))
		check.number(op, name, value, { min: 0 });
	const { orthoUseDrop } = boundsOf(given, bounds, "orthoBparams");
	check.boolean(op, "orthoUseDrop", orthoUseDrop);
	return {
		X,
		iK,
		method,
		tracker,
		iparams: { m, n, k, niter, orthoIMax, orthoJMax },
		fparams: { tol, ...tolerances },
		bparams: { largest, orthoUseDrop },
	};
}

function checkShape(
	argument: string,
	A: Tensor,
	given: Tensor,
	shape: readonly number[],
): void {
	const op = "lobpcg";
	checkTensor(op, argument, given);
	const text = given.shape.join(", ");
	if (text !== shape.join(", "))
		throw check.invalidValue(
			op,
			argument,
			`expected shape [${shape.join(", ")}], got [${text}]`,
		);
	if (given.dtype !== A.dtype)
		throw check.invalidValue(
			op,
			argument,
			`expected ${A.dtype} like A, got ${given.dtype}`,
		);
}

interface Bounds {
	orthoIparams: Required<OrthoIparams>;
	orthoFparams: Required<OrthoFparams>;
	orthoBparams: Required<OrthoBparams>;
}

/** One of the objects of bounds, with its defaults. */
function boundsOf<Name extends keyof Bounds>(
	given: LobpcgOptions,
	fallback: Bounds,
	name: Name,
): Bounds[Name] {
	const own = given[name] ?? {};
	check.options("lobpcg", own, Object.keys(fallback[name]));
	const set = Object.entries(own).filter(([, value]) => value !== undefined);
	return { ...fallback[name], ...Object.fromEntries(set) } as Bounds[Name];
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
