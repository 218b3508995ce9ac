/** torch.sparse */
export {
	type AddmmOptions,
	addmm,
	logSoftmax,
	mm,
	type SumOptions,
	sampledAddmm,
	softmax,
	spdiags,
	spsolve,
	sum,
} from "./operations.ts";
