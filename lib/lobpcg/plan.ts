/** The arguments of lobpcg. */
import { checkTensor } from "../arguments.ts";
import * as check from "../check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Given } from "./iteration.ts";
import type {
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

export const defaults: LobpcgOptions = {
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

/** The arguments, checked and with their defaults. */
export interface Plan
	extends Pick<Given, "iK" | "iparams" | "fparams" | "bparams"> {
	X: Tensor | null;
	method: (typeof methods)[number];
	tracker: LobpcgOptions["tracker"];
}

/** The distances between 1 and the next number, as PyTorch rounds them here. */
const precisions: { readonly [dtype: string]: number } = {
	float32: 1.2e-7,
	float64: 2.23e-16,
};

export function planOf(A: Tensor, given: LobpcgOptions): Plan {
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
