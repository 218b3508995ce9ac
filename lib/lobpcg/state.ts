/** What an iteration of LOBPCG has, for itself and for those who watch it. */
import type { Tensor } from "../tensor/tensor.ts";

export interface OrthoIparams {
	/** How often new vectors are made orthogonal to the others, at most. Default: 3. */
	orthoIMax?: number | undefined;
	/** How often they are made orthonormal each time, at most. Default: 3. */
	orthoJMax?: number | undefined;
}

export interface OrthoFparams {
	/** What of orthogonality may be missing, of the vectors' norms. Default: `tol`. */
	orthoTol?: number | undefined;
	/** Where `orthoUseDrop`: vectors of a smaller part than this are dropped. Default: `tol`. */
	orthoTolDrop?: number | undefined;
	/** Smaller parts than this count as this. Default: `tol`. */
	orthoTolReplace?: number | undefined;
}

export interface OrthoBparams {
	/** Drop new vectors that hardly differ from the others, rather than blow up what is left of them. Default: false. */
	orthoUseDrop?: boolean | undefined;
}

/** What a `tracker` sees after each step: PyTorch's names, in camelCase. Tensors are new in each step. */
export interface LobpcgState {
	readonly A: Tensor;
	readonly B: Tensor | null;
	readonly iK: Tensor | null;
	readonly iparams: {
		readonly m: number;
		readonly n: number;
		readonly k: number;
		readonly niter: number;
		/** Which matrix of a batch it is. */
		readonly batchIndex?: number;
	} & Readonly<Required<OrthoIparams>>;
	readonly fparams: { readonly tol: number } & Readonly<Required<OrthoFparams>>;
	readonly bparams: { readonly largest: boolean } & Readonly<
		Required<OrthoBparams>
	>;
	/** Eigenvalues so far: [n]. */
	readonly E: Tensor;
	/** Eigenvectors so far: [m, n]. */
	readonly X: Tensor;
	/** A X - B X diag(E): [m, n]. */
	readonly R: Tensor;
	/** The vectors that the next step looks in, those of X first: [m, convergedEnd]. */
	readonly S: Tensor;
	readonly ivars: {
		/** Steps done. */
		istep: number;
		iterationsLeft: number;
		/** How many of the first pairs need no more steps. */
		convergedCount: number;
		convergedEnd: number;
		/** Rounds that the last vectors took to become orthogonal, and orthonormal. */
		orthoI?: number;
		orthoJ?: number;
	};
	/** The norms of X, and of A X and B X in its terms. */
	readonly fvars: { xNorm: number; aNorm: number; bNorm: number };
	/** With `forceStop` set, the iteration ends with this step. */
	readonly bvars: { forceStop?: boolean };
	/** Each pair's residual, in terms of what it could be: [n]. */
	readonly tvars: { rerr: Tensor };
}
