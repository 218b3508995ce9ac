/** Averages of weights: PyTorch's `torch.optim.swa_utils`. */

export { AveragedModel, type AveragedModelOptions } from "./averagedModel.ts";
export {
	type AverageFn,
	getEmaAvgFn,
	getEmaMultiAvgFn,
	getSwaAvgFn,
	getSwaMultiAvgFn,
	type MultiAverageFn,
} from "./averages.ts";
export { SWALR, type SWALROptions } from "./swaLR.ts";
export { updateBn } from "./updateBn.ts";
