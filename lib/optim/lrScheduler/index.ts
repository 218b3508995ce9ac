/** Schedules of the learning rate: PyTorch's `torch.optim.lr_scheduler`. */

export {
	CosineAnnealingLR,
	type CosineAnnealingLROptions,
} from "./cosineAnnealingLR.ts";
export { LRScheduler, type SchedulerState } from "./lrScheduler.ts";
export {
	ReduceLROnPlateau,
	type ReduceLROnPlateauOptions,
} from "./reduceLROnPlateau.ts";
export { StepLR, type StepLROptions } from "./stepLR.ts";
