/** The iteration of LOBPCG for one matrix. */
import * as check from "../check.ts";
import { cat, zeros } from "../generated/functions.ts";
import { cholesky, qr, solveTriangular } from "../generated/linalg.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { orthonormal } from "./orthonormal.ts";
import { eigenpairs, form, lengthOf, times } from "./products.ts";
import type { LobpcgState } from "./state.ts";

/** What is given at the start. */
export type Given = Pick<
	LobpcgState,
	"A" | "B" | "iK" | "X" | "iparams" | "fparams" | "bparams"
>;

/** Each step solves the eigenproblem within a small space S = [X, P, W]: the vectors so far, the last step's directions, the residuals'. */
export abstract class Iteration implements LobpcgState {
	readonly A: Tensor;
	readonly B: Tensor | null;
	readonly iK: Tensor | null;
	readonly iparams: LobpcgState["iparams"];
	readonly fparams: LobpcgState["fparams"];
	readonly bparams: LobpcgState["bparams"];
	readonly ivars: LobpcgState["ivars"];
	readonly fvars: LobpcgState["fvars"];
	readonly bvars: LobpcgState["bvars"] = {};
	readonly tvars: LobpcgState["tvars"];
	E: Tensor;
	X: Tensor;
	R: Tensor;
	S: Tensor;
	protected readonly op: string;

	constructor(op: string, given: Given) {
		this.op = op;
		const { A, B, iK, X } = given;
		this.A = A;
		this.B = B;
		this.iK = iK;
		this.X = X;
		this.iparams = given.iparams;
		this.fparams = given.fparams;
		this.bparams = given.bparams;
		const { dtype, device } = X;
		const { m, n, niter } = given.iparams;
		this.E = zeros([n], { dtype, device });
		this.R = zeros([m, n], { dtype, device });
		this.S = X;
		this.ivars = {
			istep: 0,
			iterationsLeft: niter,
			convergedCount: 0,
			convergedEnd: 0,
		};
		const xNorm = lengthOf(X);
		this.fvars = {
			xNorm,
			aNorm: lengthOf(times(A, X)) / xNorm,
			bNorm: lengthOf(times(B, X)) / xNorm,
		};
		this.tvars = { rerr: zeros([n], { dtype, device }) };
	}

	/** The first step has no directions yet. */
	protected abstract begin(): void;
	protected abstract step(): void;

	run(tracker: ((state: LobpcgState) => void) | null): void {
		const { ivars, iparams } = this;
		do {
			if (ivars.istep === 0) this.begin();
			else this.step();
			ivars.iterationsLeft--;
			ivars.istep++;
			tracker?.(this);
		} while (
			!this.bvars.forceStop &&
			ivars.iterationsLeft !== 0 &&
			ivars.convergedCount < iparams.k
		);
	}

	/** The residuals, and how many of the first pairs have converged: Duersch et al., 2018, section 4.3. */
	protected measure(): void {
		const { A, B, X, E, ivars, fvars } = this;
		this.R = times(A, X).sub(times(B, X).mul(E));
		const norm = (M: Tensor) => M.square().sum(0).sqrt();
		const possible = E.abs().mul(fvars.bNorm).add(fvars.aNorm).mul(norm(X));
		this.tvars.rerr = norm(this.R).div(possible);
		const left = this.tvars.rerr.lt(this.fparams.tol).tolist() as boolean[];
		const first = left.indexOf(false);
		const count = first < 0 ? left.length : first;
		if (count < ivars.convergedCount)
			throw check.invalidValue(
				this.op,
				"",
				`of ${ivars.convergedCount} converged pairs ${count} are left: tol is too small for ${X.dtype}`,
			);
		ivars.convergedCount = count;
	}

	/** S for the next step. */
	protected search(...parts: readonly Tensor[]): void {
		this.S = cat([this.X, ...parts], 1);
		this.ivars.convergedEnd = this.S.size(1);
	}

