/** Functions of `torch` that PyTorch writes in Python, composed of operators. */
export { chooseQparamsOptimized } from "./chooseQparams.ts";
export {
	type LowRank,
	type LuOptions,
	lu,
	type PcaLowrankOptions,
	pcaLowrank,
	type SvdLowrankOptions,
	svdLowrank,
} from "./lowRank.ts";
export { nativeBatchNorm, nativeGroupNorm } from "./nativeNorms.ts";
export { type NonzeroOptions, nonzero } from "./nonzero.ts";
export { type NormOptions, norm } from "./norm.ts";
export {
	type CdistOptions,
	cdist,
	type EinsumOptions,
	einsum,
	type Sublist,
	type TensordotDims,
	tensordot,
} from "./products.ts";
export { broadcastShapes, unravelIndex } from "./shapes.ts";
export {
	type Unique,
	type UniqueConsecutiveOptions,
	type UniqueOptions,
	unique,
	uniqueConsecutive,
} from "./unique.ts";
export {
	atleast1d,
	atleast2d,
	atleast3d,
	blockDiag,
	broadcastTensors,
	cartesianProd,
	chainMatmul,
	type MeshgridOptions,
	meshgrid,
	type Tensors,
} from "./variadic.ts";
