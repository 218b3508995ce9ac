/** Schedules of the learning rate: PyTorch's `torch.optim.lr_scheduler`. */

export type { EpochOptions } from "./arguments.ts";
export { ChainedScheduler } from "./chainedScheduler.ts";
export type { StepScheduler } from "./composed.ts";
export { ConstantLR, type ConstantLROptions } from "./constantLR.ts";
export {
	CosineAnnealingLR,
	type CosineAnnealingLROptions,
} from "./cosineAnnealingLR.ts";
export {
	CosineAnnealingWarmRestarts,
	type CosineAnnealingWarmRestartsOptions,
} from "./cosineAnnealingWarmRestarts.ts";
export { CyclicLR, type CyclicLROptions } from "./cyclicLR.ts";
export { EpochScheduler } from "./epochScheduler.ts";
export { ExponentialLR } from "./exponentialLR.ts";
export { LambdaLR, MultiplicativeLR } from "./lambdaLR.ts";
export { LinearLR, type LinearLROptions } from "./linearLR.ts";
export {
	LRScheduler,
	type SchedulerState,
	type SchedulerValue,
} from "./lrScheduler.ts";
export { MultiStepLR, type MultiStepLROptions } from "./multiStepLR.ts";
export { OneCycleLR, type OneCycleLROptions } from "./oneCycleLR.ts";
export { PolynomialLR, type PolynomialLROptions } from "./polynomialLR.ts";
export {
	ReduceLROnPlateau,
	type ReduceLROnPlateauOptions,
} from "./reduceLROnPlateau.ts";
export { SequentialLR } from "./sequentialLR.ts";
export { StepLR, type StepLROptions } from "./stepLR.ts";