	/** S without what has converged. */
	protected get active(): Tensor {
		const { convergedCount, convergedEnd } = this.ivars;
		return this.S.narrow(1, convergedCount, convergedEnd - convergedCount);
	}

	/** New values and vectors in place of those that have not converged. */
	protected replace(values: Tensor, vectors: Tensor): void {
		const { convergedCount } = this.ivars;
		const count = this.iparams.n - convergedCount;
		this.E = cat([
			this.E.narrow(0, 0, convergedCount),
			values.narrow(0, 0, count),
		]);
		this.X = cat([this.X.narrow(1, 0, convergedCount), vectors], 1);
	}

	/** The residuals of what has not converged. */
	protected get residuals(): Tensor {
		const { convergedCount } = this.ivars;
		return this.R.narrow(1, convergedCount, this.iparams.n - convergedCount);
	}

	/**
	 * Ri with Riᵀ (Sᵀ B S) Ri = I, upper triangular: of Sᵀ A S C = Sᵀ B S C E it makes a plain eigenproblem (Duersch et al., 2018). The
	 * diagonal is scaled to ones first.
	 */
	protected transform(S: Tensor): Tensor {
		const SBS = form(this.B, S);
		const scale = SBS.diagonal().pow(-0.5);
		const scaled = SBS.mul(scale.unsqueeze(0)).mul(scale.unsqueeze(1));
		const factor = cholesky(scaled, { upper: true });
		return solveTriangular(factor, scale.diag(), {
			upper: true,
			left: false,
		});
	}

	/** The eigenproblem within S: values, and vectors in terms of S. */
	protected within(S: Tensor): [E: Tensor, C: Tensor] {
		const Ri = this.transform(S);
		const M = Ri.mT.matmul(form(this.A, S)).matmul(Ri);
		const [E, Z] = eigenpairs(M, this.bparams.largest);
		return [E, Ri.matmul(Z)];
	}
}

/** Knyazev's method of 2001. Its Cholesky factor may not exist where the columns of S become nearly dependent. */
export class BasicIteration extends Iteration {
	protected override begin(): void {
		const [E, C] = this.within(this.X);
		this.X = this.X.matmul(C);
		this.E = E;
		this.measure();
		this.search(times(this.iK, this.R));
	}

	protected override step(): void {
		const S = this.active;
		const [E, C] = this.within(S);
		const { n } = this.iparams;
		const count = n - this.ivars.convergedCount;
		// Where most pairs have converged, S has no more than n columns, and there are no directions.
		const from = Math.min(n, C.size(1));
		const P = S.matmul(C.narrow(1, from, Math.min(count, C.size(1) - from)));
		this.replace(E, S.matmul(C.narrow(1, 0, count)));
		this.measure();
		this.search(P, times(this.iK, this.residuals));
	}
}

/** The method with a basis that is orthonormal in B, by Stathopoulos and Wu, 2002. */
export class OrthoIteration extends Iteration {
	protected override begin(): void {
		const [, C] = this.within(this.X);
		this.X = this.X.matmul(C);
		this.measure();
		this.search(this.directions(this.R, this.X));
	}

	protected override step(): void {
		const S = this.active;
		const { n } = this.iparams;
		const count = n - this.ivars.convergedCount;
		const [E, Z] = eigenpairs(form(this.A, S), this.bparams.largest);
		const others = Z.narrow(1, count, Z.size(1) - count);
		const [basis] = qr(others.narrow(0, 0, count).mT);
		const P = S.matmul(others.matmul(basis));
		this.replace(E, S.matmul(Z.narrow(1, 0, count)));
		this.measure();
		const known = cat([this.X, P], 1);
		this.search(P, this.directions(this.residuals, known));
	}

	/** Residuals made orthonormal, and orthogonal to what is there. */
	private directions(residuals: Tensor, known: Tensor): Tensor {
		const found = orthonormal(this.op, this, residuals, known);
		this.ivars.orthoI = found.orthoI;
		this.ivars.orthoJ = found.orthoJ;
		return found.U;
	}
}
