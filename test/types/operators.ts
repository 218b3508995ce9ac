/** What the compiler accepts and refuses of `out`, of functions in place, and of those that are composed. Checked by `tsc -p test`; never run. */
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
type Equal<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
		? true
		: false;
const holds = <_T extends true>(): void => {};

declare const x: Tensor;
declare const i: Tensor;

// ---- out

torch.add(x, 1, { out: x, alpha: 2 });
torch.max(x, 1, { out: [x, i] });
torch.zeros(2, 3, { out: x });
torch.norm(x, { p: 1, out: x });
// @ts-expect-error: one result
torch.abs(x, { out: [x, x] });
// @ts-expect-error: two results
torch.max(x, 1, { out: x });
// @ts-expect-error: methods write to no other tensor
x.add(1, { out: x });
// @ts-expect-error: a view has no such form
torch.transpose(x, 0, 1, { out: x });

// ---- in place

torch.relu_(x);
torch.clamp_(x, 0, 1);
// @ts-expect-error: PyTorch has this as a method only
torch.add_(x, 1);

// ---- several results

const values = torch.unique(x);
const counted = torch.unique(x, { returnCounts: true });
const all = x.unique({ returnInverse: true, returnCounts: true });
holds<Equal<typeof values, Tensor>>();
holds<Equal<typeof counted, [values: Tensor, counts: Tensor]>>();
holds<Equal<typeof all, [values: Tensor, inverse: Tensor, counts: Tensor]>>();
// @ts-expect-error: an unknown name
torch.unique(x, { counts: true });
const places = torch.nonzero(x);
const listed = torch.nonzero(x, { asTuple: true });
holds<Equal<typeof places, Tensor>>();
holds<Equal<typeof listed, Tensor[]>>();
const [U, S, V] = torch.svdLowrank(x, 4, { niter: 1 });
U.matmul(S.diag()).matmul(V.mH);

const [E, vectors] = torch.lobpcg(x, 3, { largest: false, method: "basic" });
E.add(vectors);
torch.lobpcg(x, {
	tracker: ({ ivars, bvars }) => {
		bvars.forceStop = ivars.istep > 3;
	},
	orthoIparams: { orthoIMax: 5 },
});
// @ts-expect-error: no such method
torch.lobpcg(x, { method: "fast" });
// @ts-expect-error: no such bound
torch.lobpcg(x, { orthoIparams: { orthoTol: 1 } });
torch.nested.narrow(x, 1, [0, 1], i);
torch.nested.nestedTensorFromJagged(x, { lengths: [2, 3] });
// @ts-expect-error: integers
torch.nested.nestedTensorFromJagged(x, ["2"]);

// ---- forms of arguments

torch.norm(x, "nuc", [0, 1], true);
x.norm({ p: 2, dim: 1, dtype: torch.float64 });
// @ts-expect-error: no such norm
torch.norm(x, "max");
torch.einsum("ij,jk->ik", x, x);
torch.einsum("ij,jk->ik", [x, x], { path: [0, 1] });
torch.einsum(x, [0, 1], x, [1, 2]);
// @ts-expect-error: no operand
torch.einsum("i", 3);
torch.meshgrid(x, x, { indexing: "xy" });
torch.meshgrid([x, x]);
// @ts-expect-error: rows first or columns first
torch.meshgrid(x, { indexing: "yx" });
torch.tensordot(x, x, [[0], [1]]);
torch.cdist(x, x, { computeMode: "donot_use_mm_for_euclid_dist" });
// @ts-expect-error: words only
torch.cdist(x, x, { computeMode: 1 });
x.to("cpu", "float64", true, true, { memoryFormat: torch.channelsLast });
x.to("float64", false, true);
// @ts-expect-error: a dtype has no dtype after it
x.to("float64", "float32");
x.T.mH;
// @ts-expect-error: an attribute, as in Python
x.mT();
torch.masked.sum(x, 0, { mask: i, keepdim: true });
torch.masked.var(x, { correction: 0 });
// @ts-expect-error: a tensor of booleans
torch.masked.sum(x, { mask: [true] });
const masked = torch.masked.maskedTensor(x, i, { requiresGrad: true });
const less = masked.sin().add(masked).sum(1, true, { dtype: "float64" });
holds<Equal<typeof less, torch.masked.MaskedTensor>>();
holds<Equal<typeof masked.grad, torch.masked.MaskedTensor | null>>();
less.toTensor(0).add(x);
// @ts-expect-error: it is no Tensor
torch.add(masked, 1);
// @ts-expect-error: what does not make sense with a mask is not there
masked.matmul(masked);
// @ts-expect-error: a mask is needed
torch.masked.maskedTensor(x);
torch.signal.windows.generalCosine(8, { a: [0.5, 0.5] });
// @ts-expect-error: its factors are needed
torch.signal.windows.generalCosine(8);
torch.sparseCsrTensor([0, 1], [0], [2.5], [1, 1], { dtype: "float64" });
// @ts-expect-error: the layout is needed
torch.sparseCompressedTensor([0, 1], [0], [2.5], [1, 1], {});
torch.sparse.mm(x, x, "mean");
// @ts-expect-error: no such reduction
torch.sparse.mm(x, x, "median");

// ---- mixed precision and switches

const half = torch.autocast("cpu", { dtype: "float16" }, () => x.matmul(x));
holds<Equal<typeof half, Tensor>>();
// @ts-expect-error: no such device has it
torch.autocast("meta");
// @ts-expect-error: it computes in bfloat16 or float16
torch.autocast("cpu", { dtype: "float64" });
// @ts-expect-error: three words only
torch.setFloat32MatmulPrecision("low");
// @ts-expect-error: on or off
torch.backends.cudnn.benchmark = 1;
// @ts-expect-error: an unknown option
new torch.GradScaler("cuda", { scale: 2 });
// @ts-expect-error: it takes nothing else
x.abs(1);
