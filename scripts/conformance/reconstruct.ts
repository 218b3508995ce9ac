/** What factors multiply to: of decompositions that are defined up to signs or phases, these are compared. */
import type { Tensor } from "../../lib/index.ts";

type Factors = readonly Tensor[];

/** U diag(S) Vᴴ */
const svd =
	(vIsAdjoint: boolean) =>
	([u, s, v]: Factors): Tensor =>
		times(columns(u, s), vIsAdjoint ? v : v?.mH);

/** V diag(L) Vᴴ */
const eigh = ([l, v]: Factors): Tensor => times(columns(v, l), v?.mH);

/** V diag(L) V⁻¹ */
const eig = ([l, v]: Factors): Tensor => times(columns(v, l), v?.inverse());

const qr = ([q, r]: Factors): Tensor => times(q, r);

function columns(vectors: Tensor | undefined, values: Tensor | undefined) {
	if (!vectors || !values) throw new Error("a factor is missing");
	const shown = values.to(vectors.dtype).unsqueeze(-2);
	return vectors.slice(-1, 0, values.shape.at(-1) ?? 0).mul(shown);
}

function times(a: Tensor | undefined, b: Tensor | undefined): Tensor {
	if (!a || !b) throw new Error("a factor is missing");
	return a.matmul(b.slice(-2, 0, a.shape.at(-1) ?? 0));
}

export const reconstruct: {
	readonly [op: string]: (factors: Factors) => Tensor;
} = {
	svd: svd(false),
	"linalg.svd": svd(true),
	svd_lowrank: svd(false),
	pca_lowrank: svd(false),
	"linalg.eigh": eigh,
	"linalg.eig": eig,
	"linalg.qr": qr,
	qr,
};
